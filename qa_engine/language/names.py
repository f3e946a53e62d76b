"""First names: which words are names, their cases, diminutives and spelling in the other alphabet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache

from qa_engine.language.lexicons import load_lines
from qa_engine.language.scripts import has_cyrillic, romanize, to_cyrillic

__all__ = ["NameBook"]

Decline = Callable[[str], Iterable[str]]


class NameBook:
    """The first names of a language with every form in which they are said."""

    def __init__(self, code: str, *, decline: Decline) -> None:
        self._code = code
        self._decline = decline

    @cached_property
    def families(self) -> dict[str, tuple[str, ...]]:
        """Full name -> its diminutives, as in the data file."""
        entries = (line.partition(":") for line in load_lines(self._code, "first_names"))
        return {name.strip(): tuple(short.split()) for name, _, short in entries}

    @cached_property
    def nominatives(self) -> frozenset[str]:
        """Full names and diminutives as one introduces oneself."""
        return frozenset(form for name, short in self.families.items() for form in (name, *short))

    @cached_property
    def owners(self) -> dict[str, tuple[str, ...]]:
        """Form in any case -> full names it may stand for, the name itself first, then by its diminutives."""
        owners: dict[str, dict[str, None]] = {}
        pairs = [(name, form) for name, short in self.families.items() for form in (name, *short)]
        for name, form in sorted(pairs, key=lambda pair: pair[0] != pair[1]):
            owners.setdefault(form, {})[name] = None
        for name, form in pairs:
            for declined in self._decline(form):
                owners.setdefault(declined, {})[name] = None
        return {form: tuple(names) for form, names in owners.items()}

    def lookup(self, token: str) -> tuple[str, ...]:
        """Full names a normalised token may stand for; also when it is written in the other alphabet."""
        found = self.owners.get(token)
        if found is None and token.isascii() != (self._code == "en"):
            found = self._foreign.get(token if token.isascii() else romanize(token))
        return found or ()

    @cached_property
    def _foreign(self) -> dict[str, tuple[str, ...]]:
        romanized = ((romanize(form), names) for form, names in self.owners.items())
        return {variant: names for form, names in romanized for variant in (form, form.replace("y", "i"))}

    @lru_cache(maxsize=4096)  # noqa: B019 - a name book lives as long as the process
    def forms(self, first_name: str) -> frozenset[str]:
        """All forms of a normalised first name: itself, cases, diminutives (or the full name), the other alphabet."""
        own = to_cyrillic(first_name) if self._code == "ru" and not has_cyrillic(first_name) else first_name
        own = romanize(own) if self._code == "en" else own
        full = {name for name in self.lookup(own) if own in (name, *self.families[name])} or {own}
        bases = {own, *full, *(short for name in full for short in self.families.get(name, ()))}
        declined = {form for base in bases for form in self._decline(base)}
        spelled = {romanize(form) for form in bases} | (
            {to_cyrillic(form) for form in bases} if self._code == "en" else set()
        )
        return frozenset({first_name, *declined, *spelled})
