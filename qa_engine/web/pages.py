"""What each page's template receives, as values."""

from __future__ import annotations

from dataclasses import dataclass

from qa_engine.domain.call import Call
from qa_engine.domain.evaluation import Evaluation
from qa_engine.domain.scorecard import Scorecard
from qa_engine.reports.report import CallRow, Report
from qa_engine.store.store import JudgedScorecard, SearchHit
from qa_engine.web.strip import Strip

__all__ = [
    "CallPage",
    "Choice",
    "EmptyPage",
    "ErrorPage",
    "FoundPlace",
    "IndexPage",
    "JudgedBy",
    "ListedCall",
    "Paging",
    "Player",
    "SearchPage",
]


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list is shown: `number` counts from 1, `size` rows a page, `total` rows in all."""

    number: int
    size: int
    total: int

    @property
    def first(self) -> int:
        """The first row, counted from 0."""
        return (self.number - 1) * self.size

    @property
    def last(self) -> int:
        """The row after the last one shown."""
        return min(self.first + self.size, self.total)

    @property
    def num_pages(self) -> int:
        """At least one."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, slots=True)
class Choice:
    """Which calls the first page lists: `show` is ``all``, ``review``, ``failed`` or ``fatal``; None: every manager."""

    manager: str | None = None
    show: str = "all"
    scorecard: str = ""


@dataclass(frozen=True, slots=True)
class ListedCall:
    """A row of the list of calls; `name` is what it is called in addresses."""

    name: str
    manager: str
    row: CallRow
    num_review: int


@dataclass(frozen=True, slots=True)
class IndexPage:
    """The first page: totals, managers, the calls of a choice, newest first."""

    report: Report
    choice: Choice
    calls: tuple[ListedCall, ...]
    paging: Paging
    cards: tuple[JudgedScorecard, ...]


@dataclass(frozen=True, slots=True)
class EmptyPage:
    """The first page of a store in which nothing has been judged."""

    command: str


@dataclass(frozen=True, slots=True)
class Player:
    """The recording at `address`, or the sentence that says why there is none; `at` is where to begin, seconds."""

    address: str
    missing: str
    at: float | None


@dataclass(frozen=True, slots=True)
class JudgedBy:
    """An evaluation with its scorecard (None where its text is not kept)."""

    evaluation: Evaluation
    card: Scorecard | None

    @property
    def title(self) -> str:
        """The scorecard's title, else its id."""
        return self.card.title if self.card else self.evaluation.scorecard_id

    @property
    def fatal_titles(self) -> tuple[str, ...]:
        """The titles of the fatal criteria that failed."""
        return tuple(result.title for result in self.evaluation.criteria if result.id in self.evaluation.fatal)


@dataclass(frozen=True, slots=True)
class CallPage:
    """One call; `here` is the number of the turn that was asked for."""

    call: Call
    judged: tuple[JudgedBy, ...]
    strip: Strip
    player: Player
    here: int | None


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A hit of a search; `name` is what its call is called in addresses."""

    name: str
    hit: SearchHit


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What was searched for and found; `problem` says why a query is not understood."""

    query: str
    said_by: str
    found: tuple[FoundPlace, ...]
    paging: Paging
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """Why there is no page."""

    message: str
