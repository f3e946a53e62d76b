"""The report as one HTML file: no scripts, nothing loaded from outside, readable on a phone, printable, in ru or en.

Everything that comes from calls, names or files is escaped. Customers' numbers are masked.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from qa_engine.reports.cleaning import clean_text
from qa_engine.reports.report import CallRow, CriterionChange, ManagerChange, Report, ReviewItem
from qa_engine.reports.wording import MARKS, Wording

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["FEW_CALLS", "render"]

FEW_CALLS = 5
"""Below so many scored calls a manager's page says that the figures mean little: 4 of 4 is 51..100 %."""


def render(report: Report) -> str:
    """The page as text, to be written as UTF-8; the same report gives the same bytes."""
    template = _environment().get_template("report.html")
    return template.render(
        report=report,
        say=Wording(report.language),
        marks=MARKS,
        few_calls=FEW_CALLS,
        num_to_review=_num_to_review,
        by_call=_by_call,
        clear_changes=_clear_changes,
        lang=report.language if report.language in ("en", "ru") else "en",
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("qa_engine.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )


def _finalize(value: Any) -> Any:
    """Every string that the template prints, without control characters; escaping comes after."""
    return clean_text(value) if type(value) is str else value


def _clear_changes(change: ManagerChange) -> tuple[CriterionChange, ...]:
    return tuple(criterion for criterion in change.criteria if criterion.difference.is_clear)


def _by_call(items: Sequence[ReviewItem]) -> tuple[tuple[ReviewItem, ...], ...]:
    """What a person decides, call by call in the order of time: a recording is opened once."""
    return tuple(tuple(group) for _, group in groupby(items, key=lambda item: item.call_id))


def _num_to_review(call: CallRow) -> int:
    return sum(result.is_open for result in call.evaluation.criteria)
