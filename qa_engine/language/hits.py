"""What a search finds, and the one allowance of the engine: how alike is alike enough."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MATCH_AT", "NEAR_MISS_AT", "NameHit", "PhraseHit"]

MATCH_AT = 85.0
"""Similarity (0..100) from which words count as said.

A phrase of two words or more stays above it with one word misheard, as long as that word is still 70 alike: what a
recogniser with 5-10 % word errors does. Another ending costs 2 points, one small word lost 5-25, one word put in 5 (16
between two words alone). A whole word of substance lost out of six or fewer is below it: then a person decides.
"""

NEAR_MISS_AT = 70.0
"""Similarity from which a person looks at it: below, three in ten of the sounds differ, other words are as likely."""


@dataclass(frozen=True, slots=True)
class PhraseHit:
    """`phrase` heard in the words `first_word`..`last_word` (indices, inclusive) with a similarity of 0..100."""

    first_word: int
    last_word: int
    similarity: float
    phrase: str


@dataclass(frozen=True, slots=True)
class NameHit:
    """A self-introduction in the words `first_word`..`last_word`.

    `name` is in title case, or as on the roster where it is there; `similarity` 0..100.
    """

    first_word: int
    last_word: int
    similarity: float
    name: str
