"""`qa-engine timings`: what is measured in the sound of one recording."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa_engine.cli.clock import clock, ringing_line
from qa_engine.cli.session import Session, pass_session

if TYPE_CHECKING:
    from qa_engine.domain.hearing import Hearing
    from qa_engine.domain.timings import Timings
    from qa_engine.pipeline import Measured

__all__ = ["command"]


@click.command("timings")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option(
    "--plot",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="PICTURE.png",
    help="Draw waveform, spectrogram and what was found, to check by eye.",
)
@pass_session
def command(session: Session, file: Path, as_json: bool, plot: Path | None) -> None:
    """Measure ringing, answer, holds, silence and talk of FILE; a transcript beside it tells who is who.

    \b
    qa-engine timings call.wav
    qa-engine timings call.wav --plot call.png
    """
    from qa_engine.pipeline import listen_for_times
    from qa_engine.reports.formats.as_json import timings_object
    from qa_engine.speech.transcript_files import find_transcript

    hearing, measured = listen_for_times(file, find_transcript(file), session.settings.language or "en")
    if plot is not None:
        _draw(plot, file, hearing, measured)
        session.tell(f"picture: {plot}")
    if as_json:
        click.echo(json.dumps(timings_object(measured.timings), ensure_ascii=False))
        return
    for name, figure in (*_lines(measured.timings), *_speech(hearing)):
        click.echo(f"{name:<10} {figure}")


def _draw(plot: Path, file: Path, hearing: Hearing, measured: Measured) -> None:
    from qa_engine.audio.decoding import decode_blocks
    from qa_engine.audio.grid import SAMPLE_RATE
    from qa_engine.reports.picture import draw_picture
    from qa_engine.reports.writing import write_report

    assert hearing.events is not None, "a recording was heard"
    blocks = decode_blocks(file, sample_rate=SAMPLE_RATE)
    write_report(plot, draw_picture(blocks, measured.timings, hearing.events, measured.turns, title=file.name))


def _lines(timings: Timings) -> Iterator[tuple[str, str]]:
    yield "duration", f"{clock(timings.duration)}, the recording begins {str(timings.beginning).replace('_', ' ')}"
    yield "ringing", ringing_line(timings.ringing)
    if timings.answered_at is not None:
        yield "answered", f"at {clock(timings.answered_at)}"
    for hold in timings.holds:
        during = ", during a transfer" if hold.during_transfer else ""
        yield "hold", f"{clock(hold.start)} to {clock(hold.end)}, {hold.seconds:.1f} s of {hold.kind}{during}"
    for transfer in timings.transfers:
        yield "transfer", f"at {clock(transfer.at)}, {_announced(transfer.announced)}"
    for span in timings.dead_air:
        yield "dead air", f"{clock(span.start)} to {clock(span.end)}, {span.duration:.1f} s"
    if timings.talk is not None:
        talk, about = timings.talk, " (estimate)" if timings.talk.estimate else ""
        yield (
            "talk",
            f"manager {talk.manager:.1f} s, customer {talk.customer:.1f} s, nobody {talk.silence:.1f} s{about}",
        )


def _speech(hearing: Hearing) -> Iterator[tuple[str, str]]:
    """Seconds of speech by channel: known without any words."""
    for activity in hearing.events.activity if hearing.events else ():
        side = "" if activity.channel is None else f" on the {('left', 'right')[activity.channel]}"
        yield "speech", f"{sum(span.duration for span in activity.speech):.1f} s{side}"


def _announced(announced: bool | None) -> str:
    if announced is None:
        return "whether announced is not known"
    return "announced" if announced else "not announced"
