"""The first page's list: the calls of a choice, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from qa_engine.reports.report import CallRow, Report
from qa_engine.store.store import JudgedScorecard
from qa_engine.web.pages import Choice, IndexPage, ListedCall, Paging

__all__ = ["SHOWN", "list_calls"]

PAGE_SIZE = 100  # calls

SHOWN: dict[str, Callable[[CallRow], bool]] = {
    "all": lambda _: True,
    "review": lambda row: num_to_review(row) > 0,
    "failed": lambda row: row.evaluation.passed is False,
    "fatal": lambda row: bool(row.evaluation.fatal),
}
"""Choices of the first page by their names in its address."""


def list_calls(
    report: Report,
    choice: Choice,
    number: int,
    name_of: Callable[[str, str], str],
    cards: Sequence[JudgedScorecard],
) -> IndexPage:
    """Page `number` (from 1; beyond the last one the last) of the calls chosen; `name_of` names them in addresses."""
    wanted = SHOWN[choice.show]
    rows = [
        (manager.name, row)
        for manager in report.managers
        if choice.manager in (None, manager.name)
        for row in manager.calls
        if wanted(row)
    ]
    rows.sort(key=lambda one: (one[1].recording, one[1].call_id))
    rows.sort(key=lambda one: _wall_clock(one[1].started_at), reverse=True)
    paging = Paging(number, PAGE_SIZE, len(rows))
    paging = Paging(min(number, paging.num_pages), PAGE_SIZE, len(rows))
    calls = tuple(
        ListedCall(name_of(row.call_id, row.recording), manager, row, num_to_review(row))
        for manager, row in rows[paging.first : paging.last]
    )
    return IndexPage(report, choice, calls, paging, tuple(cards))


def num_to_review(row: CallRow) -> int:
    """How many verdicts of a call are left to a person."""
    return sum(result.is_open for result in row.evaluation.criteria)


def _wall_clock(moment: datetime | None) -> datetime:
    return moment.replace(tzinfo=None) if moment else datetime.min
