"""Finding phrases in heard words: words are aligned to words, not letters to letters.

For each phrase the words near its own are looked up, places where enough of them stand in line are kept, and there the
best alignment is worked out: a word may be another form, misheard, split, joined, swapped with its neighbour, or lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from qa_engine.language.alignment import JOINED_FROM, align_all, lone_word
from qa_engine.language.hits import NEAR_MISS_AT, NameHit, PhraseHit
from qa_engine.language.phrases import Phrase, holders, prepare
from qa_engine.language.token_text import TokenText

__all__ = ["apart", "find_any", "find_phrase"]

Hit = TypeVar("Hit", PhraseHit, NameHit)
_DRIFT = 6  # tokens by which the words of a phrase may stand out of line, one way and the other together


def find_phrase(text: TokenText, phrase: str, *, first: int = 0, last: int | None = None) -> tuple[PhraseHit, ...]:
    """Where `phrase` was said in the words `first`..`last`: best first, not overlapping, all >= NEAR_MISS_AT."""
    prepared = prepare(text.language.code, phrase)
    hits = _search(text, prepared, *text.range_of(first, last))
    return apart(hits) if hits else ()


def find_any(
    text: TokenText, phrases: Sequence[str], *, first: int = 0, last: int | None = None
) -> tuple[PhraseHit, ...]:
    """Where any of `phrases` was said, as `find_phrase`; of overlapping hits the best, then the longest is kept."""
    lo, hi = text.range_of(first, last)
    by_word = holders(text.language, tuple(phrases))
    wanted = {phrase.text: phrase for word in by_word.keys() & text.best().keys() for phrase in by_word[word]}
    hits = [hit for phrase in wanted.values() for hit in _search(text, phrase, lo, hi)]
    return apart(hits) if hits else ()


def apart(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """The best of overlapping hits, best first; of equals the longest, then the first."""
    kept: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda hit: (-hit.similarity, hit.first_word - hit.last_word, hit.first_word)):
        words = range(hit.first_word, hit.last_word + 1)
        if taken.isdisjoint(words):
            kept.append(hit)
            taken.update(words)
    return tuple(kept)


def _search(text: TokenText, phrase: Phrase, lo: int, hi: int) -> list[PhraseHit]:
    needed = _needed(text, phrase)
    if needed < 0 or hi <= lo:
        return []
    if len(phrase.ids) == 1:
        return _search_word(text, phrase, lo, hi)
    places = _places(text, phrase, needed, lo, hi)
    return [hit for begin, end in places for hit in align_all(text, phrase, max(begin, lo), min(end, hi))]


def _needed(text: TokenText, phrase: Phrase) -> float:
    """What the words of substance have to be worth at a place, if all small words are there; -1: nowhere enough."""
    best = text.best()
    light = sum([weight * best.get(searched, 0) for searched, weight in phrase.light])
    heavy = sum([weight * best.get(searched, 0) for _, searched, weight in phrase.heavy])
    for _, searched in phrase.joined:
        if searched in best:
            heavy, light = phrase.total * 100, 100 * (phrase.total - len(phrase.heavy))
            break
    needed = NEAR_MISS_AT * phrase.total
    return -1.0 if heavy + light < needed or not phrase.ids else max(needed - light, 0.0)


def _search_word(text: TokenText, phrase: Phrase, lo: int, hi: int) -> list[PhraseHit]:
    hits = []
    for at, (similarity, num_tokens) in text.spots(phrase.ids[0]).items():
        allowed = lone_word(phrase.tokens[0], similarity, num_tokens)
        if lo <= at and at + num_tokens <= hi and allowed >= NEAR_MISS_AT:
            hits.append(PhraseHit(text.firsts[at], text.lasts[at + num_tokens - 1], allowed, phrase.text))
    return hits


def _places(text: TokenText, phrase: Phrase, needed: float, lo: int, hi: int) -> list[tuple[int, int]]:
    """Stretches of tokens (from, before) where enough words of substance stand about where they should."""
    found = [
        (at - index, weight * spot[0])
        for index, searched, weight in phrase.heavy
        for at, spot in text.spots(searched).items()
        if lo <= at < hi
    ]
    for index, searched in phrase.joined:
        worth = phrase.weights[index] + phrase.weights[index + 1]
        spots = text.spots(searched).items()
        found.extend((at - index, worth * spot[0]) for at, spot in spots if spot[0] >= JOINED_FROM and lo <= at < hi)
    found.sort()
    places: list[tuple[int, int]] = []
    behind, total = 0, 0.0
    for start, worth in found:
        total += worth
        while found[behind][0] < start - _DRIFT:
            total -= found[behind][1]
            behind += 1
        if total >= needed - 0.001:
            begin, end = found[behind][0] - 2, start + len(phrase.ids) + 3
            if places and begin <= places[-1][1]:
                places[-1] = (min(places[-1][0], begin), end)
            else:
                places.append((begin, end))
    return places
