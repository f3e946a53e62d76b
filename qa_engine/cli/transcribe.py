"""`qa-engine transcribe`: one recording to words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from qa_engine.cli.options import speech_options
from qa_engine.cli.session import Session, pass_session

__all__ = ["command"]


@click.command("transcribe")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format", "format_name", type=click.Choice(["json", "txt", "srt", "vtt"]), default="txt", show_default=True
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write (default: standard output).")
@speech_options
@pass_session
def command(session: Session, /, file: Path, format_name: str, output: Path | None, **speech: Any) -> None:
    """Write what is said in FILE, with who said it and when; a transcript beside it is not looked at."""
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
    if output is None:
        click.echo(text, nl=not text.endswith("\n"))
    else:
        write_report(output, text.encode("utf-8"))
        session.tell(f"transcript written: {output}")
