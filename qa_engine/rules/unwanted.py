"""What must not be said: found in a speaker's words, with what excuses it (denied, or quoted from the other party)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from qa_engine.domain.evaluation import Evidence, EvidenceKind
from qa_engine.domain.transcript import Role
from qa_engine.language import Language, get_language
from qa_engine.language.matching import MATCH_AT, PhraseHit, find_any
from qa_engine.rules.call_view import Place
from qa_engine.rules.certainty import (
    CLEAR_OFFENCE_AT,
    CLEAR_OFFENCE_SECONDS,
    CLEAR_WORD_PROBABILITY,
    MIN_ROLE_CONFIDENCE,
)
from qa_engine.rules.check import Question
from qa_engine.rules.excuses import BLAME, DENIALS, NEGATIONS, ONESELF, QUOTATIONS
from qa_engine.rules.heard import is_speaker_doubtful
from qa_engine.rules.messages import clock, number
from qa_engine.rules.wording import expand

__all__ = ["Offence", "find_unwanted"]

_LOOK_BACK_WORDS: Final = 6
"""Words before a phrase in which a denial or a quotation governs it: "I am not saying that you, personally, ..."."""


@dataclass(frozen=True, slots=True)
class Offence:
    """An unwanted phrase with its category; `doubt` tells why a person should listen first, "" when it is clear."""

    category: str
    evidence: Evidence
    doubt: str = ""


def find_unwanted(question: Question, categories: Mapping[str, tuple[str, ...]]) -> tuple[Offence, ...]:
    """Every unwanted phrase that the speaker said of his own, in time order."""
    place = question.view.place(question.criterion.said_by, question.criterion.within)
    if not place.num_words:
        return ()
    found = [
        _offence(question, category, hit)
        for category, phrases in categories.items()
        for hit in _hits(question, place, phrases)
        if not is_excused(question, hit)
    ]
    return tuple(sorted(_without_repeats(found), key=lambda offence: offence.evidence.start))


def _hits(question: Question, place: Place, phrases: tuple[str, ...]) -> list[PhraseHit]:
    text = question.view.words_of(place.role).text
    wanted = expand(phrases, question.scorecard.language)
    hits = find_any(text, wanted, first=place.first, last=place.last)
    return [hit for hit in hits if hit.similarity >= MATCH_AT]


def _without_repeats(offences: list[Offence]) -> list[Offence]:
    """One offence per quote: the same words may stand in two categories."""
    kept: dict[tuple[float, float], Offence] = {}
    for offence in offences:
        kept.setdefault((offence.evidence.start, offence.evidence.end), offence)
    return list(kept.values())


def _offence(question: Question, category: str, hit: PhraseHit) -> Offence:
    role = question.criterion.said_by
    doubt = _doubt(question, hit)
    kind = EvidenceKind.NEAR_MISS if doubt else EvidenceKind.MATCH
    return Offence(category, question.view.cite(role, hit, kind=kind, note=category), doubt)


def _doubt(question: Question, hit: PhraseHit) -> str:
    role = question.criterion.said_by
    said = question.view.words_of(role)
    words = said.words[hit.first_word : hit.last_word + 1]
    weakest = min((word.probability for word in words if word.probability is not None), default=1.0)
    if weakest < CLEAR_WORD_PROBABILITY:
        return question.say("doubt_offence_words", percent=number(100 * weakest, 0))
    turn = question.view.turn_at(role, hit.first_word)
    if question.call.events is not None and turn.span.duration < CLEAR_OFFENCE_SECONDS:
        return question.say("doubt_offence_short", seconds=number(turn.span.duration))
    if hit.similarity < CLEAR_OFFENCE_AT:
        return question.say("doubt_offence_similar", phrase=hit.phrase, similarity=number(hit.similarity, 0))
    handed_over = question.view.handed_over_at
    if role is Role.MANAGER and handed_over is not None and words[0].start >= handed_over:
        return question.say("doubt_offence_handed_over", at=clock(handed_over))
    if is_speaker_doubtful(turn):
        return question.say("doubt_offence_speaker", confidence=number(100 * (turn.speaker_confidence or 0.0), 0))
    if question.call.roles.confidence < MIN_ROLE_CONFIDENCE:
        return question.say("doubt_offence_role", confidence=number(100 * question.call.roles.confidence, 0))
    return ""


def is_excused(question: Question, hit: PhraseHit) -> bool:
    """Whether the words are denied (``I am not saying you are to blame``) or quoted (``you said that ...``)."""
    language = question.view.language
    said = question.view.words_of(question.criterion.said_by)
    start = hit.first_word
    while (
        start > 0 and hit.first_word - start < _LOOK_BACK_WORDS and said.turns[start - 1] == said.turns[hit.first_word]
    ):
        start -= 1
    before = [token for word in said.words[start : hit.first_word] for token in language.tokens(word.text)]
    inside = [token for word in said.words[hit.first_word : hit.last_word + 1] for token in language.tokens(word.text)]
    negations = NEGATIONS[language.code]
    added = (set(inside) - set(language.tokens(hit.phrase))) & negations
    blames = any(token.startswith(BLAME[language.code]) for token in language.tokens(hit.phrase))
    turned = negations | (ONESELF[language.code] if blames else frozenset())
    return bool(added) or bool(turned.intersection(before[-1:])) or _governed(language, " ".join(before))


def _governed(language: Language, before: str) -> bool:
    """Whether a denial or a quotation stands in the words before."""
    return any(f" {phrase} " in f" {before} " for phrase in _governors(language.code))


@lru_cache(maxsize=8)
def _governors(code: str) -> tuple[str, ...]:
    language = get_language(code)
    return tuple(" ".join(language.tokens(phrase)) for phrase in (*DENIALS[code], *QUOTATIONS[code]))
