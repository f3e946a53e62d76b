"""The report as CSV: one row per call and criterion, then one per recording that could not be scored.

UTF-8 with a byte order mark, CRLF. Column names are the same in both languages; the separator and the decimal mark are
those a spreadsheet of the scorecard's language expects (``,`` and ``.``; in Russian ``;`` and ``,``). Words that a
spreadsheet would run as a formula are led in by an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from qa_engine.domain.evaluation import CriterionResult, Evidence, FailedRecording
from qa_engine.reports.cleaning import clean_text, tame_formula
from qa_engine.reports.quotes import telling_evidence
from qa_engine.reports.report import CallRow, Report

__all__ = ["COLUMNS", "render"]

COLUMNS = (
    *("call", "recording", "manager", "customer", "started_at", "direction", "duration", "score", "passed", "fatal"),
    *("criterion", "title", "section", "weight", "verdict", "points", "reason", "source"),
    *("quote", "role", "start", "end", "similarity", "error"),
)

_BYTE_ORDER_MARK = "\ufeff"

_Cell = str | float | bool | None


def render(report: Report) -> str:
    """The rows as text, led by the byte order mark; to be written as UTF-8."""
    decimal_mark = "," if report.language == "ru" else "."
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";" if decimal_mark == "," else ",", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(report):
        writer.writerow([_written(row.get(column), decimal_mark) for column in COLUMNS])
    return _BYTE_ORDER_MARK + buffer.getvalue()


def _rows(report: Report) -> Iterator[dict[str, _Cell]]:
    for manager in report.managers:
        for call in manager.calls:
            facts = _call_cells(call) | {"manager": manager.name}
            for result in call.evaluation.criteria:
                yield facts | _result_cells(result)
    for failed in report.failures:
        yield _failure_cells(failed)


def _call_cells(call: CallRow) -> dict[str, _Cell]:
    evaluation = call.evaluation
    return {
        "call": call.call_id,
        "recording": call.recording,
        "customer": call.customer,
        "started_at": call.started_at.isoformat(sep=" ", timespec="seconds") if call.started_at else "",
        "direction": call.direction,
        "duration": call.duration,
        "score": evaluation.score,
        "passed": evaluation.passed,
        "fatal": " ".join(evaluation.fatal),
    }


def _result_cells(result: CriterionResult) -> dict[str, _Cell]:
    shown = telling_evidence(result)
    return {
        "criterion": result.id,
        "title": result.title,
        "section": result.section,
        "weight": result.weight,
        "verdict": result.verdict.value,
        "points": None if result.share is None else result.share * result.weight,
        "reason": result.reason,
        "source": result.source,
        **(_evidence_cells(shown) if shown else {}),
    }


def _evidence_cells(evidence: Evidence) -> dict[str, _Cell]:
    return {
        "quote": evidence.quote,
        "role": evidence.role.value if evidence.role else "",
        "start": evidence.start,
        "end": evidence.end,
        "similarity": evidence.similarity,
    }


def _failure_cells(failed: FailedRecording) -> dict[str, _Cell]:
    return {"recording": failed.path, "error": f"{failed.kind}: {failed.message}"}


def _written(value: _Cell, decimal_mark: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return tame_formula(clean_text(value))
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", decimal_mark)
