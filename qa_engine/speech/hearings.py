"""Several hearings of the same sound compared: the text most of them agree on, and how many agree on each word.

A recogniser without word probabilities still shows its doubt: heard again a little shifted, a word it is sure of stays
and a guess changes ("Thank you for calling" / "Then keep a calling"). The idea is ROVER's (Fiscus 1997), reduced to
choosing one hearing whole, so that no sentence is put together that nobody heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["HeardWord", "agree", "is_same"]

ALL_AGREE = 0.95  # not 1: hearings of one model share its errors
EDGES = ".,!?;:…\"'()[]-"


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word as written, and the share of hearings that have it, 0..1 (at most 0.95)."""

    text: str
    probability: float


def is_same(first: str, second: str) -> bool:
    """Whether two hearings have the same words; case and punctuation aside."""
    return _plain(first) == _plain(second)


def agree(texts: Sequence[str]) -> tuple[HeardWord, ...]:
    """The words of the hearing that is most like the others (the earliest of equals), with their shares."""
    if not texts:
        return ()
    plain = [_plain(text) for text in texts]
    likeness = [sum(_ratio(one, other) for other in plain) for one in plain]
    best = likeness.index(max(likeness))
    support = [1] * len(plain[best])
    for index, other in enumerate(plain):
        if index != best:
            for at in _matched(plain[best], other):
                support[at] += 1
    written = [word for word in texts[best].split() if _bare(word)]
    shares = (ALL_AGREE * count / len(texts) for count in support)
    return tuple(HeardWord(word, round(share, 3)) for word, share in zip(written, shares, strict=True))


def _plain(text: str) -> list[str]:
    return [bare for bare in map(_bare, text.split()) if bare]


def _bare(word: str) -> str:
    return word.lower().strip(EDGES)


def _ratio(first: list[str], second: list[str]) -> float:
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _matched(words: list[str], other: list[str]) -> list[int]:
    """Indices into `words` of those that stand in `other` in the same order."""
    blocks = SequenceMatcher(None, words, other, autojunk=False).get_matching_blocks()
    return [at for block in blocks for at in range(block.a, block.a + block.size)]
