"""How alike two words are, worked out once for every pair of a searched word and a heard word.

Searched words are few (those of the scorecards and lexicons) and stay; heard words repeat from call to call. So the
pairs are kept: after the first calls, finding which searched words a call holds is one look per different word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

from qa_engine.language.languages import Language, get_language
from qa_engine.language.scripts import romanize, sound_key

__all__ = ["EXACT", "FUZZY_AT_MOST", "SAME_STEM", "TOKEN_FLOOR", "Vocabulary", "vocabulary_of"]

EXACT = 100
SAME_STEM = 98  # another ending: the word was said, the form is the recogniser's guess as often as the speaker's
FUZZY_AT_MOST = 96  # other letters, however few
TOKEN_FLOOR = 70  # words less alike than this are different words
LETTERS_FLOOR = 45  # words that share less than this are not alike, however they sound
_MIN_JOINED = 2  # "a moment" run together is not "amount"
_MIN_JOINED_PAIR = 5
_JOINED = "+"  # begins the keys of joined words, which have no stem of their own
_MIN_LETTERS = 4  # shorter words are too near to each other: exact or same stem
_MIN_SOUNDS = 3  # shorter sound keys collide

Near = tuple[tuple[int, int], ...]  # (id of a searched word, similarity)


class Vocabulary:
    """The searched words of a language and their likeness to every word heard so far."""

    MAX_HEARD = 200_000  # the cache of heard words is emptied beyond this

    def __init__(self, language: Language) -> None:
        self.language = language
        self.ids: dict[str, int] = {}
        self._latin: list[str] = []
        self._sounds: list[str] = []
        self._stems: dict[str, list[int]] = {}
        self._heard: dict[str, tuple[int, Near]] = {}
        self._exact = language.function_words | language.cues("exact_words")
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._sounds)

    def add(self, token: str) -> int:
        """The id of a searched word; new ones count up from the last."""
        return self._add(token, token, self.language.stem(token))

    def add_joined(self, one: str, two: str) -> int:
        """The id of two neighbouring words heard as one ("добрыйдень"); -1 for words too short to be told apart so."""
        if min(len(one), len(two)) < _MIN_JOINED or len(one + two) < _MIN_JOINED_PAIR or not (one + two).isalpha():
            return -1
        return self._add(_JOINED + one + two, one + two, "")

    def _add(self, key: str, token: str, stem: str) -> int:
        with self._lock:
            known = self.ids.get(key)
            if known is not None:
                return known
            new = len(self._sounds)
            exact = token in self._exact and key == token
            self._latin.append("" if exact else _comparable(token))
            if stem:
                self._stems.setdefault(stem, []).append(new)
            self.ids[key] = new
            self._sounds.append("" if exact else _sounds(token))
            return new

    def near(self, tokens: Iterable[str]) -> dict[str, Near]:
        """For each heard word the searched words that are near it, with their similarity (TOKEN_FLOOR..100)."""
        size = len(self)
        heard = self._heard
        rows = {token: row[1] for token in tokens if (row := heard.get(token)) is not None and row[0] >= size}
        missing = [token for token in tokens if token not in rows]
        if missing:
            with self._lock:
                self._compare(missing)
                rows.update({token: self._heard[token][1] for token in missing})
        return rows

    def _compare(self, tokens: Sequence[str]) -> None:
        if len(self._heard) > self.MAX_HEARD:
            self._heard.clear()
        size = len(self._sounds)
        stale: dict[int, list[str]] = {}
        for token in tokens:
            stale.setdefault(self._heard.get(token, (0, ()))[0], []).append(token)
        for start, group in stale.items():
            for token, row in zip(group, self._rows(group, start, size), strict=True):
                before = self._heard.get(token, (0, ()))[1]
                self._heard[token] = (size, before + tuple(sorted(row.items())))

    def _rows(self, tokens: Sequence[str], start: int, size: int) -> list[dict[int, int]]:
        rows: list[dict[int, int]] = [{} for _ in tokens]
        heard = ["" if token in self._exact else token for token in tokens]
        for at, column, similarity in _alike(heard, self._latin[start:size], self._sounds[start:size]):
            rows[at][start + column] = similarity
        for row, token in zip(rows, tokens, strict=True):
            row.update(
                {found: SAME_STEM for found in self._stems.get(self.language.stem(token), ()) if start <= found < size}
            )
            for exact in (self.ids.get(token, -1), self.ids.get(_JOINED + token, -1)):
                if start <= exact < size:
                    row[exact] = EXACT
        return rows


@lru_cache(maxsize=8)
def _vocabulary(code: str) -> Vocabulary:
    return Vocabulary(get_language(code))


def vocabulary_of(language: Language) -> Vocabulary:
    """The one vocabulary of a language in this process."""
    return _vocabulary(language.code)


def _comparable(token: str) -> str:
    return romanize(token) if len(token) >= _MIN_LETTERS and not token.isdecimal() else ""


def _sounds(token: str) -> str:
    key = sound_key(token) if len(token) >= _MIN_LETTERS and not token.isdecimal() else ""
    return key if len(key) >= _MIN_SOUNDS else ""


def _alike(tokens: Sequence[str], latin: Sequence[str], sounds: Sequence[str]) -> list[tuple[int, int, int]]:
    """(row, column, similarity) of the pairs at or over TOKEN_FLOOR: by letters, or half by letters, half by sounds."""
    from numpy import array, rint
    from rapidfuzz import fuzz, process

    if not latin:
        return []
    heard = [_comparable(token) for token in tokens]
    keys = [_sounds(token) for token in tokens]
    letters: Any = process.cdist(heard, latin, scorer=fuzz.ratio, score_cutoff=LETTERS_FLOOR)
    by_sound: Any = process.cdist(keys, sounds, scorer=fuzz.ratio, score_cutoff=LETTERS_FLOOR)
    by_sound[array([not key for key in keys]), :] = 0  # nothing sounds like a word without a key
    both = letters.clip(min=(letters + by_sound) / 2)
    both[letters == 0] = 0
    both[array([not word for word in heard]), :] = 0
    rows, columns = (both >= TOKEN_FLOOR).nonzero()
    values = rint(both[rows, columns]).astype(int).clip(max=FUZZY_AT_MOST)
    return list(zip(rows.tolist(), columns.tolist(), values.tolist(), strict=True))
