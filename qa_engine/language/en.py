"""English: number words, hesitations and contractions."""

from __future__ import annotations

from qa_engine.language.numbers import NumberWords

__all__ = ["CONTRACTIONS", "FILLER", "NUMBERS"]

FILLER = r"u+h+|u+h*m+|e+r+m*|a+h+m*|h+m+|m{2,}|mkay|eh+"

_SUFFIXES = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would"}
_PRONOUNS = {"i": "m d ll ve", "you": "re d ll ve", "we": "re d ll ve", "they": "re d ll ve"}
_WITH_IS = "he she it that there here what who where how when this name everything something"
_NEGATED = "do does did is are was were have has had would could should must need might"

CONTRACTIONS: dict[str, tuple[str, ...]] = {
    **{
        f"{word}'{suffix}": (word, _SUFFIXES[suffix])
        for word, suffixes in _PRONOUNS.items()
        for suffix in suffixes.split()
    },
    **{f"{word}'s": (word, "is") for word in _WITH_IS.split()},
    **{f"{word}'{suffix}": (word, _SUFFIXES[suffix]) for word in _WITH_IS.split() for suffix in ("ll", "d")},
    **{f"{word}n't": (word, "not") for word in _NEGATED.split()},
    **{f"{word}nt": (word, "not") for word in ("do", "does", "did", "is", "are", "was", "would", "could", "should")},
    "can't": ("can", "not"),
    "cant": ("can", "not"),
    "cannot": ("can", "not"),
    "won't": ("will", "not"),
    "let's": ("let", "us"),
    "lets": ("let", "us"),
    "im": ("i", "am"),
    "ive": ("i", "have"),
    "youre": ("you", "are"),
    "whats": ("what", "is"),
    "thats": ("that", "is"),
    "hows": ("how", "is"),
    "theres": ("there", "is"),
    "ma'am": ("madam",),
    "maam": ("madam",),
    "gonna": ("going", "to"),
    "wanna": ("want", "to"),
    "gotta": ("got", "to"),
    "y'all": ("you", "all"),
    "'cause": ("because",),
    "ok": ("okay",),
    "alrighty": ("alright",),
    "thx": ("thanks",),
    "mr": ("mister",),
    "o'clock": ("oclock",),
}

_VALUES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "first": 1, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30, "fortieth": 40,
    "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "eightieth": 80, "ninetieth": 90,
}  # fmt: skip

NUMBERS = NumberWords(
    values=_VALUES,
    multipliers={"hundred": 100, "hundreds": 100, "thousand": 1000, "million": 10**6},
    joiner="and",
    only_after_tens={"second": 2},
)
