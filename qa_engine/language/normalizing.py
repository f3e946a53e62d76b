"""Text to tokens: case, punctuation, accents, look-alike letters, contractions, hesitations, number words.

A token is lower case, of letters only or of digits only, and remembers the words of the source it came from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from qa_engine.language.numbers import NumberWords, read_number
from qa_engine.language.scripts import unify_script

__all__ = ["Normalizer", "Tokens"]

_MARK = re.compile(r"\[[^\]\[]*\]|<[^<>]*>")  # recognisers' notes: [noise], <unk>
_APOSTROPHE = re.compile("[’‘ʼ`´′]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_TOKEN = re.compile(
    r"(\d+)(?:-?(?:ый|ой|ая|ое|ые|ых|ым|ыми|ую|ого|ому|[хйяеюм]|го|му|ми|ти|st|nd|rd|th)(?![^\W\d_]))?"
    r"|([^\W\d_]+(?:'[^\W\d_]+)*)"
)
_BACK_CHANNEL = {first: (["huh"], ["hm"], ["hmm"], ["hum"]) for first in ("uh", "um", "mm", "m", "mmm")}
_BREVE = "\u0306"


class Tokens(NamedTuple):
    """Normalised words and numbers, each with the indices of the first and the last source word it came from."""

    texts: list[str]
    firsts: list[int]
    lasts: list[int]


def fold(text: str) -> str:
    """Lower case, ё as е, no accents, straight apostrophes."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept: list[str] = []
    for letter in parts:
        if not unicodedata.combining(letter) or (letter == _BREVE and kept and kept[-1] == "и"):
            kept.append(letter)
    return unicodedata.normalize("NFC", _APOSTROPHE.sub("'", "".join(kept)))


class Normalizer:
    """Normalises text of one language; words seen before are looked up, so a call costs one look per word."""

    MAX_WORDS = 200_000  # the cache is emptied beyond this; a shop's calls hold some ten thousand different words

    def __init__(
        self, code: str, *, filler: str, contractions: Mapping[str, tuple[str, ...]], numbers: NumberWords
    ) -> None:
        self.code = code
        self._filler = re.compile(filler)
        self._contractions = contractions
        self._numbers = numbers
        self._seen: dict[str, tuple[tuple[str, ...], bool]] = {}
        self._hesitations: set[str] = set()

    def normalize(self, text: str) -> str:
        """The tokens of `text` joined by spaces; normalising twice changes nothing."""
        return " ".join(self.tokenize(_MARK.sub(" ", text).split()).texts)

    def tokenize(self, words: Sequence[str]) -> Tokens:
        """Tokens of `words` with the indices of the words they came from; hesitations and marks give none."""
        tokens = Tokens([], [], [])
        special = False
        seen = self._seen
        for index, word in enumerate(words):
            texts, is_special = seen.get(word) or self._look_at(word)
            special = special or is_special
            for text in texts:
                tokens.texts.append(text)
                tokens.firsts.append(index)
        tokens.lasts.extend(tokens.firsts)
        return self._join_numbers(self._drop_fillers(tokens)) if special else tokens

    def _look_at(self, word: str) -> tuple[tuple[str, ...], bool]:
        if len(self._seen) > self.MAX_WORDS:
            self._seen.clear()
        texts = tuple(text for match in _TOKEN.finditer(_prepared(word)) for text in self._texts(match))
        self._hesitations.update(text for text in texts if self._filler.fullmatch(text) or text in _BACK_CHANNEL)
        special = any(text in self._hesitations or self._numbers.has(text) for text in texts)
        self._seen[word] = (texts, special)
        return self._seen[word]

    def _texts(self, match: re.Match[str]) -> tuple[str, ...]:
        if match.group(1):
            return ("".join(str(unicodedata.decimal(digit)) for digit in match.group(1)),)
        letters = unify_script(match.group(2), prefer_cyrillic=self.code == "ru")
        if letters in self._contractions:
            return self._contractions[letters]
        plain = letters.removesuffix("'s").replace("'", "")
        return self._contractions.get(plain, (plain,)) if plain else ()

    def _drop_fillers(self, tokens: Tokens) -> Tokens:
        """The tokens without hesitations; "uh huh" is a word and stays as one."""
        texts = tokens.texts
        kept = Tokens([], [], [])
        taken = -1
        for at, text in enumerate(texts):
            if at <= taken:
                continue
            if text in self._hesitations:
                if text not in _BACK_CHANNEL or texts[at + 1 : at + 2] not in _BACK_CHANNEL[text]:
                    if not self._filler.fullmatch(text):
                        _append(kept, text, tokens.firsts[at], tokens.lasts[at])
                    continue
                taken = at + 1
                _append(kept, "mhm", tokens.firsts[at], tokens.lasts[at + 1])
            else:
                _append(kept, text, tokens.firsts[at], tokens.lasts[at])
        return kept

    def _join_numbers(self, tokens: Tokens) -> Tokens:
        texts, has = tokens.texts, self._numbers.has
        joined = Tokens([], [], [])
        taken = -1
        for at, text in enumerate(texts):
            if at <= taken:
                continue
            value, after = read_number(texts, at, self._numbers) if has(text) or text.isdecimal() else (0, at)
            taken = max(after - 1, at)
            _append(joined, str(value) if after > at else text, tokens.firsts[at], tokens.lasts[taken])
        return joined


def _append(tokens: Tokens, text: str, first: int, last: int) -> None:
    tokens.texts.append(text)
    tokens.firsts.append(first)
    tokens.lasts.append(last)


def _prepared(word: str) -> str:
    return _THOUSANDS.sub("", fold(_MARK.sub(" ", word)))
