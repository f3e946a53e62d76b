"""`qa-engine transcribe`: one recording to words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa_engine.cli.options import speech_options
from qa_engine.cli.session import Session, pass_session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa_engine.domain.transcript import Utterance

__all__ = ["command"]

TOLD = 20  # what is left out is told so many times; all of it with --verbose
TOLD_WIDTH = 80  # characters of each


@click.command("transcribe")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format", "format_name", type=click.Choice(["json", "txt", "srt", "vtt"]), default="txt", show_default=True
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write (default: standard output).")
@speech_options
@pass_session
def command(session: Session, /, file: Path, format_name: str, output: Path | None, **speech: Any) -> None:
    """Write what is said in FILE, with who said it and when; a transcript beside it is not looked at.

    Without --language the language is the one that is heard, where the recogniser can tell. What the recogniser wrote
    and nobody said (a phrase it invents on noise, a loop, the other side's echo) is left out and told.
    """
    from qa_engine.domain.scorecard import Company, Scorecard
    from qa_engine.pipeline import Source, understand
    from qa_engine.reports.writing import write_report
    from qa_engine.speech.transcript_files import render_transcript
    from qa_engine.wiring import make_hearer

    chosen = session.settings.override(**speech)
    hearing = make_hearer(chosen, None)(Source(file))
    nobody = Scorecard("none", "", hearing.language, Company(""), (), 0, ())
    call = understand(hearing, nobody, manager_channel=chosen.manager_channel)
    text = render_transcript(call, format_name)
    _tell_left_out(session, hearing.left_out)
    if not call.turns:
        session.tell(f"{file}: no word was understood; the transcript is empty")
    if output is None:
        click.echo(text, nl=False)
    else:
        write_report(output, text.encode("utf-8"))
        session.tell(f"transcript written: {output}")


def _tell_left_out(session: Session, left_out: Sequence[Utterance]) -> None:
    """What the recogniser wrote and nobody said, each with its reason; a long list is cut."""
    for one in left_out if session.verbose else left_out[:TOLD]:
        text = one.text if session.verbose or len(one.text) <= TOLD_WIDTH else one.text[:TOLD_WIDTH] + "..."
        session.tell(f"left out at {one.start:.1f} s: {text!r} ({one.left_out})")
    if len(left_out) > TOLD and not session.verbose:
        session.tell(f"and {len(left_out) - TOLD} more (--verbose tells all)")
