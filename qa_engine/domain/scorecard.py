"""What a company asks of its calls; loaded from YAML by `qa_engine.rules.loading`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from qa_engine.domain.transcript import Role

__all__ = ["AppliesWhen", "Company", "Criterion", "Examples", "Person", "Scorecard", "Section", "Window"]


@dataclass(frozen=True, slots=True)
class Company:
    """The company's name, and the other ways it is called."""

    name: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """A manager of the roster: phone extension (or other id), name, other forms of it."""

    name: str
    id: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """Where in the call to look; None: no such limit. Seconds count from the answer or to the end of the last word."""

    first_seconds: float | None = None
    last_seconds: float | None = None
    first_turns: int | None = None  # turns of the role asked for
    last_turns: int | None = None


@dataclass(frozen=True, slots=True)
class AppliesWhen:
    """When the criterion is asked at all; every given condition must hold."""

    said_by_customer: tuple[str, ...] = ()  # any of these phrases
    said_by_manager: tuple[str, ...] = ()
    not_said_by_customer: tuple[str, ...] = ()
    not_said_by_manager: tuple[str, ...] = ()
    direction: str = ""
    has_transfer: bool | None = None
    has_hold: bool | None = None


@dataclass(frozen=True, slots=True)
class Examples:
    """What must and must not pass, run by `scorecard test`."""

    passing: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question asked of every call; `options` is the check's own frozen options object."""

    id: str
    title: str
    section: str  # id of the section
    weight: float
    check: str
    options: Any
    fatal: bool = False
    said_by: Role = Role.MANAGER
    within: Window = field(default_factory=Window)
    applies_when: AppliesWhen = field(default_factory=AppliesWhen)
    advice: str = ""
    examples: Examples = field(default_factory=Examples)


@dataclass(frozen=True, slots=True)
class Section:
    """A headed group of criteria."""

    id: str
    title: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A scorecard with its content hash (`version`, ``sha256:...`` over the resolved content, settings included).

    `document` is that resolved content as canonical JSON, so that the card can be read again without its file.
    """

    id: str
    title: str
    language: str
    company: Company
    managers: tuple[Person, ...]
    pass_mark: float
    sections: tuple[Section, ...]
    version: str = ""
    document: str = ""

    @property
    def criteria(self) -> Iterator[Criterion]:
        """All criteria in the order of the file."""
        for section in self.sections:
            yield from section.criteria
