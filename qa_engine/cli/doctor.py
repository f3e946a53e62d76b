"""`qa-engine doctor`: what works here, what is missing, the command that mends it."""

from __future__ import annotations

import os
import platform
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa_engine import __version__
from qa_engine.cli.root import Exit
from qa_engine.cli.session import Session, pass_session
from qa_engine.errors import SettingsError, StoreError, WeightsError

if TYPE_CHECKING:
    from qa_engine.speech.machine_fit import MachineFit

__all__ = ["command"]

MEASURED_CLIP = 10.0  # seconds
ENOUGH_DISK = 1_000_000_000  # bytes; a day's database and a report need far less, a model about this much


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it works, what to do if not."""

    what: str
    works: bool
    note: str
    needed: bool = False


@click.command("doctor")
@click.option("--measure", is_flag=True, help="Also load the recogniser and time it on this machine.")
@pass_session
def command(session: Session, measure: bool) -> int:
    """Say what works on this machine; exit 1 when something that scoring needs is missing."""
    from qa_engine.wiring import quiet_libraries

    quiet_libraries()
    findings = (*_findings(session), *(_measured(session) if measure else ()))
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
    yield _machine(session)
    yield _store(session)
    free = shutil.disk_usage(Path.cwd()).free
    yield Finding("disk", free > ENOUGH_DISK, f"{free / 1e9:.0f} GB free in the working folder")
    yield Finding("network", True, "not used; only `qa-engine models pull` downloads")


def _machine(session: Session) -> Finding:
    """How whisper would run here, and why so."""
    try:
        fit = _fit(session)
    except WeightsError as error:
        return Finding("whisper runs on", False, str(error))
    threads = f"{fit.threads} thread{'s' if fit.threads > 1 else ''} per process"
    clips = f"{fit.batch_size} clip{'s' if fit.batch_size > 1 else ''} at once"
    return Finding("whisper runs on", True, f"{fit.device}, {fit.compute_type}, {threads}, {clips} ({fit.why})")


def _fit(session: Session) -> MachineFit:
    from qa_engine.speech.machine_fit import fit_machine, usable_cores

    wanted = session.settings
    return fit_machine(
        device=wanted.device,
        compute_type=wanted.compute_type,
        batch_size=wanted.batch_size,
        processes=wanted.jobs or usable_cores(),
    )


def _measured(session: Session) -> Iterator[Finding]:
    """The recogniser's time for a clip; the clip is noise, so that words, of which speech has more, cost extra."""
    from qa_engine.wiring import choose_transcriber

    for language in (session.settings.language,) if session.settings.language else ("en", "ru"):
        try:
            engine = choose_transcriber(session.settings, language)
            yield _timed(engine, language, session)
        except (WeightsError, SettingsError) as error:
            yield Finding(f"measured, {language}", False, str(error))


def _timed(engine: str, language: str, session: Session) -> Finding:
    import numpy as np

    from qa_engine.domain.spans import Span
    from qa_engine.domain.waveform import Waveform
    from qa_engine.speech.machine_fit import usable_cores
    from qa_engine.speech.protocols import SpeechRequest
    from qa_engine.wiring import make_transcriber

    processes = session.settings.jobs or usable_cores()
    samples = np.random.default_rng(0).normal(0.0, 0.05, (1, round(MEASURED_CLIP * 16_000))).astype(np.float32)
    request = SpeechRequest((Span(0.0, MEASURED_CLIP),), language)
    begun = time.perf_counter()
    transcriber = make_transcriber(engine, session.settings.override(jobs=processes))
    seconds = []
    for _ in range(2):
        transcriber.transcribe(Waveform(samples, 16_000), request)
        seconds.append(time.perf_counter() - begun)
        begun = time.perf_counter()
    first, second = seconds
    note = f"{engine}: {second:.2f} s for {MEASURED_CLIP:g} s of sound, {max(0.0, first - second):.1f} s to load"
    return Finding(f"measured, {language}", True, note)


def _store(session: Session) -> Finding:
    db = session.settings.db
    if session.lacks_store:
        return Finding("store", True, f"{db} will be made by the first `qa-engine score`")
    try:
        with session.open_store():
            return Finding("store", True, f"{db} opens", needed=True)
    except StoreError as error:
        return Finding("store", False, str(error), needed=True)
