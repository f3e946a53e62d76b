"""`qa-engine records`: the phone system's call records: imported, compared with the sound, missed calls listed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa_engine.cli.options import choose_manager, parse_day, period_options
from qa_engine.cli.record_tables import answer_object, missed_object, print_answers, print_missed, tell_import
from qa_engine.cli.root import Exit
from qa_engine.cli.session import Session, pass_session
from qa_engine.errors import RecordsError, SettingsError

if TYPE_CHECKING:
    from datetime import tzinfo

    from qa_engine.domain.call_record import CallRecord
    from qa_engine.telephony.reader import ReadingOptions, RecordsReader

__all__ = ["command"]

IN_UTC = (
    "  its moments are UTC: say --time-zone Europe/Moscow (or where the office is) and import it again, else days and "
    "hours are shown in UTC and times in file names do not fit"
)


@click.group("records")
def command() -> None:
    """Import the phone system's call records, compare them with the sound, list missed calls."""


@command.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--system", default="auto", help="Which system wrote it; auto: told by its content (`records systems`).")
@click.option("--time-zone", metavar="ZONE", help="Of times that name none, like Europe/Moscow (or in qa-engine.toml).")
@click.option("--encoding", default="auto", help="auto, utf-8, cp1251, ...")
@click.option("--mapping", type=click.Path(path_type=Path), help="What the columns of your own CSV mean (TOML).")
@click.option(
    "--extension-digits", type=click.IntRange(1, 9), default=5, show_default=True, help="Longest internal number."
)
@pass_session
def import_records(
    session: Session,
    /,
    files: tuple[Path, ...],
    system: str,
    time_zone: str | None,
    encoding: str,
    mapping: Path | None,
    extension_digits: int,
) -> int:
    """Keep the calls of FILE in the store; the next `score` matches them to recordings.

    The same file again changes nothing. Rows that cannot be read are told with their lines and left out.

    \b
    qa-engine records import Master.csv --time-zone Europe/Moscow
    qa-engine score day/ --scorecard my_card.yaml
    """
    from qa_engine.telephony.reader import Problems, ReadingOptions

    zone = _zone(time_zone or session.settings.time_zone)
    options = ReadingOptions(zone, encoding, extension_digits, mapping)
    readers = [_find_reader(file, system, options) for file in files]  # all of them, before anything is stored
    left_out = 0
    for file, reader in zip(files, readers, strict=True):
        problems, offsets = Problems(), set[timedelta | None]()
        with session.open_store(make=True) as store, _counting(session, file.name) as count:
            saved = store.save_records(count(_noting(reader.read(file, options, problems), offsets)))
        tell_import(session, file, reader.title, saved, problems)
        if zone is None and offsets == {timedelta()}:
            session.tell(IN_UTC)
        left_out += problems.count
    return Exit.SOME_FAILED if left_out else Exit.DONE


def _noting(records: Iterable[CallRecord], offsets: set[timedelta | None]) -> Iterator[CallRecord]:
    """The records as they are; their distances from UTC are put into `offsets`."""
    for record in records:
        offsets.add(record.started_at.utcoffset())
        yield record


def _find_reader(file: Path, system: str, options: ReadingOptions) -> RecordsReader:
    from qa_engine.telephony.readers import find_reader

    if not file.exists():
        raise RecordsError(f"{file}: no such file; check the spelling")
    if file.is_dir():
        raise RecordsError(f"{file} is a folder: name the files in it, like {file / 'Master.csv'}")
    if not file.is_file():
        raise RecordsError(f"{file} is no file that can be read more than once: write it to a file first")
    return find_reader(file, system, options)


@contextmanager
def _counting(session: Session, name: str) -> Iterator[Any]:
    """A counter on a terminal, nothing elsewhere."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = session.console()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed} calls"))
    with Progress(
        *columns, TimeElapsedColumn(), console=console, disable=session.quiet or not console.is_terminal
    ) as bar:
        task = bar.add_task(f"reading {name}", total=None)

        def count(records: Iterable[CallRecord]) -> Iterator[CallRecord]:
            for record in records:
                bar.advance(task)
                yield record

        yield count


def _zone(name: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(f"--time-zone {name!r} is not known; use an IANA name such as Europe/Moscow") from error


@command.command("systems")
def systems() -> None:
    """The phone systems whose files can be read."""
    from qa_engine.telephony.readers import SYSTEMS

    for reader in SYSTEMS:
        click.echo(f"{reader.name:<20} {reader.title}")


@command.command("compare")
@period_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object per call.")
@pass_session
def compare(session: Session, manager: str | None, since: str | None, until: str | None, as_json: bool) -> None:
    """Answer times from the sound and from the records side by side, of the scored calls that have both."""
    from qa_engine.reports.recorded import compare_answers
    from qa_engine.store.calls import CallFilter

    with session.open_store() as store:
        wanted = CallFilter(
            manager=choose_manager(store, manager), since=parse_day(since, "--from"), until=parse_day(until, "--to")
        )
        answers = compare_answers(store.calls(wanted))
    if as_json:
        for row in answers.rows:
            click.echo(json.dumps(answer_object(row), ensure_ascii=False))
        return
    print_answers(session, answers)


@command.command("missed")
@click.option("--from", "since", metavar="DATE", help="First day, like 2026-11-20.")
@click.option("--to", "until", metavar="DATE", help="Last day, included.")
@click.option(
    "--within", type=click.FloatRange(min=0.1), default=24.0, show_default=True, help="Hours to call back in."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per missed call.")
@pass_session
def missed(session: Session, since: str | None, until: str | None, within: float, as_json: bool) -> None:
    """Missed calls and whether they were called back, from the records alone; no recording is needed."""
    from qa_engine.telephony.callbacks import find_callbacks

    first, last = parse_day(since, "--from"), parse_day(until, "--to")
    with session.open_store() as store:
        later = last + timedelta(days=2) if last else None  # a call-back may come the day after
        found = find_callbacks(store.records(since=first, until=later), within=timedelta(hours=within))
    wanted = [one for one in found if last is None or one.record.started_at.date() <= last]
    if as_json:
        for one in wanted:
            click.echo(json.dumps(missed_object(one), ensure_ascii=False))
        return
    print_missed(session, wanted)


@command.command("forget")
@click.argument("number")
@pass_session
def forget(session: Session, number: str) -> None:
    """Remove the call records of a customer's NUMBER from the store (his right; recordings are not touched)."""
    with session.open_store() as store:
        removed = store.forget_records(number)
    session.tell(f"{removed} call records removed")
