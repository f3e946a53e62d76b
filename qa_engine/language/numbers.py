"""Number words to digits: "семьдесят четыре", "семидесяти четырёх", "seventy four" -> "74"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["NumberWords", "read_number"]


@dataclass(frozen=True, slots=True)
class NumberWords:
    """Number words of a language: values that add up, and multipliers.

    `values`: 0..19, tens and (Russian) hundreds; `multipliers`: hundred (English), thousand, million; `joiner` may
    stand after a multiplier ("one hundred and five"); `only_after_tens` are number words only there ("twenty second").
    """

    values: Mapping[str, int]
    multipliers: Mapping[str, int]
    joiner: str = ""
    only_after_tens: Mapping[str, int] | None = None

    def has(self, token: str) -> bool:
        """Whether a token may begin a number."""
        return token in self.values or token in self.multipliers


class _Reading:
    """A number as it is read word by word: finished thousands, the group in work and the place that is free in it."""

    __slots__ = ("done", "group", "place", "scale")

    def __init__(self) -> None:
        self.done = 0
        self.group = -1  # -1: nothing in the group yet
        self.place = 1000  # the next value has to be smaller than this
        self.scale = 10**9

    def add(self, value: int) -> bool:
        """Take a value word; False when it does not fit ("two five")."""
        if value >= self.place or (value == 0 and self.group >= 0):
            return False
        self.group = max(self.group, 0) + value
        self.place = 100 if value >= 100 else 10 if value >= 20 else 0
        return True

    def multiply(self, factor: int) -> bool:
        """Take a multiplier; False when it does not fit."""
        if factor == 100:
            if self.group == 0 or self.group >= 100:
                return False
            self.group, self.place = (self.group if self.group > 0 else 1) * 100, 100
            return True
        if factor >= self.scale or self.group == 0:
            return False
        self.done += (self.group if self.group > 0 else 1) * factor
        self.group, self.place, self.scale = -1, 1000, factor
        return True

    @property
    def value(self) -> int:
        return self.done + max(self.group, 0)


def _step(reading: _Reading, token: str, words: NumberWords) -> bool:
    if token in words.multipliers:
        return reading.multiply(words.multipliers[token])
    if token in words.values:
        return reading.add(words.values[token])
    ordinal = (words.only_after_tens or {}).get(token)
    return ordinal is not None and reading.place == 10 and reading.group > 0 and reading.add(ordinal)


def read_number(tokens: Sequence[str], start: int, words: NumberWords) -> tuple[int, int]:
    """The number that begins at `start` and the index after it; (0, start) where there is none."""
    reading = _Reading()
    at = start
    if tokens[at].isdecimal() and len(tokens[at]) <= 3 and at + 1 < len(tokens) and tokens[at + 1] in words.multipliers:
        reading.group, reading.place = int(tokens[at]), 0
        at += 1
    while at < len(tokens):
        joined = words.joiner and tokens[at] == words.joiner and at > start and tokens[at - 1] in words.multipliers
        if joined and at + 1 < len(tokens) and tokens[at + 1] in words.values and _step(reading, tokens[at + 1], words):
            at += 2
        elif _step(reading, tokens[at], words):
            at += 1
        else:
            break
    return (reading.value, at) if at > start else (0, start)
