"""`qa-engine doctor`: what works here, what is missing, the command that mends it."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from qa_engine import __version__
from qa_engine.cli.root import Exit
from qa_engine.cli.session import Session, pass_session
from qa_engine.errors import StoreError

__all__ = ["command"]

ENOUGH_DISK = 1_000_000_000  # bytes; a day's database and a report need far less, a model about this much


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it works, what to do if not."""

    what: str
    works: bool
    note: str
    needed: bool = False


@click.command("doctor")
@pass_session
def command(session: Session) -> int:
    """Say what works on this machine; exit 1 when something that scoring needs is missing."""
    from qa_engine.wiring import quiet_libraries

    quiet_libraries()
    findings = tuple(_findings(session))
    for finding in findings:
        mark = "ok  " if finding.works else "MISS" if finding.needed else "-   "
        click.echo(f"{mark}  {finding.what}: {finding.note}")
    return Exit.DONE if all(finding.works for finding in findings if finding.needed) else Exit.BELOW


def _findings(session: Session) -> Iterator[Finding]:
    from qa_engine.speech.engines import installed_engines

    yield Finding("qa-engine", True, f"{__version__}, Python {platform.python_version()}, {os.cpu_count()} cores")
    for engine in installed_engines(Path(session.settings.models)):
        languages = "any language" if not engine.languages else ", ".join(engine.languages)
        note = f"{engine.role}, {languages}"
        if not engine.ready:
            note = f"{note}; {engine.why_not}; {engine.command}"
        yield Finding(engine.name, engine.ready, note, needed=engine.name.startswith("moonshine"))
    yield _store(session)
    free = shutil.disk_usage(Path.cwd()).free
    yield Finding("disk", free > ENOUGH_DISK, f"{free / 1e9:.0f} GB free in the working folder")
    yield Finding("network", True, "not used; only `qa-engine models pull` downloads")


def _store(session: Session) -> Finding:
    db = session.settings.db
    if session.lacks_store:
        return Finding("store", True, f"{db} will be made by the first `qa-engine score`")
    try:
        with session.open_store():
            return Finding("store", True, f"{db} opens", needed=True)
    except StoreError as error:
        return Finding("store", False, str(error), needed=True)
