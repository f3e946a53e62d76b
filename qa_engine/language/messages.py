"""Sentences for people in the language of the scorecard: a catalogue per package, one table per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Catalogue"]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Message tables by language; every table holds the same keys with the same ``{fields}`` (a test checks it)."""

    tables: Mapping[str, Mapping[str, str]]

    def say(self, language: str, key: str, /, **fields: object) -> str:
        """The sentence for `key` in `language`, with its fields filled; English where the language is unknown.

        Raises KeyError for an unknown key: a programming error.
        """
        table = self.tables.get(language) or self.tables["en"]
        return table[key].format(**fields)
