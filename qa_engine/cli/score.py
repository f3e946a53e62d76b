"""`qa-engine score`: recordings in, evaluations in the store, a table per manager out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa_engine.cli.interrupts import heed_interrupts
from qa_engine.cli.options import parse_set, scorecard_option, set_option, speech_options
from qa_engine.cli.root import Exit
from qa_engine.cli.session import Session, pass_session
from qa_engine.errors import SettingsError

if TYPE_CHECKING:
    from qa_engine.batch.local import Outcome
    from qa_engine.domain.call import Call
    from qa_engine.domain.evaluation import Evaluation, FailedRecording
    from qa_engine.domain.scorecard import Scorecard
    from qa_engine.store.store import Store

__all__ = ["command"]


@click.command("score")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@scorecard_option
@set_option
@speech_options
@click.option("--jobs", type=click.IntRange(min=0), help="Recordings heard at once (default: one per core).")
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, allow_dash=True),
    help="One JSON line per call to FILE, - for stdout.",
)
@click.option("--fail-under", type=click.FloatRange(0, 100), help="Exit 1 when the mean score is below this.")
@click.option("--force", is_flag=True, help="Hear recordings again that are in the store already.")
@click.option("--retranscribe", is_flag=True, help="Ignore the transcripts beside recordings.")
@pass_session
def command(
    session: Session,
    /,
    paths: tuple[Path, ...],
    scorecard: Path,
    settings: tuple[str, ...],
    jobs: int | None,
    json_file: Path | None,
    fail_under: float | None,
    force: bool,
    retranscribe: bool,
    **speech: Any,
) -> int:
    """Score recordings, folders of recordings, or transcript files.

    What was heard before is not heard again: run the same command after an interruption and it goes on; change the
    scorecard and only the judging is done anew.

    \b
    qa-engine score day/ --scorecard scorecards/phone_en.yaml --set company.name="My Shop"
    """
    from qa_engine.batch.finding import find_sources
    from qa_engine.batch.local import Day, score_day
    from qa_engine.rules.loading import load_scorecard
    from qa_engine.telephony.file_names import file_names
    from qa_engine.wiring import listening_key, make_hearer, reading_key, with_jobs

    card = load_scorecard(scorecard, settings=parse_set(settings))
    chosen = session.settings.override(jobs=jobs, **speech)
    sources = find_sources(paths, retranscribe=retranscribe)
    hearer = with_jobs(make_hearer(chosen, card))
    day = Day(
        card,
        hearer,
        listening_key(hearer),
        reading=reading_key(hearer),
        identify=file_names(chosen.file_names).read,
        jobs=hearer.settings.jobs,
        manager_channel=chosen.manager_channel,
        force=force,
    )
    with session.open_store(make=True) as store:
        store.save_scorecard(card.id, card.version, card.document, title=card.title)
        done: dict[Path, Done] = {}
        with _progress(session, len(sources)) as advance, heed_interrupts() as heed:
            for outcome in score_day(sources, day, store):
                done[outcome.source.path] = _light(outcome, done.get(outcome.source.path))
                advance(outcome)
                heed()
        by_path = sorted(done.values(), key=lambda one: one.path)
        if json_file is not None:
            _write_lines(json_file, by_path, card, store)
        _print_table(session, by_path, card, store, to_stderr=str(json_file) == "-")
    return _exit_code(session, by_path, fail_under)


@dataclass(frozen=True, slots=True)
class Done:
    """What is kept in memory of an outcome; the call itself is in the store."""

    path: Path
    sha256: str = ""
    score: float | None = None
    failure: FailedRecording | None = None
    duplicate_of: Path | None = None
    heard: bool = False


def _light(outcome: Outcome, before: Done | None) -> Done:
    return Done(
        outcome.source.path,
        outcome.call.sha256 if outcome.call else "",
        outcome.evaluation.score if outcome.evaluation else None,
        outcome.failure,
        outcome.duplicate_of.path if outcome.duplicate_of else None,
        outcome.heard or (before is not None and before.heard),
    )


def _judged(done: Iterable[Done], card: Scorecard, store: Store) -> Iterator[tuple[Call, Evaluation]]:
    """Calls with their evaluations, read back one at a time in the order of `done`."""
    from qa_engine.store.calls import CallFilter

    for one in done:
        if one.sha256:
            yield from store.evaluations(CallFilter(sha256s=(one.sha256,)), scorecard_version=card.version)


@contextmanager
def _progress(session: Session, total: int) -> Iterator[Any]:
    """A bar on a terminal, nothing elsewhere; what was done is said when the run is broken off."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    done = 0
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = session.console()
    told = replace(session, quiet=False).console() if session.quiet else console
    with Progress(*columns, console=console, disable=session.quiet or not console.is_terminal) as bar:
        task = bar.add_task("listening", total=total)

        def advance(outcome: Outcome) -> None:
            nonlocal done
            if not outcome.again:
                done += 1
                bar.advance(task)
            if outcome.failure is not None:  # an error, told with --quiet too
                told.print(f"not scored: {outcome.failure.message}", style="yellow", markup=False, soft_wrap=True)

        try:
            yield advance
        except KeyboardInterrupt:
            session.tell(f"\n{done} of {total} recordings are done and stored; run the same command again to go on")
            raise


def _write_lines(file: Path, done: Sequence[Done], card: Scorecard, store: Store) -> None:
    if str(file) == "-":
        for line in _lines(done, card, store):
            click.echo(line)
        return
    from qa_engine.reports.writing import write_report

    write_report(file, "".join(f"{line}\n" for line in _lines(done, card, store)).encode("utf-8"))


def _lines(done: Sequence[Done], card: Scorecard, store: Store) -> Iterator[str]:
    from qa_engine.reports.formats.as_json import call_line, failure_line

    for one in done:
        if one.failure is not None:
            yield json.dumps(failure_line(one.failure), ensure_ascii=False)
        for call, evaluation in _judged([one], card, store):
            yield json.dumps(call_line(call, evaluation), ensure_ascii=False)


def _print_table(session: Session, done: Sequence[Done], card: Scorecard, store: Store, *, to_stderr: bool) -> None:
    from qa_engine.reports.formats.as_text import render
    from qa_engine.reports.summary import summarize

    failures = [one.failure for one in done if one.failure is not None]
    session.console(err=to_stderr).print(render(summarize(_judged(done, card, store), failures, card)))
    for one in done:
        if one.duplicate_of is not None:
            session.tell(f"same content: {one.path} is {one.duplicate_of}, counted once")
    judged, heard = sum(bool(one.sha256) for one in done), sum(one.heard and bool(one.sha256) for one in done)
    session.tell(f"{heard} recordings heard now, {judged - heard} taken from the store, {len(failures)} failed")


def _exit_code(session: Session, done: Sequence[Done], fail_under: float | None) -> int:
    if any(one.failure is not None for one in done):
        return Exit.SOME_FAILED
    if fail_under is None:
        return Exit.DONE
    scores = [one.score for one in done if one.score is not None]
    if not scores:
        raise SettingsError("--fail-under: no call could be scored, so there is no mean to compare")
    mean = sum(scores) / len(scores)
    session.tell(f"mean score {mean:.1f}, asked for at least {fail_under:g}")
    return Exit.BELOW if mean < fail_under else Exit.DONE
