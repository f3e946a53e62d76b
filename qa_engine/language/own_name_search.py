"""Finding where a speaker introduces himself: "меня зовут Анна", "Emma speaking"; not whom else he names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa_engine.language.hits import MATCH_AT, NameHit
from qa_engine.language.languages import Language
from qa_engine.language.phrase_search import apart, find_phrase
from qa_engine.language.scripts import romanize, sound_key
from qa_engine.language.token_text import TokenText

__all__ = ["find_own_name"]

KNOWN = 100.0  # a known first name, or one of the roster
MISHEARD_ROSTER_FROM = 75.0  # a word in the place of the name that sounds like a colleague's name
UNKNOWN_NAME = 88.0  # any word in a certain place for a name: a name was said, whatever the recogniser made of it
NOT_A_NAME = 74.0  # "my name is", then a word that no name is: something was said there, a person listens
OFFERING = 90.0  # "Emma, how can I help": a match, but "my name is Emma" beside it is the better one
DOUBTFUL = 76.0  # a colleague's name where one may greet oneself or the other: "Анна, здравствуйте"
_SLOT = "{name}"


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is said around an own name. `certain` frames speak of a name, so that any word in the place is one."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    certain: bool
    doubtful: bool = False
    offers: bool = False  # "Emma, how can I help": the manager himself where the name is one of the roster


@dataclass(frozen=True, slots=True)
class _Named:
    """A name read at token positions `at`..`after`: as it is shown, and how sure that it is a name."""

    at: int
    after: int
    name: str
    similarity: float


class _Roster:
    """The names of the managers: forms of their first names, their surnames."""

    def __init__(self, language: Language, names: Sequence[str]) -> None:
        self.entries: list[tuple[str, frozenset[str], frozenset[str]]] = []
        for name in names:
            tokens = language.tokens(name)
            if tokens:
                first = next((token for token in tokens if language.is_first_name(token)), tokens[0])
                rest = frozenset(token for token in tokens if token != first)
                self.entries.append((name, language.names.forms(first), rest))

    def find(self, token: str, beside: Sequence[str]) -> str:
        """The roster's form for a first name or surname; of namesakes the one whose surname is said, else the name."""
        found = [entry for entry in self.entries if token in entry[1] or token in entry[2]]
        with_surname = [entry for entry in found if entry[2]]
        if len({entry[2] for entry in with_surname}) > 1:
            said = [entry[0] for entry in with_surname if entry[2] & set(beside)]
            return said[0] if said else token.title()
        return (with_surname or found)[0][0] if found else ""

    def misheard(self, token: str, beside: Sequence[str]) -> tuple[str, float]:
        """The roster's form that sounds most like `token`, and how much ("" and 0 when none does)."""
        forms = sorted({form for _, forms, _ in self.entries for form in forms})
        similarity, form = max(((_sounds_like(token, form), form) for form in forms), default=(0.0, ""))
        return (self.find(form, beside), similarity) if similarity >= MISHEARD_ROSTER_FROM else ("", 0.0)


@lru_cache(maxsize=65536)
def _sounds_like(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    letters = fuzz.ratio(romanize(one), romanize(other))
    return max(letters, (letters + fuzz.ratio(sound_key(one), sound_key(other))) / 2)


@lru_cache(maxsize=256)
def _roster(language: Language, names: tuple[str, ...]) -> _Roster:
    return _Roster(language, names)


@lru_cache(maxsize=8)
def _frames(language: Language) -> tuple[_Frame, ...]:
    frames = []
    for line in language.lexicon("own_name_intro"):
        before, _, after = line.partition(_SLOT)
        tokens = language.tokens(before)
        frames.append(_Frame(tokens, language.tokens(after), bool(language.cues("name_nouns") & set(tokens))))
    for name in ("greeting", "offer_help"):
        for phrase in language.lexicon(name):
            frames.append(_Frame((), language.tokens(phrase), False, doubtful=True, offers=name == "offer_help"))
    return tuple(frames)


def find_own_name(
    text: TokenText, *, roster: Sequence[str] = (), first: int = 0, last: int | None = None
) -> tuple[NameHit, ...]:
    """Where the speaker introduces himself in the words `first`..`last`: best first, not overlapping, >= NEAR_MISS_AT.

    `roster` are the managers' names: a name heard that fits one of them is given in its spelling there. A word that is
    no known first name counts only where a name must stand ("my name is ..."), with a lower similarity.
    """
    lo, hi = text.range_of(first, last)
    known = _roster(text.language, tuple(roster))
    hits = [hit for frame in _frames(text.language) for hit in _in_frame(text, frame, known, lo, hi)]
    return apart(hits)


def _in_frame(text: TokenText, frame: _Frame, roster: _Roster, lo: int, hi: int) -> Iterator[NameHit]:
    for begin, slot in _slots(text, frame, lo, hi):
        named = _read_name(text, frame, roster, slot, hi)
        if (
            named is None
            or not _stands(text, frame.after, named.after, hi)
            or _third_person(text, frame, begin, named, lo, hi)
        ):
            continue
        end = named.after + len(frame.after)
        own = frame.offers and bool(roster.find(text.texts[slot], ()))
        doubtful = frame.doubtful and named.similarity == KNOWN and not own
        similarity = DOUBTFUL if doubtful else min(named.similarity, OFFERING) if own else named.similarity
        yield NameHit(text.firsts[begin], text.lasts[end - 1], similarity, named.name)


def _slots(text: TokenText, frame: _Frame, lo: int, hi: int) -> Iterator[tuple[int, int]]:
    """(begin of the frame, position of the name) of every place where the words before the name stand."""
    if frame.certain and hi > lo:
        for hit in find_phrase(text, " ".join(frame.before), first=text.firsts[lo], last=text.lasts[hi - 1]):
            begin, slot = text.range_of(hit.first_word, hit.last_word)
            if hit.similarity >= MATCH_AT and slot < hi:
                yield begin, slot
    elif frame.before:
        for begin in text.positions(frame.before[0]):
            slot = begin + len(frame.before)
            if begin >= lo and slot < hi and _stands(text, frame.before, begin, hi):
                yield begin, slot
    else:
        for end in text.positions(frame.after[0]):
            for slot in (end - 1, end - 2):
                if slot >= lo and end + len(frame.after) <= hi:
                    yield slot, slot


def _stands(text: TokenText, tokens: Sequence[str], at: int, hi: int) -> bool:
    return at + len(tokens) <= hi and tuple(text.texts[at : at + len(tokens)]) == tuple(tokens)


def _read_name(text: TokenText, frame: _Frame, roster: _Roster, slot: int, hi: int) -> _Named | None:
    """The name at `slot`: of the roster, known, misheard, or (in a certain frame) any word that can be one."""
    language = text.language
    token = text.texts[slot]
    beside = text.texts[slot + 1 : min(slot + 3, hi)]
    surname_first = bool(beside) and _nominative(language, beside[0]) and not _nominative(language, token)
    if surname_first and frame.certain and token not in language.function_words:
        name = roster.find(beside[0], [token]) or beside[0].title()
        return _Named(slot, slot + 2, name, KNOWN)
    length = _length(text, slot, hi, frame)
    if listed := roster.find(token, beside):
        return _Named(slot, slot + length, listed, KNOWN) if frame.certain or not _oblique(language, token) else None
    if _nominative(language, token):
        if frame.doubtful and text.texts[slot - 1 : slot] in (["is"], ["am"]):  # "(...) is Linda, how can I help"
            return _Named(slot, slot + length, token.title(), UNKNOWN_NAME)
        loose = not frame.certain and language.function_words.issuperset((*frame.before, *frame.after))
        if frame.doubtful or (loose and token in language.cues("names_also_words")):
            return None
        full = " ".join(text.texts[slot : slot + length])
        return _Named(slot, slot + length, full.title(), KNOWN)
    return _unknown(text, roster, slot) if frame.certain else None


def _length(text: TokenText, slot: int, hi: int, frame: _Frame) -> int:
    """How many tokens the name takes: a patronymic belongs to it; a surname only where the frame goes on after it."""
    if slot + 1 < hi and text.language.is_patronymic(text.texts[slot + 1]):
        return 2
    surname = frame.after and not _stands(text, frame.after, slot + 1, hi)
    return 2 if surname and _stands(text, frame.after, slot + 2, hi) else 1


def _nominative(language: Language, token: str) -> bool:
    """A first name as one says one's own; names in the other alphabet have no cases."""
    return token in language.names.nominatives or (language.is_first_name(token) and token not in language.names.owners)


def _oblique(language: Language, token: str) -> bool:
    return language.is_first_name(token) and not _nominative(language, token)


def _unknown(text: TokenText, roster: _Roster, slot: int) -> _Named:
    token = text.texts[slot]
    name, similarity = roster.misheard(token, text.texts[slot + 1 : slot + 3])
    if name:
        return _Named(slot, slot + 1, name, max(UNKNOWN_NAME, similarity))
    declined = text.language.canonical_name(token)
    if declined:
        return _Named(slot, slot + 1, declined.title(), UNKNOWN_NAME)
    ordinary = text.language.function_words | text.language.cues("not_names")
    plausible = len(token) > 2 and token not in ordinary and re.fullmatch(r"[^\W\d_]+", token)
    return _Named(slot, slot + 1, token.title(), UNKNOWN_NAME if plausible else NOT_A_NAME)


def _third_person(text: TokenText, frame: _Frame, begin: int, named: _Named, lo: int, hi: int) -> bool:
    """Whether the words around show that another person is named."""
    language = text.language
    before = text.texts[max(lo, begin - 2) : begin]
    after = text.texts[named.after : min(hi, named.after + 2)]
    last_word = text.words[text.lasts[named.after - 1]].lower().rstrip(".,!?")
    if last_word.endswith(("'s", "’s")):
        return True
    if frame.certain:
        own = {*frame.before, *frame.after}
        whose = set(text.texts[begin : named.at]) - own
        bare = bool(frame.before) and frame.before[0] in language.cues("name_nouns")
        return bool(language.cues("whose_name") & (whose | set(before[-1:] if bare else ())))
    asked = not frame.before and tuple(before) in {("is", "this"), ("is", "that"), ("is", "it")}
    lone_is = (
        not frame.before
        and not frame.doubtful
        and before[-1:] == ["is"]
        and before[-2:-1] not in (["this"], ["it"], ["name"])
    )
    named_other = bool(language.cues("third_person_before") & set(before))
    acts = (
        after[:1] if language.function_words.issuperset(after[:1]) else after
    )  # "Sophie, how can I": another sentence
    does = not frame.after and bool(language.cues("third_person_after") & set(acts))
    return asked or lone_is or named_other or does
