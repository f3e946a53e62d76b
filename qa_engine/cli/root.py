"""The group of commands, and what every error means for the exit code."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from enum import IntEnum
from importlib import import_module
from typing import Any

import click

from qa_engine import __version__
from qa_engine.cli.common_options import add_common_options
from qa_engine.errors import QAEngineError

__all__ = ["Exit", "cli", "main"]


class Exit(IntEnum):
    """Exit codes, the same for every command."""

    DONE = 0
    BELOW = 1  # the score is below --fail-under
    MISUSE = 2  # wrong arguments, a bad scorecard, a store that cannot be opened
    SOME_FAILED = 3  # some recordings failed; the others are done and stored
    FAULT = 70  # an error of the program itself, as BSD's sysexits count it
    INTERRUPTED = 130  # Ctrl-C, as shells count it


# command -> module: each is imported when it is asked for, so that --help stays fast
COMMANDS = {
    "score": "Score recordings, folders or transcripts against a scorecard.",
    "report": "The audit report: per manager, per criterion, with quotes.",
    "search": "Search what was said: words, phrases, inflected forms.",
    "show": "One call: transcript, timings, verdicts with their evidence.",
    "serve": "The review desk in the browser, on this machine only.",
    "transcribe": "Write what is said in one recording.",
    "timings": "Measure ringing, answer, holds and talk of one recording.",
    "scorecard": "Check, test and describe scorecard files.",
    "records": "The phone system's call records: import, compare with the sound, missed calls.",
    "models": "Speech models on this machine.",
    "doctor": "What works on this machine, and what to do about the rest.",
}


class LazyGroup(click.Group):
    """Commands by name, each imported from its own file when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command from ``qa_engine.cli.<name>``."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"qa_engine.cli.{cmd_name}").command
        add_common_options(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One line per command, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="qa-engine")
def cli() -> None:
    """Score call recordings: every verdict cites the words and the second they were said.

    \b
    qa-engine score DAY/ --scorecard scorecards/phone_en.yaml
    qa-engine report --format html -o report.html
    """


add_common_options(cli)


def main(arguments: list[str] | None = None) -> None:
    """Console script: runs the command and leaves with its exit code."""
    sys.exit(_guarded(lambda: cli(arguments, prog_name="qa-engine", standalone_mode=False)))


def _guarded(run: Callable[[], Any]) -> int:
    try:
        code = run()
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("\ninterrupted", err=True)
        return Exit.INTERRUPTED
    except QAEngineError as error:
        click.echo(f"error: {error}", err=True)
        return Exit.MISUSE
    except SystemExit:  # how click ends when the reader of our output has enough: `... | head`
        return Exit.DONE
    except OSError as error:
        click.echo(f"error: {error}; nothing more was written", err=True)
        return Exit.MISUSE
    except Exception:
        traceback.print_exc()
        click.echo("this is a fault of qa-engine itself; what was stored before is kept", err=True)
        return Exit.FAULT
    return code if isinstance(code, int) else Exit.DONE
