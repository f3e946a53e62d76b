"""The report as an Excel workbook: managers, calls, criteria, what a person has to decide, what could not be read.

Headings in the language of the scorecard. Words are stored as words, never as formulas. Customers' numbers are masked.
The same report gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from qa_engine.reports.cleaning import clean_text, tame_formula
from qa_engine.reports.report import CallRow, CriterionSummary, ManagerReport, Report
from qa_engine.reports.wording import Wording

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["render"]

_Cell = str | float | datetime | None

_STAMP = datetime(2000, 1, 1)
"""Written as the time of creation and change, so that equal reports are equal files."""

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_LONGEST_CELL = 32_767
"""Characters in a cell (Excel specifications and limits)."""

_WIDEST_COLUMN = 60


def render(report: Report) -> bytes:
    """The workbook as the bytes of an .xlsx file."""
    from openpyxl import Workbook

    say = Wording(report.language)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    _add_sheet(workbook, say, "managers", _MANAGER_HEADS, (_manager_cells(say, one) for one in report.managers))
    _add_sheet(workbook, say, "calls", _CALL_HEADS, _call_rows(say, report))
    _add_sheet(workbook, say, "criteria", _CRITERION_HEADS, _criterion_rows(say, report))
    _add_sheet(workbook, say, "review", _REVIEW_HEADS, _review_rows(say, report))
    _add_sheet(workbook, say, "unreadable", _UNREADABLE_HEADS, _unreadable_rows(say, report))
    return _saved(workbook, report, say)


_MANAGER_HEADS = (
    *("manager", "calls", "num_scored", "score", "score_low", "score_high", "passed_percent", "low", "high"),
    *("answer_seconds", "answer_calls", "greeting_percent", "rules_percent", "impolite", "fatal_calls"),
    *("to_review_short", "review_percent", "main_point"),
)


def _manager_cells(say: Wording, manager: ManagerReport) -> Sequence[_Cell]:
    score, passed, speed = manager.score, manager.passed, manager.speed.mean
    return (
        *(say.name(manager.name), manager.num_calls, manager.num_scored, score.value, score.low, score.high),
        *(passed.percent, passed.low, passed.high, speed.value, speed.num),
        *(manager.greeting.percent, manager.rules.percent, manager.num_impolite, manager.num_fatal),
        *(manager.num_review, manager.review_percent, "; ".join(one.title for one in manager.to_improve[:2])),
    )


_CALL_HEADS = (
    *("manager", "date", "customer", "recording", "duration", "score", "verdict", "without_fatal", "fatal_calls"),
    *("answer_seconds", "to_review_short", "arithmetic"),
)


def _call_rows(say: Wording, report: Report) -> Iterable[Sequence[_Cell]]:
    for manager in report.managers:
        for call in manager.calls:
            yield _call_cells(say, manager, call)


def _call_cells(say: Wording, manager: ManagerReport, call: CallRow) -> Sequence[_Cell]:
    evaluation = call.evaluation
    num_review = sum(result.is_open for result in evaluation.criteria)
    return (
        *(say.name(manager.name), _excel_time(call.started_at), say.customer(call.customer)),
        *(say.recording(call.recording, call.customer), say.clock(call.duration), evaluation.score),
        *(say.passed(evaluation.passed), evaluation.score_without_fatal if evaluation.fatal else None),
        *(", ".join(evaluation.fatal), call.answer_seconds, num_review, evaluation.arithmetic),
    )


_CRITERION_HEADS = (
    *("manager", "criterion", "weight", "judged", "verdict_pass", "verdict_partial", "verdict_fail"),
    *("verdict_review", "verdict_not_applicable", "verdict_not_measured", "pass_percent", "low", "high"),
    *("lost_points_head", "quote", "second", "recording", "advice"),
)


def _criterion_rows(say: Wording, report: Report) -> Iterable[Sequence[_Cell]]:
    for manager in report.managers:
        for criterion in manager.criteria:
            yield _criterion_cells(say, manager.name, criterion)


def _criterion_cells(say: Wording, manager: str, criterion: CriterionSummary) -> Sequence[_Cell]:
    quote = next(iter(criterion.worst or criterion.best), None)
    return (
        *(say.name(manager), criterion.title, criterion.weight, criterion.rate.num_judged),
        *(criterion.num_pass, criterion.num_partial, criterion.num_fail, criterion.num_review),
        *(criterion.num_not_applicable, criterion.num_not_measured),
        *(criterion.rate.percent, criterion.rate.low, criterion.rate.high, criterion.lost_points),
        *(quote.text if quote else "", say.clock(quote.start) if quote else ""),
        *(say.recording(quote.recording, quote.customer) if quote else "", criterion.advice),
    )


_REVIEW_HEADS = ("manager", "date", "recording", "criterion", "second", "reason", "quote")


def _review_rows(say: Wording, report: Report) -> Iterable[Sequence[_Cell]]:
    for manager in report.managers:
        for item in manager.to_review:
            recording = say.recording(item.recording, item.customer)
            when = _excel_time(item.started_at)
            yield (say.name(manager.name), when, recording, item.title, say.clock(item.start), item.reason, item.quote)


_UNREADABLE_HEADS = ("file", "cause", "reason")


def _unreadable_rows(say: Wording, report: Report) -> Iterable[Sequence[_Cell]]:
    for failed in report.failures:
        yield (say.recording(failed.path), say.error(failed), say.message(failed))


def _excel_time(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=None) if moment else None  # a cell has no time zone


def _add_sheet(
    workbook: Workbook, say: Wording, name: str, heads: Sequence[str], rows: Iterable[Sequence[_Cell]]
) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet: Worksheet = workbook.create_sheet(say.say(f"sheet_{name}"))
    sheet.freeze_panes = "B2"
    for column, head in enumerate(heads, start=1):
        _put(sheet, 1, column, say.say(head))
        sheet.cell(1, column).font = Font(bold=True)
    widths = [len(say.say(head)) for head in heads]
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            _put(sheet, number, column, value)
            widths[column - 1] = max(widths[column - 1], len(str(value or "")))
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST_COLUMN, width + 2)
    sheet.auto_filter.ref = sheet.dimensions


def _put(sheet: Worksheet, row: int, column: int, value: _Cell) -> None:
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        text = clean_text(value)[:_LONGEST_CELL]
        cell.value = text
        cell.data_type = "s"  # never "f": words are not formulas
        cell.quotePrefix = tame_formula(text) != text
    elif isinstance(value, datetime):
        cell.value = value
        cell.number_format = "yyyy-mm-dd hh:mm"
    else:
        cell.value = round(value, 2) if isinstance(value, float) else value


def _saved(workbook: Workbook, report: Report, say: Wording) -> bytes:
    from openpyxl.writer.excel import ExcelWriter

    properties = workbook.properties
    properties.creator = "qa-engine"
    properties.title = say.say("report_of", company=clean_text(report.company))
    properties.created = _STAMP
    loose = io.BytesIO()
    writer = ExcelWriter(workbook, zipfile.ZipFile(loose, "w"))
    writer.save()
    return _fixed_dates(loose.getvalue(), core=_core_properties(workbook))


def _core_properties(workbook: Workbook) -> bytes:
    from openpyxl.xml.functions import tostring

    workbook.properties.modified = _STAMP
    return bytes(tostring(workbook.properties.to_tree()))


def _fixed_dates(archive: bytes, *, core: bytes) -> bytes:
    """The same archive with fixed times in its directory and in the document's properties."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = core if entry.filename == "docProps/core.xml" else source.read(entry)
            target.writestr(zipfile.ZipInfo(entry.filename, _ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
