"""Traces of names and phrases that recognisers mangled: no proof that they were said, but none of their absence."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from qa_engine.domain.evaluation import Evidence, EvidenceKind
from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Word
from qa_engine.language import Language, get_language
from qa_engine.language.matching import PhraseHit
from qa_engine.rules.call_view import Place
from qa_engine.rules.certainty import ATTRIBUTION_GAP, CLEAR_WORD_PROBABILITY, MIN_WORD_PROBABILITY
from qa_engine.rules.check import Question
from qa_engine.rules.heard import one_party_per_channel
from qa_engine.rules.wording import expand

__all__ = ["mangled_company", "mangled_own_name", "mangled_phrase", "name_across_border"]

_COPULAS: Final = {"en": frozenset({"is", "am", "im", "i'm"}), "ru": frozenset({"это", "зовут"})}
"""Words before an own name; what stood further before may be misheard ("claim is Linda" for "my name is Linda")."""

_REMNANT: Final = (3, 2)
"""Tokens of a phrase that make a remnant of it; only phrases longer than that leave one."""

_BESIDE: Final = 3
"""Tokens beside a remnant in which a doubtful word may be the rest of the phrase."""

_GREETING_LEXICONS: Final = ("greeting", "offer_help", "thanks", "back_channel", "farewell", "own_name_intro")


def mangled_company(question: Question, place: Place) -> tuple[Evidence, str] | None:
    """A general word of the company's name beside a word that no greeting has: "provide me an external bank".

    Or, in the greeting itself, a word that no greeting has and that the recogniser did not trust: "амержка".
    """
    code = question.scorecard.language
    names = (question.scorecard.company.name, *question.scorecard.company.also)
    sides = {side for name in names for side in _sides(code, name)}
    tokens = _tokens(question, place)
    for at, (index, token) in enumerate(tokens):
        for general, step in sides:
            if token == general and 0 <= at + step < len(tokens) and not _ordinary(code, tokens[at + step][1]):
                ends = sorted((index, tokens[at + step][0]))
                return _trace(question, place, ends[0], ends[1], "doubt_mangled_company")
    said = question.view.words_of(place.role)
    for index, token in tokens:
        chance = said.words[index].probability
        unsure = chance is not None and chance < MIN_WORD_PROBABILITY
        if said.turns[index] == 0 and unsure and not _ordinary(code, token):
            return _trace(question, place, index, index, "doubt_mangled_company")
    return None


def mangled_own_name(question: Question, place: Place) -> tuple[Evidence, str] | None:
    """A first name after "is", or a name of the roster anywhere, that is part of no introduction."""
    code = question.scorecard.language
    language = get_language(code)
    roster = _roster(question)
    tokens = _tokens(question, place)
    for at, (index, token) in enumerate(tokens):
        after_copula = at > 0 and tokens[at - 1][1] in _COPULAS[code]
        if token in roster or (after_copula and language.is_first_name(token)):
            first = tokens[at - 1][0] if after_copula else index
            return _trace(question, place, first, index, "doubt_mangled_name")
    return None


def name_across_border(question: Question, place: Place) -> tuple[Evidence, str] | None:
    """A name of the roster said by the other party right beside the manager's words, where a diarizer drew the border.

    "Ромашка, | Ольга. Здравствуйте" ends a greeting or begins an answer: the border may lie a word too early.
    """
    other = question.view.other(place.role)
    if other is None or one_party_per_channel(question.call):
        return None
    there = question.view.between(other, place.span)
    roster, theirs = _roster(question), question.view.words_of(other).words
    own = [Span(word.start, word.end) for word in question.view.words_of(place.role).words]
    for index, token in _tokens(question, there):
        near = Span(theirs[index].start, theirs[index].end).grow(ATTRIBUTION_GAP)
        if token in roster and any(near.overlap(span) > 0 for span in own):
            return _trace(question, there, index, index, "doubt_mangled_name")
    return None


def _roster(question: Question) -> frozenset[str]:
    names = tuple(name for person in question.scorecard.managers for name in (person.name, *person.also))
    return _roster_forms(question.scorecard.language, names)


def mangled_phrase(question: Question, place: Place, phrases: tuple[str, ...]) -> tuple[Evidence, str] | None:
    """The beginning or end of a phrase beside doubtful words: "that I think I'll second help you with"."""
    words = question.view.words_of(place.role).words
    tokens = _tokens(question, place)
    doubtful = [_is_doubtful(words[i]) for i, _ in tokens]
    if not any(doubtful):
        return None
    heads, tails = _ends(question.scorecard.language, expand(phrases, question.scorecard.language))
    texts = [token for _, token in tokens]
    for length in _REMNANT:
        for at in range(len(texts) - length + 1):
            run = tuple(texts[at : at + length])
            before = doubtful[max(0, at - _BESIDE) : at + 1]
            after = doubtful[at + length - 1 : at + length + _BESIDE]
            if (run in tails and any(before)) or (run in heads and any(after)):
                return _trace(question, place, tokens[at][0], tokens[at + length - 1][0], "doubt_mangled_phrase")
    return None


def _is_doubtful(word: Word) -> bool:
    return word.probability is not None and word.probability < CLEAR_WORD_PROBABILITY


@lru_cache(maxsize=512)
def _ends(code: str, phrases: tuple[str, ...]) -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    """Beginnings and ends of the longer phrases, those that hold a word of their own."""
    language = get_language(code)
    written = [tokens for tokens in map(language.tokens, phrases) if len(tokens) > max(_REMNANT)]
    runs = [(tokens[:length], tokens[-length:]) for tokens in written for length in _REMNANT]
    own = [[run for run in side if not language.function_words.issuperset(run)] for side in zip(*runs, strict=True)]
    heads, tails = own or ((), ())
    return frozenset(heads), frozenset(tails)


def _tokens(question: Question, place: Place) -> list[tuple[int, str]]:
    """(index of the word, token) of the words in a place."""
    words = question.view.words_of(place.role).words
    language = question.view.language
    return [
        (index, token) for index in range(place.first, place.last + 1) for token in language.tokens(words[index].text)
    ]


def _trace(question: Question, place: Place, first: int, last: int, key: str) -> tuple[Evidence, str]:
    cited = question.view.cite(place.role, PhraseHit(first, last, 0.0, ""), kind=EvidenceKind.NEAR_MISS)
    trace = Evidence(cited.kind, cited.quote, cited.start, cited.end, cited.role)
    return trace, question.say(key, quote=cited.quote)


@lru_cache(maxsize=512)
def _sides(code: str, name: str) -> frozenset[tuple[str, int]]:
    """General words of a name, and on which side of each (-1, 1) its own words stand."""
    language = get_language(code)
    tokens = language.tokens(name)
    general = [token in language.generic_company_words and len(token) > 3 for token in tokens]
    own = [i for i, token in enumerate(tokens) if token not in language.generic_company_words]
    found: set[tuple[str, int]] = set()
    for i, token in enumerate(tokens):
        if general[i] and own:
            found |= {(token, -1)} if min(own) < i else set()
            found |= {(token, 1)} if max(own) > i else set()
    return frozenset(found)


@lru_cache(maxsize=2)
def _greeting_words(code: str) -> frozenset[str]:
    language = get_language(code)
    phrases = (phrase for name in _GREETING_LEXICONS for phrase in language.lexicon(name))
    return frozenset(token for phrase in phrases for token in language.tokens(phrase.replace("{name}", "")))


@lru_cache(maxsize=65536)
def _ordinary(code: str, token: str) -> bool:
    """Whether a word is at home in any greeting, so that it is no remnant of a company's name."""
    language: Language = get_language(code)
    if token in language.function_words or token in language.generic_company_words or token.isdecimal():
        return True
    return language.is_first_name(token) or token in _greeting_words(code)


@lru_cache(maxsize=64)
def _roster_forms(code: str, names: tuple[str, ...]) -> frozenset[str]:
    language = get_language(code)
    forms = {form for name in names for token in language.tokens(name)[:1] for form in language.name_forms(token)}
    return frozenset(forms)
