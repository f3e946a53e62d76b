"""`qa-engine timings`: what is measured in the sound of one recording."""

from __future__ import annotations

import json
from pathlib import Path

import click

from qa_engine.cli.clock import clock
from qa_engine.cli.session import Session, pass_session

__all__ = ["command"]


@click.command("timings")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_session
def command(session: Session, file: Path, as_json: bool) -> None:
    """Measure ringing, answer, holds, silence and talk of FILE; a transcript beside it tells who is who."""
    from qa_engine.pipeline import listen_for_times
    from qa_engine.reports.formats.as_json import timings_object
    from qa_engine.speech.transcript_files import find_transcript

    timings = listen_for_times(file, find_transcript(file), session.settings.language or "en")
    if as_json:
        click.echo(json.dumps(timings_object(timings), ensure_ascii=False))
        return
    ringing = timings.ringing
    click.echo(f"duration   {clock(timings.duration)}, the recording begins {str(timings.beginning).replace('_', ' ')}")
    if ringing.measured:
        click.echo(
            f"ringing    {ringing.seconds:.1f} ± {ringing.uncertainty:.1f} s, {ringing.rings} rings of {ringing.tone}"
        )
    else:
        click.echo(f"ringing    not measured: {ringing.why}")
    if timings.answered_at is not None:
        click.echo(f"answered   at {clock(timings.answered_at)}")
    for hold in timings.holds:
        click.echo(f"hold       {clock(hold.start)} to {clock(hold.end)}, {hold.seconds:.1f} s, {hold.kind}")
    for span in timings.dead_air:
        click.echo(f"dead air   {clock(span.start)} to {clock(span.end)}, {span.duration:.1f} s")
