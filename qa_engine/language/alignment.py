"""The best alignment of a phrase's words to the words of a short stretch of text, and what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qa_engine.language.hits import NEAR_MISS_AT, PhraseHit
from qa_engine.language.phrases import Phrase
from qa_engine.language.token_text import TokenText
from qa_engine.language.vocabulary import EXACT, FUZZY_AT_MOST, SAME_STEM

__all__ = ["JOINED_FROM", "align_all", "lone_word"]

SWAPPED = 0.85  # of its worth is left to a word of substance out of order: "день добрый"
INSERTED = (0.0, 5.0, 15.0)  # points lost by words in between: one is a filler, two are nearly another sentence
INSERTED_IN_PAIR = (0.0, 16.0, 31.0)  # two words with another between them: "добрый ... день"
NEGATED = 40.0  # points lost by a negation in between or right before: "я не могу помочь"
JOINED_FROM = 88  # two words of the phrase heard as one word: only if it sounds much like both
SHORT_WORD = 4  # a phrase of one word this short has to be said exactly: "пока" is not "покой"
FUZZY_SINGLE_FROM = 7  # a phrase of one word shorter than this may not be misheard: "hello" is not "hell"
# The most such a word gets, so that a person decides; the least a longer one needs: "bastard" is 71 to "Saturday".
SINGLE_MISHEARD = 80.0
_PARTICLES = frozenset(("не", "not"))
_NEGATIONS = frozenset(("не", "ни", "нет", "not", "no", "never"))


class _Piece(NamedTuple):
    """A word of the text (or two) that stands for a word of the phrase (or two), with what it is worth."""

    at: int
    after: int
    word: int
    next_word: int
    worth: float


def lone_word(word: str, similarity: float, num_tokens: int = 1) -> float:
    """How much of a word's similarity counts where nothing else of substance speaks for the phrase."""
    if similarity == EXACT or num_tokens > 1:
        return float(similarity)
    if len(word) <= SHORT_WORD or word.isdecimal() or similarity < SINGLE_MISHEARD:
        return 0.0
    misheard = similarity < SAME_STEM and len(word) < FUZZY_SINGLE_FROM
    return min(float(similarity), SINGLE_MISHEARD) if misheard else float(similarity)


def align_all(text: TokenText, phrase: Phrase, begin: int, end: int) -> list[PhraseHit]:
    """All hits in the tokens `begin`..`end`: the best alignment, then what is left of it and right of it."""
    if end - begin < phrase.least:
        return []
    chain, similarity = _best_chain(text, phrase, _pieces(text, phrase, begin, end))
    if similarity < NEAR_MISS_AT:
        return []
    at, after = min([piece.at for piece in chain]), max([piece.after for piece in chain])
    if text.texts[max(at - 1, 0)] in _PARTICLES and at > 0 and _PARTICLES.isdisjoint(phrase.tokens):
        similarity -= NEGATED
        if similarity < NEAR_MISS_AT:
            return [*align_all(text, phrase, begin, at), *align_all(text, phrase, after, end)]
    hit = PhraseHit(text.firsts[at], text.lasts[after - 1], round(similarity, 1), phrase.text)
    return [hit, *align_all(text, phrase, begin, at), *align_all(text, phrase, after, end)]


def _pieces(text: TokenText, phrase: Phrase, begin: int, end: int) -> list[_Piece]:
    """The words of the stretch that stand for words of the phrase, in order; none where they cannot be enough."""
    pieces = _joined_pieces(text, phrase, begin, end)
    spare = phrase.total * (100.0 if pieces else 100.0 - NEAR_MISS_AT)
    for index, searched, weight in phrase.heaviest_first:
        spots = text.spots(searched)
        best = 0.0
        for at in range(begin, end) if len(spots) > end - begin else spots:
            if begin <= at < end and at in spots:
                similarity, num_tokens = spots[at]
                lone = index == phrase.lone and similarity < SAME_STEM
                worth = lone_word(phrase.tokens[index], similarity, num_tokens) if lone else similarity
                if at + num_tokens <= end:
                    pieces.append(_Piece(at, at + num_tokens, index, index + 1, weight * worth))
                    best = max(best, worth)
        spare -= weight * (100.0 - best)
        if spare < 0:
            return []
    pieces.sort()
    return pieces


def _joined_pieces(text: TokenText, phrase: Phrase, begin: int, end: int) -> list[_Piece]:
    pieces = []
    for index, searched in phrase.joined:
        spots = text.spots(searched)
        weight = phrase.weights[index] + phrase.weights[index + 1] if spots else 0.0
        for at, (similarity, _) in spots.items():
            if begin <= at < end and similarity >= JOINED_FROM:
                pieces.append(_Piece(at, at + 1, index, index + 2, weight * min(similarity, FUZZY_AT_MOST)))
    return pieces


def _best_chain(text: TokenText, phrase: Phrase, pieces: Sequence[_Piece]) -> tuple[list[_Piece], float]:
    """The best sequence of pieces in order, then words out of order beside it; its similarity 0..100."""
    inserted = INSERTED_IN_PAIR if len(phrase.ids) == 2 else INSERTED
    worths: list[float] = []
    before: list[int] = []
    for place, piece in enumerate(pieces):
        best, link = 0.0, -1
        for other in range(place - 1, -1, -1):
            gap = piece.at - pieces[other].after
            if 0 <= gap < len(inserted) and pieces[other].next_word <= piece.word and worths[other] > best:
                worth = worths[other] - (
                    _lost(text, pieces[other].after, piece.at, inserted) * phrase.total if gap else 0
                )
                if worth > best:
                    best, link = worth, other
        worths.append(best + piece.worth)
        before.append(link)
    if not worths:
        return [], 0.0
    place = max(range(len(worths)), key=worths.__getitem__)
    total = worths[place]
    chain: list[_Piece] = []
    while place >= 0:
        chain.append(pieces[place])
        place = before[place]
    chain, total = _with_swapped(phrase, pieces, chain, total)
    return chain, total / phrase.total


def _lost(text: TokenText, begin: int, end: int, inserted: Sequence[float]) -> float:
    """Points lost by the tokens between two words of the phrase."""
    negated = any(text.texts[at] in _NEGATIONS for at in range(begin, end))
    return inserted[end - begin] + (NEGATED if negated else 0.0)


def _with_swapped(
    phrase: Phrase, pieces: Sequence[_Piece], chain: list[_Piece], total: float
) -> tuple[list[_Piece], float]:
    """The chain with words of substance that stand in its gaps or right beside it, out of order.

    Small words get nothing for it: "can I help" is not "I can help".
    """
    used = {index for piece in chain for index in range(piece.word, piece.next_word)}
    if len(used) == len(phrase.ids):
        return chain, total
    taken = {at for piece in chain for at in range(piece.at, piece.after)}
    for piece in sorted(pieces, key=lambda piece: -piece.worth):
        indices, spots = range(piece.word, piece.next_word), range(piece.at, piece.after)
        beside = min(taken) - 1 <= piece.at and piece.after <= max(taken) + 2
        if phrase.weights[piece.word] == 1.0 and beside and used.isdisjoint(indices) and taken.isdisjoint(spots):
            chain = [*chain, piece]
            used.update(indices)
            taken.update(spots)
            total += piece.worth * SWAPPED
    return chain, total
