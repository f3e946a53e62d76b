"""Words that tell of waiting: the manager asks to hold, announces a transfer, or comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Role, Turn
from qa_engine.language import Language, get_language
from qa_engine.language.matching import MATCH_AT, TokenText, find_any, find_own_name

__all__ = ["Cues", "find_cues"]


@dataclass(frozen=True, slots=True)
class Cues:
    """Times of what was said: asked to wait, announced a transfer, thanked for waiting, said the own name.

    `machine` are the phrases of queues and voice mail, whoever was taken to say them.
    """

    wait: tuple[Span, ...] = ()
    transfer: tuple[Span, ...] = ()
    back: tuple[Span, ...] = ()
    own_name: tuple[Span, ...] = ()
    machine: tuple[Span, ...] = ()


def find_cues(turns: Sequence[Turn], language: str) -> Cues:
    """The cues in the turns of everybody but the customer; none for a language without lexicons ("")."""
    if not language:
        return Cues()
    known = get_language(language)
    spoken = [turn for turn in turns if turn.words and turn.role is not Role.CUSTOMER]
    texts = [TokenText.from_words(known, [word.text for word in turn.words]) for turn in spoken]
    said = list(zip(spoken, texts, strict=True))
    return Cues(
        wait=_find(said, known, "please_hold"),
        transfer=_find(said, known, "transfer"),
        back=_find(said, known, "thanks_for_holding"),
        own_name=tuple(
            _time(turn, hit.first_word, hit.last_word)
            for turn, text in said
            for hit in find_own_name(text)
            if hit.similarity >= MATCH_AT
        ),
        machine=_find(said, known, "busy_ivr"),
    )


def _find(said: Sequence[tuple[Turn, TokenText]], language: Language, lexicon: str) -> tuple[Span, ...]:
    phrases = language.lexicon(lexicon)
    return tuple(
        _time(turn, hit.first_word, hit.last_word)
        for turn, text in said
        for hit in find_any(text, phrases)
        if hit.similarity >= MATCH_AT
    )


def _time(turn: Turn, first: int, last: int) -> Span:
    return Span(turn.words[first].start, max(turn.words[last].end, turn.words[first].start))
