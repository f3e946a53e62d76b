"""Loops: a recogniser that lost its way repeats itself; what nobody said must not be cited."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["loop_free"]

LONGEST_PHRASE = 12  # words of a phrase that may be repeated
# Repetitions in a row that people do not say: "no no no no" happens, a phrase of four words three times does not.
MOST_REPEATS = {1: 5, 2: 4, 3: 3}
MOST_REPEATS_LONG = 2


def loop_free(words: Sequence[str]) -> tuple[int, ...]:
    """Indices of the words to keep: of a phrase repeated more often than people do, the first time stays."""
    plain = [word.lower().strip(".,!?…") for word in words]
    kept: list[int] = []
    at = 0
    while at < len(plain):
        size, repeats = _loop_at(plain, at)
        kept += range(at, at + max(1, size))
        at += max(1, size * repeats)
    return tuple(kept)


def _loop_at(plain: Sequence[str], at: int) -> tuple[int, int]:
    """Size and number of repeats of a loop that begins here; (0, 0) without one."""
    for size in range(1, min(LONGEST_PHRASE, (len(plain) - at) // 2) + 1):
        phrase = plain[at : at + size]
        repeats = 1
        while plain[at + repeats * size : at + (repeats + 1) * size] == phrase:
            repeats += 1
        if repeats > MOST_REPEATS.get(size, MOST_REPEATS_LONG):
            return size, repeats
    return 0, 0
