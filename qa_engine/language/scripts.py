"""Alphabets: look-alike letters, Cyrillic in Latin letters and back, and a key for how a word sounds."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["has_cyrillic", "romanize", "sound_key", "to_cyrillic", "unify_script"]

_LATIN_TO_CYRILLIC_LOOK = str.maketrans("aceopxyktmhbn", "асеорхуктмнвп")
_CYRILLIC_TO_LATIN_LOOK = str.maketrans("асеорхуктмнв", "aceopxyktmhb")
_CYRILLIC = re.compile("[а-яёіїєґў]")
_LATIN = re.compile("[a-z]")

# Cyrillic by sound, near to what a recogniser writes for a Russian name in an English call (BGN/PCGN, simplified).
_ROMAN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
_ROMAN_TABLE = str.maketrans(_ROMAN)

# Latin letters by sound into Cyrillic; longer groups first.
_TO_CYRILLIC = (
    ("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("yu", "ю"),
    ("ya", "я"), ("yo", "е"), ("ye", "е"), ("ph", "ф"), ("th", "т"), ("ck", "к"), ("ee", "и"), ("oo", "у"),
    ("a", "а"), ("b", "б"), ("c", "к"), ("d", "д"), ("e", "е"), ("f", "ф"), ("g", "г"), ("h", "х"), ("i", "и"),
    ("j", "дж"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("q", "к"), ("r", "р"),
    ("s", "с"), ("t", "т"), ("u", "у"), ("v", "в"), ("w", "в"), ("x", "кс"), ("z", "з"),
)  # fmt: skip
_TO_CYRILLIC_GROUP = re.compile("|".join(group for group, _ in _TO_CYRILLIC) + "|y")
_TO_CYRILLIC_TABLE = dict(_TO_CYRILLIC)

# Letter groups to sound classes (upper case); voiced and unvoiced fall together, as they do on a phone line and at the
# end of Russian words. Loosely after Philips' Metaphone (1990), cut down to what both alphabets share.
_SOUND_GROUPS = (
    (re.compile("^(?:kn|gn)"), "N"), (re.compile("^wr"), "R"), (re.compile("^wh"), "F"), (re.compile("^x"), "S"),
    (re.compile("sch|sh|zh|tion|sion|j"), "X"), (re.compile("tch|ch"), "C"), (re.compile("ph"), "F"),
    (re.compile("th"), "T"),
    (re.compile("igh|ough|augh"), "A"), (re.compile("ck|qu|q|kh"), "K"), (re.compile("c(?=[eiy])"), "S"),
    (re.compile("x"), "KS"), (re.compile("[ckg]"), "K"), (re.compile("[pb]"), "P"), (re.compile("[td]"), "T"),
    (re.compile("[fvw]"), "F"), (re.compile("[sz]"), "S"), (re.compile("m"), "M"), (re.compile("n"), "N"),
    (re.compile("l"), "L"), (re.compile("r"), "R"), (re.compile("h"), "H"), (re.compile("[aeiouy]"), "A"),
)  # fmt: skip
_DOUBLED = re.compile(r"([A-Z])\1+")
_INNER_VOWEL = re.compile("(?<=.)A")


def has_cyrillic(token: str) -> bool:
    """Whether a token holds a Cyrillic letter."""
    return _CYRILLIC.search(token) is not None


def unify_script(token: str, *, prefer_cyrillic: bool) -> str:
    """A lower-case token with look-alike letters of the other alphabet replaced; tokens of one alphabet as they are."""
    num_cyrillic = len(_CYRILLIC.findall(token))
    num_latin = len(_LATIN.findall(token))
    if not num_cyrillic or not num_latin:
        return token
    to_cyrillic = num_cyrillic > num_latin or (num_cyrillic == num_latin and prefer_cyrillic)
    return token.translate(_LATIN_TO_CYRILLIC_LOOK if to_cyrillic else _CYRILLIC_TO_LATIN_LOOK)


@lru_cache(maxsize=65536)
def romanize(token: str) -> str:
    """A normalised token in Latin letters ("ромашка" -> "romashka"); Latin tokens as they are."""
    return token if token.isascii() else token.translate(_ROMAN_TABLE)


def to_cyrillic(token: str) -> str:
    """A normalised Latin token in Cyrillic letters by sound ("anna" -> "анна", "sergey" -> "сергей")."""

    def letter(match: re.Match[str]) -> str:
        group = match.group()
        if group != "y":
            return _TO_CYRILLIC_TABLE[group]
        before = token[match.start() - 1] if match.start() else ""
        return "й" if before in tuple("aeiou") else "и"

    return _TO_CYRILLIC_GROUP.sub(letter, token)


@lru_cache(maxsize=65536)
def sound_key(token: str) -> str:
    """The consonants of a token as sound classes ("ромашка", "romashka" -> "RMXK"); a leading vowel is "A"."""
    key = romanize(token)
    for pattern, sound in _SOUND_GROUPS:
        key = pattern.sub(sound, key)
    key = _INNER_VOWEL.sub("", _DOUBLED.sub(r"\1", key))
    return _DOUBLED.sub(r"\1", key)
