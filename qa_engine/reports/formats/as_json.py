"""Results as plain JSON values: one line per recording (`score --json`), the timings, and the whole report.

Times are rounded to 0.01 s here and nowhere before; similarity to 1 decimal; points and scores to 2. What could not be
measured is ``{"measured": false, "why": ...}`` and never 0 or an empty list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from qa_engine.domain.call import Call, RoleAssignment
from qa_engine.domain.evaluation import CriterionResult, Evaluation, Evidence, FailedRecording
from qa_engine.reports.cleaning import encodable
from qa_engine.reports.report import CallRow, Report
from qa_engine.reports.timing_figures import seconds, timings_object

__all__ = ["call_line", "criterion_object", "failure_line", "render", "timings_object"]


def call_line(call: Call, evaluation: Evaluation) -> dict[str, Any]:
    """One judged call as the object of `score --json`; its keys in this order are a contract."""
    identity = call.identity
    return {
        "call": call.call_id,
        "recording": encodable(call.path),
        "manager": encodable(call.manager) or None,
        "customer": encodable(identity.customer) or None,
        "started_at": identity.started_at.isoformat() if identity.started_at else None,
        "direction": identity.direction.value,
        "language": call.language,
        "duration": seconds(call.duration),
        "scorecard": {"id": evaluation.scorecard_id, "version": evaluation.scorecard_version},
        "score": _tidy(evaluation.score),
        "passed": evaluation.passed,
        "fatal": list(evaluation.fatal),
        "criteria": [criterion_object(result) for result in evaluation.criteria],
        "timings": timings_object(call),
        "roles": _roles(call.roles),
        "engines": {"transcriber": call.engines.transcriber, "diarizer": call.engines.diarizer},
        "score_without_fatal": _tidy(evaluation.score_without_fatal),
        "arithmetic": evaluation.arithmetic,
    }


def _roles(roles: RoleAssignment) -> dict[str, Any]:
    """How sure it is who is who, and the names the managers gave themselves where they did."""
    named = {"stated_name": encodable(roles.stated_name), "second_name": encodable(roles.second_name)}
    given = {key: name for key, name in named.items() if name}
    return {"confidence": round(roles.confidence, 2), "by": roles.by, **given}


def failure_line(failed: FailedRecording) -> dict[str, Any]:
    """A recording that could not be scored, as the object of `score --json`."""
    message = encodable(failed.message)
    return {"recording": encodable(failed.path), "error": {"kind": failed.kind, "message": message}}


def criterion_object(result: CriterionResult) -> dict[str, Any]:
    """One verdict with its points (None unless it counts) and its evidence."""
    counts = result.verdict.counts and result.share is not None
    return {
        "id": result.id,
        "title": result.title,
        "section": result.section,
        "weight": _tidy(result.weight),
        "verdict": result.verdict.value,
        "points": _tidy(result.weight * (result.share or 0.0)) if counts else None,
        "max_points": _tidy(result.weight),
        "reason": encodable(result.reason),
        "evidence": [_evidence(evidence) for evidence in result.evidence],
        "source": result.source,
    }


def render(report: Report) -> str:
    """The whole report as an indented JSON document; the same report gives the same bytes."""
    return json.dumps(_plain(report), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "kind": evidence.kind.value,
        "quote": encodable(evidence.quote),
        "role": evidence.role.value if evidence.role else None,
        "start": seconds(evidence.start),
        "end": seconds(evidence.end),
        "similarity": _tidy(evidence.similarity, digits=1),
        "note": encodable(evidence.note),
    }


def _tidy(value: float | None, *, digits: int = 2) -> float | int | None:
    """Rounded, and whole where it is whole: ``10`` rather than ``10.0``."""
    if value is None:
        return None
    rounded = round(float(value), digits)
    return int(rounded) if rounded.is_integer() else rounded


def _plain(value: Any) -> Any:
    """A report value as JSON values: dataclasses by field name, dates in ISO form, numbers rounded."""
    match value:
        case CallRow():
            return _call_row(value)
        case FailedRecording():
            return failure_line(value)
        case None | bool() | int():
            return value
        case StrEnum():
            return value.value
        case str():
            return encodable(value)
        case float():
            return _tidy(value)
        case date():
            return value.isoformat()
        case _ if is_dataclass(value):
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return _plain_items(value)


def _plain_items(values: Iterable[Any]) -> list[Any]:
    return [_plain(value) for value in values]


def _call_row(row: CallRow) -> dict[str, Any]:
    """The outer facts of a call, then its evaluation in the words of `score --json`."""
    judged = {"evaluation"}
    facts = {field.name: _plain(getattr(row, field.name)) for field in fields(row) if field.name not in judged}
    evaluation = row.evaluation
    return facts | {
        "score": _tidy(evaluation.score),
        "score_without_fatal": _tidy(evaluation.score_without_fatal),
        "passed": evaluation.passed,
        "fatal": list(evaluation.fatal),
        "criteria": [criterion_object(result) for result in evaluation.criteria],
        "arithmetic": evaluation.arithmetic,
    }
