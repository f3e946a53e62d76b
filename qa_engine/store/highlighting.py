"""Which words of a turn a query found, and the quote around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_engine.store.query import And, Node, Not, Or, Phrase, Prefix
from qa_engine.store.terms import IndexTerm, index_terms

__all__ = ["Quote", "TimedWord", "quote_matches"]

QUOTE_WORDS = 40  # about three lines; a longer turn is cut around the first word found
_BEFORE = 8  # words of it before the first word found

TimedWord = tuple[str, float, float]  # text, start, end


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a turn around what was found, `highlights` as character offsets in `text`.

    `start` is when the first found word begins, `end` when the last one shown ends, seconds.
    """

    text: str
    highlights: tuple[tuple[int, int], ...]
    start: float
    end: float


def quote_matches(words: Sequence[TimedWord], query: Node) -> Quote:
    """The quote of a turn that the index found; `words` is not empty."""
    found = _found_words([index_terms(word[0]) for word in words], query) or {0}
    begin = max(0, min(min(found) - _BEFORE, len(words) - QUOTE_WORDS))
    shown = range(begin, min(begin + QUOTE_WORDS, len(words)))
    marked = sorted(index for index in found if index in shown)
    text = "… " if begin else ""
    highlights = []
    for index in shown:
        if index in found:
            left, right = _core(words[index][0])
            highlights.append((len(text) + left, len(text) + right))
        text += words[index][0] + ("" if index == shown[-1] else " ")
    text += " …" if shown.stop < len(words) else ""
    return Quote(text, tuple(highlights), words[marked[0]][1], words[marked[-1]][2])


def _found_words(terms_of_words: Sequence[tuple[IndexTerm, ...]], query: Node) -> set[int]:
    """Indices of the words that words, phrases and prefixes of the query stand on."""
    owners = [index for index, terms in enumerate(terms_of_words) for _ in terms]
    terms = [term for terms in terms_of_words for term in terms]
    return {owners[place] for place in _found_terms(terms, query)}


def _found_terms(terms: Sequence[IndexTerm], query: Node) -> set[int]:
    match query:
        case And(children) | Or(children):
            return set().union(*(_found_terms(terms, child) for child in children))
        case Not():
            return set()
        case Phrase(wanted) | Prefix(wanted):
            places = range(len(terms) - len(wanted) + 1)
            starts = [place for place in places if _stands_at(terms, place, query)]
            return {start + step for start in starts for step in range(len(wanted))}


def _stands_at(terms: Sequence[IndexTerm], place: int, query: Phrase | Prefix) -> bool:
    there = terms[place : place + len(query.terms)]
    if isinstance(query, Phrase):
        return all(term.stem == wanted.stem for term, wanted in zip(there, query.terms, strict=True))
    exact = all(term.token == wanted.token for term, wanted in zip(there[:-1], query.terms[:-1], strict=True))
    return exact and there[-1].token.startswith(query.terms[-1].token)


def _core(word: str) -> tuple[int, int]:
    """Where the word stands without the punctuation around it."""
    letters = [index for index, letter in enumerate(word) if letter.isalnum()]
    return (letters[0], letters[-1] + 1) if letters else (0, len(word))
