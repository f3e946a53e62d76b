"""Finding the company's name in what a recogniser made of it: "carpet valley", "her profile international bank"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa_engine.language.hits import MATCH_AT, NEAR_MISS_AT, PhraseHit
from qa_engine.language.languages import Language
from qa_engine.language.lexicons import load_lines
from qa_engine.language.phrase_search import apart, find_phrase
from qa_engine.language.scripts import romanize, sound_key
from qa_engine.language.token_text import TokenText
from qa_engine.language.vocabulary import FUZZY_AT_MOST, SAME_STEM

__all__ = ["find_company"]

SOUND_ALONE = 0.9  # worth of equal consonants when the letters differ: "her profile" for "Harper Valley"
SOUNDS_NEEDED = 6  # shorter keys meet by chance
LETTERS_BESIDE_SOUND = (
    50.0  # without half of the letters, equal consonants are chance: "home address" for "Happy Motors"
)
LENGTH_FROM = 0.7  # of the name's letters have to be there: "happy to" is not "Happy Motors"
LETTERS_NEEDED = 5  # shorter names have to be said, not to sound alike
LONE_WORD_FROM = 78.0  # one word: "рубашка" is 75 to "Ромашка", "has" is 75 to "Chase"
SUPPORT = 6.0  # points for each general word of the name heard beside it ("bank", "магазин")
SUPPORT_AT_MOST = 12.0
SUPPORT_FROM = 66.0  # a general word supports only what already sounds alike
SUPPORT_REACH = 4  # tokens on either side
SUPPORTED_AT_MOST = 97.0
INTRODUCED = 18.0  # points for "this is ... bank" around what sounds half alike: enough for a person to listen
INTRODUCED_FROM = 52.0
INTRODUCED_AT_MOST = MATCH_AT - 1  # never a pass
PART_OF_NAME = 86.0  # a name of three own words or more, without the last


@dataclass(frozen=True, slots=True)
class _Company:
    """A name in parts: the words that only it has, and the general ones (bank, shop)."""

    name: str
    own: tuple[str, ...]
    general: frozenset[str]
    letters: str
    sounds: str


@dataclass(frozen=True, slots=True)
class _Heard:
    """Token positions (from, before) and how much they sound like the words of the name."""

    at: int
    after: int
    similarity: float


@lru_cache(maxsize=4096)
def _company(language: Language, name: str) -> _Company:
    tokens = language.tokens(name)
    general = language.generic_company_words | language.function_words
    own = tuple(token for token in tokens if token not in general) or tokens
    stems = frozenset(
        language.stem(token) for token in tokens if token not in own and token not in language.function_words
    )
    letters = "".join(romanize(token) for token in own)
    return _Company(name, own, stems, letters, sound_key(letters))


def find_company(
    text: TokenText, names: Sequence[str], *, first: int = 0, last: int | None = None
) -> tuple[PhraseHit, ...]:
    """Where the company was named in the words `first`..`last`: best first, not overlapping, all >= NEAR_MISS_AT.

    `names` are the spellings of one company; `phrase` of a hit is the one that fits best. The part of a name that
    other companies do not share is enough ("Harper Valley" for "Harper Valley National Bank"); general words alone
    are nothing.
    """
    lo, hi = text.range_of(first, last)
    hits = [
        PhraseHit(text.firsts[heard.at], text.lasts[heard.after - 1], round(heard.similarity, 1), company.name)
        for company in (_company(text.language, name) for name in names)
        for heard in _find(text, company, lo, hi)
    ]
    return apart(hits)


def _find(text: TokenText, company: _Company, lo: int, hi: int) -> list[_Heard]:
    if not company.own or hi <= lo:
        return []
    heard = [*_by_words(text, company, lo, hi), *_by_sound(text, company, lo, hi)]
    supported = [_supported(text, company, one, lo, hi) for one in heard]
    return [one for one in supported if one.similarity >= NEAR_MISS_AT]


def _by_words(text: TokenText, company: _Company, lo: int, hi: int) -> list[_Heard]:
    """The own words of the name, word by word; for long names also the first ones alone."""
    first, last = text.firsts[lo], text.lasts[hi - 1]
    floor = LONE_WORD_FROM if len(company.own) == 1 else NEAR_MISS_AT
    hits = find_phrase(text, " ".join(company.own), first=first, last=last)
    found = [(hit, hit.similarity) for hit in hits if hit.similarity >= floor]
    if len(company.own) >= 3:
        part = find_phrase(text, " ".join(company.own[:-1]), first=first, last=last)
        found.extend((hit, PART_OF_NAME) for hit in part if hit.similarity >= SAME_STEM)
    spans = [(text.range_of(hit.first_word, hit.last_word), similarity) for hit, similarity in found]
    return [_Heard(at, after, similarity) for (at, after), similarity in spans]


def _by_sound(text: TokenText, company: _Company, lo: int, hi: int) -> list[_Heard]:
    """Stretches of tokens that, run together, sound like the own words of the name run together."""
    from numpy import where
    from rapidfuzz import fuzz, process

    if len(company.letters) < LETTERS_NEEDED or company.letters.isdecimal():
        return []
    spans, letters, sounds = text.stretches(lo, hi, len(company.own) + 1)
    by_letters = process.cdist([company.letters], letters, scorer=fuzz.ratio)[0]
    by_sounds = process.cdist([company.sounds], sounds, scorer=fuzz.ratio)[0]
    score = by_letters.clip(min=(by_letters + by_sounds) / 2)
    if len(company.sounds) >= SOUNDS_NEEDED:
        score = where(by_letters >= LETTERS_BESIDE_SOUND, score.clip(min=by_sounds * SOUND_ALONE), score)
    floor = LONE_WORD_FROM if len(company.own) == 1 else INTRODUCED_FROM
    needed = LENGTH_FROM * len(company.letters)
    numbers = {token for token in company.own if token.isdecimal()}  # "4 колеса" is not "74 колеса"
    heard = [
        _Heard(spans[at][0], spans[at][1], float(min(score[at], FUZZY_AT_MOST)))
        for at in (score >= floor).nonzero()[0]
        if len(letters[at]) >= needed
    ]
    return [one for one in heard if numbers <= set(text.texts[one.at : one.after])]


def _supported(text: TokenText, company: _Company, heard: _Heard, lo: int, hi: int) -> _Heard:
    """The same with points for the general words of the name beside it and for being introduced as a name."""
    if heard.similarity >= SUPPORTED_AT_MOST:
        return heard
    beside = [
        *range(max(lo, heard.at - SUPPORT_REACH), heard.at),
        *range(heard.after, min(hi, heard.after + SUPPORT_REACH)),
    ]
    general = {text.language.stem(text.texts[at]) for at in beside} & company.general
    if heard.similarity >= SUPPORT_FROM:
        bonus = min(SUPPORT * len(general), SUPPORT_AT_MOST)
        return _Heard(heard.at, heard.after, min(heard.similarity + bonus, SUPPORTED_AT_MOST))
    if general and _introduced(text, heard.at, lo):
        return _Heard(heard.at, heard.after, min(heard.similarity + INTRODUCED, INTRODUCED_AT_MOST))
    return heard


def _introduced(text: TokenText, at: int, lo: int) -> bool:
    """Whether the words before say that a company's name follows: "this is", "вас приветствует"."""
    frames = _frames(text.language)
    return any(at - len(frame) >= lo and tuple(text.texts[at - len(frame) : at]) == frame for frame in frames)


@lru_cache(maxsize=8)
def _frames(language: Language) -> tuple[tuple[str, ...], ...]:
    return tuple(language.tokens(line) for line in load_lines(language.code, "company_frames"))
