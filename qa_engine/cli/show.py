"""`qa-engine show`: everything about one call."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from qa_engine.cli.clock import clock, ringing_line
from qa_engine.cli.session import Session, pass_session
from qa_engine.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_engine.domain.call import Call
    from qa_engine.domain.evaluation import Evaluation, Verdict
    from qa_engine.domain.timings import Courtesy, Timings
    from qa_engine.domain.transcript import Role

__all__ = ["command"]

_ANNOUNCED = {True: "announced", False: "not announced", None: "cannot tell whether it was announced"}
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
    yield from ((line, "") for line in _names(call))
    yield f"ringing: {ringing_line(call.timings.ringing)}", ""
    yield from ((line, "") for line in _recorded(call.timings))
    yield from ((line, "") for line in _waits(call.timings))
    yield from ((line, "") for line in _conversation(call.timings))


def _names(call: Call) -> Iterator[str]:
    """Where the name that was said is another one than that which counts, and who took the call over."""
    from qa_engine.telephony.roster import is_other_name

    if is_other_name(call.manager, call.roles.stated_name, call.language):
        yield f"name in the call: {call.roles.stated_name} (the phone system's word counts; names are misheard)"
    if any(turn.role == "second_manager" for turn in call.turns):
        yield f"second manager: {call.roles.second_name or 'gave no name'}"


def _recorded(timings: Timings) -> Iterator[str]:
    """Sound and record side by side."""
    recorded = timings.recorded
    for each in recorded.comparisons if recorded else ():
        both = " / ".join("?" if figure is None else f"{figure:.1f}" for figure in (each.audio, each.records))
        measure, by = each.measure.replace("_", " "), recorded.system if recorded else ""
        yield f"record: {measure} by sound / by {by}: {both}; {each.counts} counts, {each.why}"


def _waits(timings: Timings) -> Iterator[str]:
    for hold in timings.holds:
        during = " during a transfer" if hold.during_transfer else ""
        manners = f"; asked before: {_told(hold.asked)}; thanked after: {_told(hold.returned)}" if hold.asked else ""
        yield f"hold: {clock(hold.start)} to {clock(hold.end)}, {hold.seconds:.1f} s of {hold.kind}{during}{manners}"
    for transfer in timings.transfers:
        to = f" to {transfer.to}" if transfer.to else ""
        new = f"; said hello: {_told(transfer.greeted)}; gave a name: {_told(transfer.introduced)}"
        yield f"transfer: {clock(transfer.at)}{to}, {_ANNOUNCED[transfer.announced]}{new if transfer.greeted else ''}"


def _told(courtesy: Courtesy | None) -> str:
    """A courtesy in a few words: where it was said, that it was not, or why that cannot be told."""
    if courtesy is None or courtesy.said is None:
        return f"cannot tell, {courtesy.why}" if courtesy else "cannot tell"
    return f"yes, at {clock(courtesy.quote.start)}" if courtesy.quote else "no"


def _conversation(timings: Timings) -> Iterator[str]:
    talk = timings.talk
    if talk is not None and talk.ratio is not None and talk.silence_share is not None:
        about = ", an estimate" if talk.estimate else ""
        yield f"talk: manager {talk.ratio:.0%} of all speech, nobody speaks {talk.silence_share:.0%} of the time{about}"
        if talk.second_manager:
            yield f"talk of the second manager: {talk.second_manager:.0f} s, not in that share"
    for pause in timings.pauses or ():
        if pause.is_dead_air:
            grade, speaker = pause.grade.value, _named(pause.after)
            yield f"silence: {clock(pause.start)}, {pause.seconds:.1f} s ({grade}) after the {speaker}"
    if timings.interruptions is not None:
        for cut in timings.interruptions.moments:
            yield f"interruption: {clock(cut.at)} by the {_named(cut.by)}, both for {cut.seconds:.1f} s"
    longest = timings.monologues and timings.monologues.manager
    if longest:
        yield f"longest monologue of the manager: {longest.duration:.0f} s from {clock(longest.start)}"
    if timings.pace is not None and timings.pace.manager is not None:
        yield f"pace of the manager: about {timings.pace.manager:.0f} words per minute"


def _turns(call: Call) -> Iterator[tuple[str, str]]:
    yield "", ""
    for turn in call.turns:
        yield f"{clock(turn.start):>8}  {_named(turn.role):<8}  {turn.text}", "" if turn.role.of_company else "dim"


def _named(role: Role) -> str:
    return role.value.replace("_", " ")


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
