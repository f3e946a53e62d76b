"""A stretch of heard words, made ready for searching."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise

from qa_engine.language.languages import Language
from qa_engine.language.normalizing import Tokens
from qa_engine.language.scripts import romanize, sound_key
from qa_engine.language.vocabulary import FUZZY_AT_MOST, vocabulary_of

__all__ = ["Spot", "TokenText"]

Spot = tuple[int, int]  # similarity, number of tokens
_NO_SPOTS: dict[int, Spot] = {}
_SPLIT_LETTERS = 5  # "good bye": shorter words are not looked for in two pieces


class TokenText:
    """Normalised tokens of `words` that remember their word, and where words near a searched word stand.

    Build it once per text and search it often; it is read-only for its users.
    """

    __slots__ = (
        "_best",
        "_found",
        "_known",
        "_positions",
        "_spots",
        "_vocabulary",
        "firsts",
        "language",
        "lasts",
        "texts",
        "words",
    )

    def __init__(self, language: Language, words: Sequence[str], tokens: Tokens) -> None:
        self.language = language
        self.words = tuple(words)
        self.texts, self.firsts, self.lasts = tokens
        self._vocabulary = vocabulary_of(language)
        self._positions: dict[str, list[int]] = {}
        for at, text in enumerate(self.texts):
            self._positions.setdefault(text, []).append(at)
        self._found: dict[int, list[tuple[str, int]]] = {}
        self._best: dict[int, int] = {}
        self._spots: dict[int, dict[int, Spot]] = {}
        self._known = 0

    @classmethod
    def from_words(cls, language: Language, words: Sequence[str]) -> TokenText:
        """The text of a sequence of words as heard or written (punctuation and case do not matter)."""
        return cls(language, words, language.tokenize(words))

    def __len__(self) -> int:
        return len(self.texts)

    def range_of(self, first: int, last: int | None) -> tuple[int, int]:
        """Token positions (from, before) that lie within the words `first`..`last`, inclusive."""
        after = len(self.texts) if last is None else bisect_right(self.lasts, last)
        return bisect_left(self.firsts, first), after

    def positions(self, token: str) -> Sequence[int]:
        """Positions of a normalised token."""
        return self._positions.get(token, ())

    def best(self) -> Mapping[int, int]:
        """Searched word (its id) -> similarity of the nearest word; only those that something is near to."""
        if len(self._vocabulary) > self._known:
            self._update()
        return self._best

    def spots(self, searched: int) -> Mapping[int, Spot]:
        """Token position -> (similarity, number of tokens) of the words near a searched word."""
        spots = self._spots.get(searched)
        if spots is None:
            if searched not in self.best():
                return _NO_SPOTS
            spots = self._spots[searched] = {
                at: (similarity, 1 if text in self._positions else 2)
                for similarity, text in sorted((similarity, text) for text, similarity in self._found[searched])
                for at in self._positions.get(text) or self._pairs(text)
            }
        return spots

    def stretches(self, lo: int, hi: int, num_tokens: int) -> tuple[list[tuple[int, int]], list[str], list[str]]:
        """Stretches of 1..`num_tokens` tokens within the positions `lo`..`hi`: (from, before), letters and sounds."""
        spans: list[tuple[int, int]] = []
        letters: list[str] = []
        parts = [romanize(text) for text in self.texts[lo:hi]]
        for at in range(len(parts)):
            joined = ""
            for after in range(at, min(at + num_tokens, len(parts))):
                joined += parts[after]
                spans.append((lo + at, lo + after + 1))
                letters.append(joined)
        return spans, letters, [sound_key(joined) for joined in letters]

    def _update(self) -> None:
        """Take in the searched words that were added to the vocabulary since the last time."""
        known, size = self._known, len(self._vocabulary)
        for text, row in self._vocabulary.near(self._positions).items():
            for searched, similarity in row:
                if known <= searched < size:
                    self._take(searched, text, similarity)
        ids = self._vocabulary.ids
        for joined in ids.keys() & set(map("".join, pairwise(self.texts))):
            if known <= ids[joined] < size and joined not in self._positions and len(joined) >= _SPLIT_LETTERS:
                self._take(ids[joined], joined, FUZZY_AT_MOST)
        self._known = size

    def _take(self, searched: int, text: str, similarity: int) -> None:
        self._found.setdefault(searched, []).append((text, similarity))
        if similarity > self._best.get(searched, 0):
            self._best[searched] = similarity

    def _pairs(self, joined: str) -> list[int]:
        pairs = pairwise(self.texts)
        return [at for at, (one, two) in enumerate(pairs) if one + two == joined]
