"""`qa-engine show`: everything about one call."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from qa_engine.cli.clock import clock
from qa_engine.cli.session import Session, pass_session
from qa_engine.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_engine.domain.call import Call
    from qa_engine.domain.evaluation import Evaluation, Verdict

__all__ = ["command"]

STYLES = {"pass": "green", "partial": "yellow", "fail": "red", "review": "magenta"}


@click.command("show")
@click.argument("call_id", metavar="CALL")
@click.option("--json", "as_json", is_flag=True, help="The call as one JSON object, like a line of `score --json`.")
@pass_session
def command(session: Session, call_id: str, as_json: bool) -> None:
    """Show one call: transcript by turns, measured times, verdicts with their evidence.

    CALL is its id, the beginning of it, or the path of its recording.
    """
    from qa_engine.reports.formats.as_json import call_line
    from qa_engine.store.calls import CallFilter

    with session.open_store() as store:
        call = store.find_call(call_id)
        if call is None:
            raise SettingsError(f"no call {call_id!r} in this store; `qa-engine search` and the report name the ids")
        judged = tuple(store.evaluations(CallFilter(sha256s=(call.sha256,))))
    if as_json:
        for found, evaluation in judged:
            click.echo(json.dumps(call_line(found, evaluation), ensure_ascii=False))
        return
    console = session.console(err=False)
    for line, style in (*_head(call), *_turns(call), *(line for _, one in judged for line in _verdicts(one))):
        console.print(line, style=style, markup=False)


def _head(call: Call) -> Iterator[tuple[str, str]]:
    when = f"  {call.identity.started_at:%Y-%m-%d %H:%M}" if call.identity.started_at else ""
    yield f"{call.call_id}  {call.path}{when}  {clock(call.duration)}", "bold"
    yield f"manager: {call.manager or 'not known'} (roles {call.roles.confidence:.0%} sure, by {call.roles.by})", ""
    ringing = call.timings.ringing
    if ringing.measured:
        yield (
            (
                f"ringing: {ringing.seconds:.1f} ± {ringing.uncertainty:.1f} s, {ringing.rings} rings, {ringing.tone} "
                f"({ringing.source})"
            ),
            "",
        )
    else:
        yield f"ringing: not measured, {ringing.why}", ""
    for hold in call.timings.holds:
        during = " during a transfer" if hold.during_transfer else ""
        yield f"hold: {clock(hold.start)} to {clock(hold.end)}, {hold.seconds:.1f} s of {hold.kind}{during}", ""
    for transfer in call.timings.transfers:
        yield f"transfer: {clock(transfer.at)}, {'announced' if transfer.announced else 'not announced'}", ""


def _turns(call: Call) -> Iterator[tuple[str, str]]:
    yield "", ""
    for turn in call.turns:
        yield f"{clock(turn.start):>8}  {turn.role!s:<8}  {turn.text}", "" if turn.role == "manager" else "dim"


def _verdicts(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    score = "none" if evaluation.score is None else f"{evaluation.score:g}"
    yield "", ""
    yield f"score {score}   {evaluation.arithmetic}   ({evaluation.scorecard_id})", "bold"
    for result in evaluation.criteria:
        yield f"  {result.verdict!s:<14} {result.title}: {result.reason}", _style(result.verdict)
        for evidence in result.evidence:
            similarity = "" if evidence.similarity is None else f", {evidence.similarity:.0f}"
            quote = f"“{evidence.quote}” " if evidence.quote else ""
            where = f"{clock(evidence.start)}–{clock(evidence.end)}"
            yield f"      {quote}({evidence.kind} {where}{similarity}) {evidence.note}".rstrip(), "dim"


def _style(verdict: Verdict) -> str:
    return STYLES.get(str(verdict), "dim")
