"""`qa-engine models`: the speech models on this machine, and the only command that downloads."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa_engine.cli.root import Exit
from qa_engine.cli.session import Session, pass_session
from qa_engine.errors import SettingsError

if TYPE_CHECKING:
    from qa_engine.speech.model_table import ModelRow
    from qa_engine.speech.pulling import Told

__all__ = ["command"]

MEGABYTE = 1_000_000
MANY_LANGUAGES = 4  # more are counted, not listed


@click.group("models")
def command() -> None:
    """List, check and get speech models; `pull` is the only command that uses the network."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per model.")
@pass_session
def list_models(session: Session, as_json: bool) -> None:
    """The models: embedded, under the models folder, and those that can be pulled by name."""
    from qa_engine.speech.model_table import model_table

    rows = model_table(Path(session.settings.models))
    if as_json:
        for row in rows:
            click.echo(json.dumps(asdict(row), ensure_ascii=False))
        return
    _print_rows(session, rows)


def _print_rows(session: Session, rows: tuple[ModelRow, ...]) -> None:
    from rich.table import Table

    table = Table(title=f"models ({session.settings.models}/)", title_justify="left")
    for name in ("name", "kind", "languages", "MB", "state", "licence"):
        table.add_column(name, justify="right" if name == "MB" else "left", no_wrap=name in ("name", "state"))
    for row in rows:
        cells = (row.name, row.kind, _languages(row), f"{row.megabytes:.0f}", row.state, row.licence)
        table.add_row(*cells)
    session.console(err=False).print(table)
    for row in rows:
        if row.note:
            click.echo(f"{row.name}, {row.kind}: {row.note}")
    session.tell("get one with: qa-engine models pull NAME")


def _languages(row: ModelRow) -> str:
    if len(row.languages) > MANY_LANGUAGES:
        return f"{len(row.languages)}, ru and en among them" if {"ru", "en"} <= set(row.languages) else "many"
    return ", ".join(row.languages) or "any"


@command.command("pull")
@click.argument("name")
@click.option("--mirror", default="", metavar="URL", help="Another address of the hub (default: HF_ENDPOINT).")
@click.option(
    "--token-file",
    type=click.Path(path_type=Path),
    help="File with a token for models whose makers ask for an account (default: HF_TOKEN).",
)
@pass_session
def pull(session: Session, name: str, mirror: str, token_file: Path | None) -> None:
    """Download a model by name, for example whisper:large-v3-turbo; goes on where it was cut."""
    from qa_engine.speech.pulling import PullFrom, pull_weights

    source = PullFrom(mirror, _token(token_file))
    with _bar(session) as tell:
        weights = pull_weights(name, Path(session.settings.models), source, tell)
    session.tell(f"{weights.name} is ready in {weights.folder} ({weights.size / MEGABYTE:.0f} MB)")


def _token(file: Path | None) -> str:
    if file is None:
        return os.environ.get("HF_TOKEN", "").strip()
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"--token-file {file}: cannot be read ({type(error).__name__})") from error


@contextmanager
def _bar(session: Session) -> Iterator[Told]:
    """A bar for each file on a terminal, nothing elsewhere; a pull that is broken off says how to go on."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    console = session.console()
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=session.quiet or not console.is_terminal) as bar:
        tasks: dict[str, TaskID] = {}

        def tell(path: str, done: int, size: int) -> None:
            if path not in tasks:
                tasks[path] = bar.add_task(path, total=size)
            bar.update(tasks[path], completed=done)

        try:
            yield tell
        except KeyboardInterrupt:
            session.tell("\nwhat came is kept; run the same command again to go on")
            raise


@command.command("check")
@click.argument("name", required=False)
@pass_session
def check(session: Session, name: str | None) -> int:
    """Check that models are whole, byte for byte where they were pulled (all, or NAME); exit 1 when one is not."""
    from qa_engine.speech.weights import check_weights, find_damaged_files, list_weights

    folder = Path(session.settings.models)
    whole = True
    found = (check_weights(name, folder),) if name else list_weights(folder)
    for weights in found:
        damaged = find_damaged_files(weights)
        whole = whole and not damaged
        click.echo(f"{weights.name}: {'; '.join(damaged)}; {weights.remedy}" if damaged else f"{weights.name}: ready")
    if not found:
        session.tell(f"no models under {folder}/; the embedded English recogniser needs none")
    return Exit.DONE if whole else Exit.BELOW
