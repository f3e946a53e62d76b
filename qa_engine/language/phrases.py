"""Phrases made ready for searching, once per process."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from qa_engine.language.languages import Language, get_language
from qa_engine.language.vocabulary import vocabulary_of

__all__ = ["FUNCTION_WEIGHT", "Phrase", "holders", "prepare"]

FUNCTION_WEIGHT = 0.3  # of a small word against 1 for a word of substance


class Phrase(NamedTuple):
    """A phrase with the ids of its words in the vocabulary, and of its neighbouring words joined, and their weights.

    `joined`: (index, id); `heavy`: (index, id, weight) of the words of substance; `light`: (id, weight) of the small
    ones; `heaviest_first`: (index, id, weight) of all; `lone`: where the only word of substance stands, -1 where there
    are several or none; `least`: the fewest tokens that can hold it.
    """

    text: str
    tokens: tuple[str, ...]
    ids: tuple[int, ...]
    joined: tuple[tuple[int, int], ...]
    weights: tuple[float, ...]
    total: float
    heavy: tuple[tuple[int, int, float], ...]
    light: tuple[tuple[int, float], ...]
    heaviest_first: tuple[tuple[int, int, float], ...]
    lone: int
    least: int


@lru_cache(maxsize=32768)
def prepare(code: str, phrase: str) -> Phrase:
    """The phrase in the language `code`; a phrase of small words only weighs them all fully."""
    language = get_language(code)
    vocabulary = vocabulary_of(language)
    tokens = language.tokens(phrase)
    ids = tuple(vocabulary.add(token) for token in tokens)
    pairs = enumerate(pairwise(tokens))
    joined = tuple((index, vocabulary.add_joined(one, two)) for index, (one, two) in pairs)
    small = [token in language.function_words for token in tokens]
    weights = tuple(FUNCTION_WEIGHT if one and not all(small) else 1.0 for one in small)
    words = list(zip(range(len(ids)), ids, weights, strict=True))
    heavy = tuple(word for word in words if word[2] == 1.0)
    return Phrase(
        text=phrase,
        tokens=tokens,
        ids=ids,
        joined=tuple(pair for pair in joined if pair[1] >= 0),
        weights=weights,
        total=sum(weights),
        heavy=heavy,
        light=tuple((searched, weight) for _, searched, weight in words if weight < 1.0),
        heaviest_first=tuple(sorted(words, key=lambda word: -word[2])),
        lone=heavy[0][0] if len(heavy) == 1 else -1,
        least=max(1, (len(heavy) + 1) // 2),
    )


@lru_cache(maxsize=2048)
def holders(language: Language, phrases: tuple[str, ...]) -> dict[int, tuple[Phrase, ...]]:
    """Id of a word of substance, or of two words joined -> the phrases that hold it."""
    found: dict[int, dict[str, Phrase]] = {}
    for text in phrases:
        phrase = prepare(language.code, text)
        for searched in (*(word[1] for word in phrase.heavy), *(pair[1] for pair in phrase.joined)):
            found.setdefault(searched, {})[text] = phrase
    return {searched: tuple(those.values()) for searched, those in found.items()}
