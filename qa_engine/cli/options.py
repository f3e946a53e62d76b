"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa_engine.errors import SettingsError

if TYPE_CHECKING:
    from qa_engine.store.store import Store

__all__ = [
    "choose_manager",
    "parse_day",
    "parse_set",
    "period_options",
    "scorecard_option",
    "set_option",
    "speech_options",
]

Decorator = Callable[[Any], Any]

scorecard_option = click.option(
    "--scorecard", required=True, type=click.Path(path_type=Path), help="Scorecard file (YAML)."
)
set_option = click.option(
    "--set", "settings", multiple=True, metavar="PATH=VALUE", help='Change a scorecard field: company.name="My Shop".'
)


def speech_options(function: Any) -> Any:
    """--language, --transcriber, --diarizer, --manager-channel, --file-names."""
    options: tuple[Decorator, ...] = (
        click.option("--language", type=click.Choice(["ru", "en"]), help="Spoken language (default: the scorecard's)."),
        click.option("--transcriber", help="auto, moonshine, whisper:NAME-or-FOLDER."),
        click.option("--diarizer", help="auto, moonshine, pyannote, channels."),
        click.option("--manager-channel", type=click.Choice(["auto", "left", "right"]), help="Side of the manager."),
        click.option("--file-names", help="auto, freepbx, 3cx or a regular expression with named groups."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def period_options(function: Any) -> Any:
    """--manager, --from, --to."""
    options: tuple[Decorator, ...] = (
        click.option("--manager", help="Only this manager's calls."),
        click.option("--from", "since", metavar="DATE", help="First day, like 2026-11-20."),
        click.option("--to", "until", metavar="DATE", help="Last day, included."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def parse_day(text: str | None, option: str) -> date | None:
    """A day written as 2026-11-20; raises SettingsError naming the option."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"{option} {text!r} is not a day; write it like 2026-11-20") from error


def choose_manager(store: Store, wanted: str | None) -> str:
    """The full name of the manager meant by a part of it, or the extension as given; "" for none wanted.

    Raises SettingsError, with the names there are, where the part fits nobody or several.
    """
    if not wanted or wanted.isdigit():
        return wanted or ""
    known = store.managers()
    exact = [name for name in known if name.casefold() == wanted.casefold()]
    found = exact or [name for name in known if wanted.casefold() in name.casefold()]
    if len(found) == 1:
        return found[0]
    names = ", ".join(found or known) or "nobody yet"
    raise SettingsError(f"--manager {wanted!r} fits {'several' if found else 'nobody'}; in this store: {names}")


def parse_set(settings: tuple[str, ...]) -> dict[str, str]:
    """``PATH=VALUE`` strings as a mapping; raises SettingsError for one without ``=``."""
    values: dict[str, str] = {}
    for setting in settings:
        path, equals, value = setting.partition("=")
        if not equals or not path.strip():
            raise SettingsError(f'--set {setting!r}: write PATH=VALUE, like company.name="My Shop"')
        values[path.strip()] = value
    return values
