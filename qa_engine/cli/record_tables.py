"""How `qa-engine records` shows what it found: tables for people, objects for programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa_engine.cli.session import Session

if TYPE_CHECKING:
    from qa_engine.domain.missed_call import MissedCall
    from qa_engine.reports.recorded import AnswerComparison, Answers
    from qa_engine.store.records import SavedRecords
    from qa_engine.telephony.reader import Problems

__all__ = ["answer_object", "missed_object", "print_answers", "print_missed", "tell_import"]


def answer_object(row: AnswerComparison) -> dict[str, Any]:
    """The answer time of one call by both sources, seconds."""
    return {
        "call": row.call_id,
        "started_at": row.started_at.isoformat() if row.started_at else None,
        "manager": row.manager or None,
        "audio": _rounded(row.audio),
        "records": _rounded(row.records),
        "difference": _rounded(row.difference),
        "agrees": row.agrees,
        "counts": row.counts,
        "why": row.why,
        "system": row.system,
        "matched_by": row.matched_by,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def print_answers(session: Session, answers: Answers) -> None:
    """A table of answer times, why one counts where they differ, and the share that agrees."""
    from rich.table import Table

    table = Table(title="answer times, seconds", title_justify="left")
    for name in ("started", "manager"):
        table.add_column(name)
    for name in ("sound", "record", "difference"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("counts")
    for row in answers.rows:
        table.add_row(
            _when(row),
            row.manager,
            _shown(row.audio, row.uncertainty),
            _shown(row.records),
            _shown(row.difference, sign="+"),
            row.counts,
        )
    session.console(err=False).print(table)
    for row in answers.rows:
        if not row.agrees:
            click.echo(f"{_when(row)} {row.manager}: {row.why} ({row.call_id})")
    rate = answers.agreement
    click.echo(f"{len(answers.rows)} of {answers.num_calls} calls have a record")
    if len(answers.rows) < answers.num_calls:
        session.tell("records are matched when calls are scored: after an import run the same `score` again")
    if rate.percent is not None and rate.low is not None and rate.high is not None:
        share = f"{rate.percent:.0f} % ({rate.low:.0f} to {rate.high:.0f} %)"
        click.echo(f"sound and record agree within 1 s in {rate.num_pass} of {rate.num_judged}: {share}")


def _when(row: AnswerComparison) -> str:
    return f"{row.started_at:%m-%d %H:%M}" if row.started_at else ""


def _shown(seconds: float | None, uncertainty: float | None = None, *, sign: str = "") -> str:
    if seconds is None:
        return "–"
    return f"{seconds:{sign}.1f}" + (f" ±{uncertainty:.1f}" if uncertainty is not None else "")


def missed_object(one: MissedCall) -> dict[str, Any]:
    """A missed call and what became of it."""
    return {
        "system": one.record.system,
        "id": one.record.record_id,
        "started_at": one.record.started_at.isoformat(),
        "customer": one.record.customer or None,
        "outcome": one.record.outcome.value,
        "waited": _rounded(one.record.wait_seconds),
        "can_be_called": one.can_be_called,
        "called_back_at": one.called_back_at.isoformat() if one.called_back_at else None,
        "called_back_by": one.called_back_by or None,
        "seconds_to_call_back": _rounded(one.seconds_to_call_back),
        "call_back_answered": one.call_back_answered,
        "called_again": one.called_again,
    }


def print_missed(session: Session, found: Sequence[MissedCall]) -> None:
    """A table of missed calls, and how many are still open."""
    from rich.table import Table

    table = Table(title="missed calls", title_justify="left")
    for name in ("when", "number", "how", "called back", "by", "after"):
        table.add_column(name, no_wrap=name in ("when", "number"))
    for one in found:
        record = one.record
        waited = f", {record.wait_seconds:.0f} s" if record.wait_seconds else ""
        minutes = "" if one.seconds_to_call_back is None else f"{one.seconds_to_call_back / 60:.0f} min"
        when, number = f"{record.started_at:%Y-%m-%d %H:%M}", record.customer or "hidden"
        table.add_row(when, number, f"{record.outcome}{waited}", _became(one), one.called_back_by, minutes)
    session.console(err=False).print(table)
    open_ones = [one for one in found if one.called_back_at is None and not one.called_again and one.can_be_called]
    click.echo(f"{len(found)} missed calls, {len(open_ones)} of them neither called back nor called again")


def _became(one: MissedCall) -> str:
    if one.called_back_at is not None:
        reached = "reached" if one.call_back_answered else "not reached"
        return f"{one.called_back_at:%m-%d %H:%M}, {reached}"
    if one.called_again_at is not None:
        return f"no; called again himself at {one.called_again_at:%H:%M}"
    return "no" if one.can_be_called else "cannot be: the number is hidden"


def tell_import(session: Session, file: Path, title: str, saved: SavedRecords, problems: Problems) -> None:
    """How many calls a file held, and which of its rows were left out."""
    total = saved.new + saved.changed + saved.same
    session.tell(
        f"{file}: {title}: {total} calls ({saved.new} new, {saved.changed} changed, {saved.same} known before)"
    )
    for line, message in problems.shown:
        session.tell(f"  line {line}: {message}" if line else f"  {message}")
    if problems.count > len(problems.shown):
        session.tell(f"  and {problems.count - len(problems.shown)} more")
    if problems.num_rows:
        session.tell(f"  {problems.num_rows} rows left out or read in part; correct them and import the file again")
