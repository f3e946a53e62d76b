"""Phrases as scorecards write them: plain words, or ``lexicon:NAME`` for a ready-made list of the language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from qa_engine.language import get_language
from qa_engine.language.matching import PhraseHit, TokenText, find_any
from qa_engine.rules.call_view import Search

__all__ = ["LEXICON_PREFIX", "any_of", "expand", "listed", "phrase_problem"]

LEXICON_PREFIX: Final = "lexicon:"


@lru_cache(maxsize=4096)
def expand(phrases: tuple[str, ...], language: str) -> tuple[str, ...]:
    """The phrases with every ``lexicon:NAME`` replaced by what is in it."""
    expanded: dict[str, None] = {}
    for phrase in phrases:
        name = phrase.removeprefix(LEXICON_PREFIX)
        found = (phrase,) if name == phrase else get_language(language).lexicon(name.strip())
        expanded.update(dict.fromkeys(found))
    return tuple(expanded)


def any_of(phrases: tuple[str, ...], language: str) -> Search:
    """A search for any of the phrases."""
    wanted = expand(phrases, language)

    def search(text: TokenText, first: int, last: int) -> Sequence[PhraseHit]:
        return find_any(text, wanted, first=first, last=last)

    return search


def phrase_problem(phrase: str, language: str) -> str:
    """What is wrong with a phrase, "" if nothing."""
    spoken = get_language(language)
    if phrase.startswith(LEXICON_PREFIX):
        name = phrase.removeprefix(LEXICON_PREFIX).strip()
        if name in spoken.lexicon_names:
            return ""
        return f"there is no lexicon {name!r}; there are: {', '.join(sorted(spoken.lexicon_names))}"
    if not spoken.tokens(phrase):
        return f"the phrase {phrase!r} holds no words"
    return ""


def listed(path: str, phrases: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(path, phrase) of each phrase in a list, such as ``any_of[0]``."""
    for index, phrase in enumerate(phrases):
        yield f"{path}[{index}]", phrase
