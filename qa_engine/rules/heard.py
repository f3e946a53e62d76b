"""How well a part of a call was heard, and so whether it proves that something was not said."""

from __future__ import annotations

from dataclasses import dataclass

from qa_engine.domain.audio_event import AudioEvents, ChannelRelation
from qa_engine.domain.call import Call
from qa_engine.domain.spans import Span, intersect_spans, merge_spans, subtract_spans, total_duration
from qa_engine.domain.timings import Beginning
from qa_engine.domain.transcript import LEAKED, Role, Turn, Word
from qa_engine.rules.call_view import CallView, Place, is_mark
from qa_engine.rules.certainty import (
    CHORUS_WORDS,
    CUT_OFF_WITHIN,
    MIN_ROLE_CONFIDENCE,
    MIN_SPEAKER_CONFIDENCE,
    MIN_WORD_PROBABILITY,
    MISSED_SHARE,
    MISSED_STRETCH,
    SUBSTANTIVE_WORDS,
    WORD_COLLAR,
)
from qa_engine.rules.messages import CATALOGUE, clock, number

__all__ = ["Heard", "doubtful_share", "doubts", "hear", "is_one_party", "is_speaker_doubtful", "one_party_per_channel"]

_UNHEARD = frozenset({"unk", "unintelligible", "inaudible", "неразборчиво", "нрзб"})


@dataclass(frozen=True, slots=True)
class Heard:
    """Words and speech of one role in a place.

    `probability`: the words' mean, None where the recogniser gave none; `speech`, `missed`, `longest_missed`: seconds
    of speech, of speech without words, and of its longest piece; `speech` is None where there was no sound to tell.
    """

    num_words: int
    probability: float | None
    speech: float | None
    missed: float
    longest_missed: float

    @property
    def words_uncertain(self) -> bool:
        """Whether the recogniser itself did not trust its words."""
        return self.probability is not None and self.probability < MIN_WORD_PROBABILITY

    @property
    def speech_missed(self) -> bool:
        """Whether enough speech went unrecognised to hide a phrase."""
        return self.longest_missed > MISSED_STRETCH or (
            self.speech is not None and self.missed > MISSED_SHARE * self.speech and self.missed > MISSED_STRETCH / 2
        )


def one_party_per_channel(call: Call) -> bool:
    """Whether the parties were recorded apart, or came apart from a transcript file."""
    return call.events is None or call.events.relation is ChannelRelation.DISTINCT


def is_speaker_doubtful(turn: Turn) -> bool:
    """Whether the words of a turn may be the other party's: the diarizer was not sure of its label."""
    return turn.speaker_confidence is not None and turn.speaker_confidence < MIN_SPEAKER_CONFIDENCE


def doubtful_share(call: Call) -> float:
    """The share of the people's talk, 0..1, of which the diarizer was not sure who said it."""
    people = [turn for turn in call.turns if turn.role is not Role.IVR]
    seconds = sum(turn.end - turn.start for turn in people)
    doubtful = sum(turn.end - turn.start for turn in people if is_speaker_doubtful(turn))
    return doubtful / seconds if seconds > 0 else 0.0


def is_one_party(call: Call) -> bool:
    """Whether only one party is heard in the recording: what concerns both cannot be measured then."""
    sides = {turn.role.of_company for turn in call.turns if turn.words and turn.role not in (Role.IVR, Role.UNKNOWN)}
    return call.events is not None and len(sides) == 1


def hear(view: CallView, place: Place) -> Heard:
    """How well the words of `place` were heard."""
    return view.once(("heard", place), lambda: _hear(view, place))


def _hear(view: CallView, place: Place) -> Heard:
    words = view.words_of(place.role).words[place.first : place.last + 1]
    known = [word.probability for word in words if word.probability is not None]
    speech = _speech(view.call, place)
    missed: tuple[Span, ...] = ()
    if speech is not None:
        covered = view.once(("covered", place.role), lambda: _covered(view.call, place.role))
        missed = subtract_spans(speech, covered)
    unheard = view.once(("unheard", place.role), lambda: _unheard(view.call, place.role))
    if unheard:
        missed = merge_spans([*missed, *intersect_spans(unheard, [place.span])])
    return Heard(
        len(words),
        sum(known) / len(known) if known else None,
        None if speech is None else total_duration(speech),
        total_duration(missed),
        max((span.duration for span in missed), default=0.0),
    )


def _speech(call: Call, place: Place) -> tuple[Span, ...] | None:
    """Voice activity of the role inside the place; None without sound."""
    if call.events is None or not call.events.activity:
        return None
    channels = {turn.channel for turn in call.turns_of(place.role)} - {None}
    return intersect_spans(_activity(call.events, channels), [place.span])


def _activity(events: AudioEvents, channels: set[int | None]) -> tuple[Span, ...]:
    chosen = [activity for activity in events.activity if activity.channel in channels] or list(events.activity)
    return merge_spans(span for activity in chosen for span in activity.speech)


def _covered(call: Call, role: Role) -> tuple[Span, ...]:
    """Where words were recognised: of the role alone where it has its own channel, else of anybody."""
    channels = {turn.channel for turn in call.turns_of(role)} - {None}
    if one_party_per_channel(call):  # a second manager speaks on the first one's channel
        turns = [turn for turn in call.turns if turn.channel in channels] if channels else call.turns_of(role)
    else:
        turns = call.turns
    return merge_spans(span.grow(WORD_COLLAR) for turn in turns for span in _spans(turn))


def _spans(turn: Turn) -> list[Span]:
    """Times of the words; the whole turn where word times were only shared out over it."""
    if any(word.interpolated for word in turn.words):
        return [turn.span]
    return [Span(word.start, word.end) for word in turn.words if not _is_unheard(word)]


def _is_unheard(word: Word) -> bool:
    return is_mark(word) and word.text.strip()[1:-1].casefold() in _UNHEARD


def _unheard(call: Call, role: Role) -> list[Span]:
    """Where the recogniser itself says that it heard speech and no word."""
    return [Span(word.start, word.end) for turn in call.turns_of(role) for word in turn.words if _is_unheard(word)]


def doubts(view: CallView, place: Place, heard: Heard, language: str) -> tuple[str, ...]:
    """Reasons why something not found in `place` may have been said all the same; empty: its absence is proven."""
    found = [
        key
        for key, holds in (
            ("doubt_language", bool(view.call.language) and view.call.language != language),
            ("doubt_no_words", not view.words_of(place.role).words),
            ("doubt_starts_late", place.from_start and starts_late(view)),
            ("doubt_ends_early", place.to_end and ends_early(view)),
            ("doubt_nothing_in_window", not heard.num_words and bool(view.words_of(place.role).words)),
            ("doubt_words", heard.words_uncertain),
            ("doubt_missed", heard.speech_missed),
            ("doubt_left_out", _is_left_out(view.call, place)),
            ("doubt_roles", view.call.roles.confidence < MIN_ROLE_CONFIDENCE),
        )
        if holds
    ]
    return tuple(_say(view, place, heard, language, key) for key in found)


def _is_left_out(call: Call, place: Place) -> bool:
    """Whether words of the place were left out as invented: they may have been what is looked for, heard badly.

    Of the other side's echo only a few words count: what both say at once ("goodbye") is hard to tell from it.
    """
    channels = {turn.channel for turn in call.turns_of(place.role)} - {None}
    return any(
        one.span.overlap(place.span) > 0
        and (one.channel is None or not channels or one.channel in channels)
        and (one.left_out != LEAKED or len(one.words) <= CHORUS_WORDS)
        for one in call.left_out
    )


def _say(view: CallView, place: Place, heard: Heard, language: str, key: str) -> str:
    return CATALOGUE.say(
        language,
        key,
        role=CATALOGUE.say(language, f"role_of_{place.role.value}"),
        start=clock(place.span.start),
        end=clock(place.span.end),
        percent=number(100 * (heard.probability or 0.0), 0),
        needed=number(100 * MIN_WORD_PROBABILITY, 0),
        seconds=number(heard.missed),
        confidence=number(100 * view.call.roles.confidence, 0),
        spoken=view.call.language,
        card=language,
    )


def starts_late(view: CallView) -> bool:
    """Whether the first words of the call may be missing from the recording."""
    beginning = view.call.timings.beginning
    if beginning is Beginning.MID_CALL:
        return True
    if beginning is Beginning.BEFORE_ANSWER:
        return False
    first = next((turn for turn in view.call.turns if turn.role is not Role.IVR and turn.words), None)
    return (
        first is not None
        and first.role is Role.CUSTOMER
        and sum(not is_mark(word) for word in first.words) >= SUBSTANTIVE_WORDS
    )


def ends_early(view: CallView) -> bool:
    """Whether somebody is still speaking at the last sample."""
    events = view.call.events
    if events is None:
        return False
    ends = [span.end for activity in events.activity for span in activity.speech]
    return bool(ends) and events.duration - max(ends) < CUT_OFF_WITHIN
