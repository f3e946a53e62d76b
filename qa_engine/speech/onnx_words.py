"""Words from the tokens of a recogniser that says when each token begins (letters, or pieces of words)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qa_engine.domain.transcript import Word

__all__ = ["Token", "join_tokens"]

LETTER_SECONDS = 0.08  # where nothing follows: 150 words a minute of 5 letters are 12.5 letters a second
_SPECIAL = re.compile(r"<[^<>]*>")  # <unk>, <|ru|>: nothing that was said


@dataclass(frozen=True, slots=True)
class Token:
    """A letter or a piece of a word, a leading space where a word begins; `start` in seconds.

    `log_probability` is natural, None where the recogniser gives none.
    """

    text: str
    start: float
    log_probability: float | None = None


def join_tokens(tokens: Sequence[Token], *, duration: float) -> tuple[Word, ...]:
    """The words of `tokens` (in time order), times in seconds inside ``0 .. duration``.

    A word begins with its first token that has a letter or digit. It ends where the next token (or space) begins, and
    at most 0.08 s per letter after its last token began. Its probability is the geometric mean of its tokens'.
    Punctuation belongs to the word before it, changes neither time nor probability, and is dropped before any word.
    """
    events = [token for token in tokens if not _SPECIAL.fullmatch(token.text.strip())]
    words: list[Word] = []
    for first, last in _word_borders(events):
        text = "".join(token.text for token in events[first:last]).strip()
        spoken = [at for at in range(first, last) if _is_spoken(events[at].text)]
        if spoken:
            words.append(_word(text, events, spoken, duration))
        elif words:
            words[-1] = replace(words[-1], text=words[-1].text + text)
    return tuple(words)


def _word_borders(events: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Index ranges between one leading (or lone) space and the next."""
    starts = [at for at, token in enumerate(events) if at == 0 or token.text[:1].isspace()]
    return pairwise((*starts, len(events)))


def _word(text: str, events: Sequence[Token], spoken: Sequence[int], duration: float) -> Word:
    final = events[spoken[-1]]
    following = events[spoken[-1] + 1].start if spoken[-1] + 1 < len(events) else duration
    start = min(max(events[spoken[0]].start, 0.0), duration)
    end = min(final.start + LETTER_SECONDS * sum(map(str.isalnum, final.text)), following, duration)
    logs = [events[at].log_probability for at in spoken]
    known = [value for value in logs if value is not None]
    chance = round(min(1.0, math.exp(sum(known) / len(known))), 4) if len(known) == len(logs) else None
    return Word(text, round(start, 3), round(max(start, end), 3), chance)


def _is_spoken(text: str) -> bool:
    return any(map(str.isalnum, text))
