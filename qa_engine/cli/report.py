"""`qa-engine report`: the audit report from the store, for people and for programs."""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa_engine.cli.options import choose_manager, parse_day, period_options
from qa_engine.cli.session import Session, pass_session
from qa_engine.errors import SettingsError

if TYPE_CHECKING:
    from qa_engine.domain.scorecard import Scorecard
    from qa_engine.reports.report import Report
    from qa_engine.store.calls import CallFilter
    from qa_engine.store.store import Store

__all__ = ["command"]

FORMATS = ("text", "html", "xlsx", "csv", "json")  # as in reports.rendering, named here so that --help imports nothing


@click.command("report")
@period_options
@click.option(
    "--compare", metavar="PERIOD", help="Beside an earlier period: previous, 2026-10, 2026-10-01..2026-10-15."
)
@click.option("--scorecard", "scorecard_id", help="Id of the scorecard (default: the one last used).")
@click.option("--format", "format_name", type=click.Choice(FORMATS), help="Default: by the name of -o, else text.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write (default: standard output).")
@pass_session
def command(
    session: Session,
    manager: str | None,
    since: str | None,
    until: str | None,
    compare: str | None,
    scorecard_id: str | None,
    format_name: str | None,
    output: Path | None,
) -> None:
    r"""Write the audit report of the calls in the store.

    \b
    qa-engine report --format html -o report.html
    qa-engine report --manager "Emma Clark" --from 2026-11-01 --to 2026-11-30 --compare previous
    """
    from qa_engine.reports.comparing import compare as compare_reports
    from qa_engine.store.calls import CallFilter

    first, last = parse_day(since, "--from"), parse_day(until, "--to")
    with session.open_store() as store:
        chosen = CallFilter(choose_manager(store, manager), since=first, until=last)
        card = _scorecard(store, scorecard_id)
        report = _summary(store, card, chosen)
        if report.totals.num_calls == 0 and not report.failures:
            raise SettingsError("no calls of this choice are in the store; run `qa-engine score` first, or widen it")
        if compare is not None:
            report = compare_reports(report, _summary(store, card, _earlier(chosen, compare)))
    _give(session, report, format_name or _format_of(output), output)


def _summary(store: Store, card: Scorecard, chosen: CallFilter) -> Report:
    from qa_engine.reports.summary import summarize

    judged = store.evaluations(chosen, scorecard_id=card.id)
    return summarize(judged, store.failures(), card, period=_period(chosen.since, chosen.until))


def _period(since: date | None, until: date | None) -> str:
    return f"{since or '…'} – {until or '…'}" if since or until else ""


def _earlier(chosen: CallFilter, period: str) -> CallFilter:
    """The same choice of calls in the period to compare with; raises SettingsError for one that cannot be read."""
    if period == "previous":
        if chosen.since is None or chosen.until is None:
            raise SettingsError("--compare previous needs --from and --to, to know how long a period is")
        last = chosen.since - timedelta(days=1)
        return replace(chosen, since=last - (chosen.until - chosen.since), until=last)
    first, dots, last_day = period.partition("..")
    if dots:
        return replace(chosen, since=parse_day(first, "--compare"), until=parse_day(last_day, "--compare"))
    month = parse_day(f"{period}-01", "--compare")
    assert month is not None
    return replace(chosen, since=month, until=month.replace(day=calendar.monthrange(month.year, month.month)[1]))


def _scorecard(store: Store, scorecard_id: str | None) -> Scorecard:
    from qa_engine.rules.loading import restore_scorecard

    known = store.scorecards()
    if not known:
        raise SettingsError("no calls have been judged in this store yet; run `qa-engine score` first")
    chosen = [one for one in known if scorecard_id in (None, one.id)]
    if not chosen:
        have = ", ".join(sorted({one.id for one in known}))
        raise SettingsError(f"scorecard {scorecard_id!r} has judged no calls in this store; it has: {have}")
    document = store.find_scorecard(chosen[0].version)
    if document is None:
        raise SettingsError(f"the text of scorecard {chosen[0].id!r} is not in this store; run `qa-engine score` again")
    return restore_scorecard(document)


def _format_of(output: Path | None) -> str:
    suffix = output.suffix.lower().lstrip(".") if output else ""
    return {"htm": "html", "txt": "text"}.get(suffix, suffix if suffix in FORMATS else "text")


def _give(session: Session, report: Report, format_name: str, output: Path | None) -> None:
    from qa_engine.reports.rendering import render_report

    if output is not None:
        from qa_engine.reports.writing import write_report

        write_report(output, render_report(report, format_name))
        session.tell(f"report written: {output}")
    elif format_name == "text":
        from qa_engine.reports.formats import as_text

        session.console(err=False).print(as_text.render(report))
    else:
        click.echo(render_report(report, format_name), nl=False)
