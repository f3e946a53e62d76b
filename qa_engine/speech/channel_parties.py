"""What was said on a side and what only leaked into it: two channels are no proof of one party per channel.

A loud party is heard on the other side too (a headset's echo, a crossed line), and a recogniser writes the leaked
words down under the wrong name. Such words stand on both sides at the same time. Where the copies are told apart by
their loudness the weaker one is dropped; a few words that both really say at once ("bye") are about equally loud.

Not told apart here: a third voice on one side (a colleague who listens in, a second customer). That needs a diarizer
run over the one channel, with its labels in place of ``channel 1``: `assign_roles` takes any number of labels. Of such
voices only announcements are known, by their words and because they repeat (`machine_voices`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice, takewhile
from typing import Protocol

from qa_engine.domain.audio_event import Activity, AudioEvents
from qa_engine.domain.spans import Span, intersect_spans, merge_spans, total_duration
from qa_engine.domain.transcript import LEAKED, Utterance, Word

__all__ = ["Levels", "drop_bleed"]

TOGETHER = 0.6  # seconds between the copies of a word: 0.3 s of error in its time at either side; an echo lags by 0.25
ALIKE = 75.0  # similarity, 0..100, of two recognitions of one word; the weaker one is recognised worse
MANY = 4  # words in a row on both sides at once: nobody says as much in chorus
WEAKER_DB = 3.0  # dB by which the weaker copy of many words is weaker; sides differ more than that
BLEED_DB = 12.0  # dB: a few words so far below the other side's are its echo (usual: 20 to 30 dB; `audio.channels`)
OWN_LEVEL_DB = 6.0  # dB below the side's usual level; nearer to it the words are its own, however quiet its line is
OWN_SHARE = 0.5  # share of words that lies in the side's own speech: less is echo, which the sound analysis left out
DOUBTED = 0.5  # confidence of the copy that is kept where neither is weaker


class Levels(Protocol):
    """Tells how loud a channel is (`qa_engine.audio.loudness`)."""

    def level_db(self, channel: int, span: Span) -> float:
        """The mean level in a span, dB relative to full scale."""
        ...


@dataclass(frozen=True, slots=True)
class _Place:
    """A word of an utterance, by the numbers of both."""

    utterance: int
    word: int


@dataclass(frozen=True, slots=True)
class _Copy:
    """A run of words of one utterance, and the span of the same words on the other side."""

    places: tuple[_Place, ...]
    channel: int
    span: Span
    other: Span


def drop_bleed(
    utterances: Sequence[Utterance], events: AudioEvents, measure_levels: Callable[[], Levels]
) -> tuple[tuple[Utterance, ...], tuple[Utterance, ...]]:
    """Utterances without what leaked from the other side, in time order; and the leaked words, marked `left_out`.

    `measure_levels` is called only where words stand on both sides at once. Where many do and neither copy is weaker,
    both stay, with a `speaker_confidence` that leaves the verdict to a person.
    """
    sides = _sides(utterances)
    pairs = _pairs(utterances, sides) if len(sides) == 2 else {}
    if not pairs:
        return tuple(utterances), ()
    levels = measure_levels()
    activity = {one.channel: replace(one, speech=merge_spans(one.speech)) for one in events.activity}
    leaked: set[_Place] = set()
    doubted: set[int] = set()
    for copy in _copies(utterances, pairs):
        if _is_leaked(copy, activity[copy.channel], levels):
            leaked.update(copy.places)
        elif len(copy.places) >= MANY and _is_weaker(copy, levels, than_db=-WEAKER_DB):
            doubted.add(copy.places[0].utterance)
    kept = [part for i, one in enumerate(utterances) for part in _without(one, i, leaked, doubted)]
    dropped = [part for i, one in enumerate(utterances) for part in _only(one, i, leaked)]
    return tuple(sorted(kept, key=_order)), tuple(sorted(dropped, key=_order))


def _order(one: Utterance) -> tuple[float, float]:
    return (one.start, one.end)


def _sides(utterances: Sequence[Utterance]) -> dict[int, list[_Place]]:
    """The words of each channel in time order."""
    sides: dict[int, list[_Place]] = {}
    for i, one in enumerate(utterances):
        if one.channel is not None:
            sides.setdefault(one.channel, []).extend(_Place(i, k) for k in range(len(one.words)))
    for places in sides.values():
        places.sort(key=lambda place: _middle(utterances[place.utterance].words[place.word]))
    return sides


def _middle(word: Word) -> float:
    return (word.start + word.end) / 2


def _pairs(utterances: Sequence[Utterance], sides: dict[int, list[_Place]]) -> dict[_Place, _Place]:
    """Words of either side -> the same word on the other, each used once and in order."""
    one, other = (sides[channel] for channel in sorted(sides))
    middles = [_middle(utterances[place.utterance].words[place.word]) for place in other]
    pairs: dict[_Place, _Place] = {}
    free = 0
    for place in one:
        word = utterances[place.utterance].words[place.word]
        for at in range(max(free, bisect_left(middles, _middle(word) - TOGETHER)), len(other)):
            if middles[at] > _middle(word) + TOGETHER:
                break
            if _is_same(word, utterances[other[at].utterance].words[other[at].word]):
                pairs[place], pairs[other[at]] = other[at], place
                free = at + 1
                break
    return pairs


def _is_same(one: Word, other: Word) -> bool:
    from rapidfuzz import fuzz

    texts = [word.text.strip(".,!?…«»\"' ").casefold() for word in (one, other)]
    return all(texts) and fuzz.ratio(*texts) >= ALIKE


def _copies(utterances: Sequence[Utterance], pairs: dict[_Place, _Place]) -> Iterator[_Copy]:
    """Runs of words in a row that stand on the other side too."""
    for i, one in enumerate(utterances):
        places = [_Place(i, k) for k in range(len(one.words))]
        for is_copy, group in groupby(places, key=lambda place: place in pairs):
            if is_copy and one.channel is not None:
                run = tuple(group)
                there = [pairs[place] for place in run]
                yield _Copy(run, one.channel, _span(utterances, run), _span(utterances, there))


def _span(utterances: Sequence[Utterance], places: Sequence[_Place]) -> Span:
    words = [utterances[place.utterance].words[place.word] for place in places]
    start = min(word.start for word in words)
    return Span(start, max(start, *(word.end for word in words)))


def _is_leaked(copy: _Copy, side: Activity, levels: Levels) -> bool:
    if len(copy.places) >= MANY and _is_weaker(copy, levels, than_db=WEAKER_DB):
        return True
    if not _is_own(copy, side):
        return _is_weaker(copy, levels, than_db=WEAKER_DB)
    return _is_weaker(copy, levels, than_db=BLEED_DB) and not _is_usual(copy, side, levels)


def _is_weaker(copy: _Copy, levels: Levels, *, than_db: float) -> bool:
    """Whether the other side's words are louder by so much (the side's own, where `than_db` is negative)."""
    return levels.level_db(1 - copy.channel, copy.other) - levels.level_db(copy.channel, copy.span) >= than_db


def _is_usual(copy: _Copy, side: Activity, levels: Levels) -> bool:
    """Whether the words are about as loud as what the side says at other times."""
    return levels.level_db(copy.channel, copy.span) > side.speech_db - OWN_LEVEL_DB


def _is_own(copy: _Copy, side: Activity) -> bool:
    """Whether the sound analysis hears the side itself speak there; its speech is sorted and disjoint."""
    first = bisect_left(side.speech, copy.span.start, key=lambda span: span.end)
    near = tuple(takewhile(lambda span: span.start < copy.span.end, islice(side.speech, first, None)))
    return total_duration(intersect_spans(near, [copy.span])) >= OWN_SHARE * copy.span.duration


def _without(one: Utterance, index: int, leaked: set[_Place], doubted: set[int]) -> Iterator[Utterance]:
    """The utterance in the parts that were said there, as it was where all of it was."""
    confidence = DOUBTED if index in doubted else one.speaker_confidence
    if all(_Place(index, k) not in leaked for k in range(len(one.words))):
        yield replace(one, speaker_confidence=confidence)
        return
    for words in _runs(one, index, leaked, wanted=False):
        yield replace(one, start=words[0].start, end=_end(words), words=words, speaker_confidence=confidence)


def _only(one: Utterance, index: int, leaked: set[_Place]) -> Iterator[Utterance]:
    for words in _runs(one, index, leaked, wanted=True):
        yield replace(one, start=words[0].start, end=_end(words), words=words, left_out=LEAKED)


def _end(words: Sequence[Word]) -> float:
    return max(words[0].start, *(word.end for word in words))


def _runs(one: Utterance, index: int, leaked: set[_Place], *, wanted: bool) -> Iterator[tuple[Word, ...]]:
    """Runs of words that leaked, or (`wanted` False) of those that did not."""
    marked = ((_Place(index, k) in leaked, word) for k, word in enumerate(one.words))
    for is_leaked, run in groupby(marked, key=lambda pair: pair[0]):
        if is_leaked is wanted:
            yield tuple(word for _, word in run)
