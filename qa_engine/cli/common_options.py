"""--db, --config, -v and --quiet: taken before the command and behind it, the nearest one counts."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from qa_engine.cli.session import Session
from qa_engine.settings import load_settings

__all__ = ["add_common_options"]

Change = Callable[[Session, Any], Session]


def _with_db(session: Session, db: str) -> Session:
    return replace(session, settings=session.settings.override(db=db), db=db)


def _with_config(session: Session, config: Path) -> Session:
    return replace(session, settings=load_settings(config).override(db=session.db or None))


def _verbose(session: Session, _: bool) -> Session:
    logging.getLogger("qa_engine").setLevel(logging.DEBUG)
    return replace(session, verbose=True)


def _quiet(session: Session, _: bool) -> Session:
    return replace(session, quiet=True)


def add_common_options(command: click.Command) -> None:
    """Give a command (and the commands in it, where it is a group) the options that all have, once."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            add_common_options(inner)
    known = {option.name for option in command.params}
    command.params += [option for option in _common() if option.name not in known]


def _common() -> list[click.Option]:
    return [
        _option("--config", _with_config, "Settings file (default: qa-engine.toml, if here).", eager=True, path=True),
        _option("--db", _with_db, "Database: a file (default qa.db) or postgresql://..."),
        _option("-v", _verbose, "Tell more: what each stage does, tracebacks of failures.", flag="--verbose"),
        _option("--quiet", _quiet, "No progress and no tables; errors only.", flag="--quiet"),
    ]


def _option(
    name: str, change: Change, help_text: str, *, flag: str = "", eager: bool = False, path: bool = False
) -> click.Option:
    def update(context: click.Context, _: click.Parameter, value: Any) -> None:
        session = context.find_object(Session) or _first_session()
        context.obj = change(session, value) if value not in (None, False) else session

    names = [name, flag] if flag and flag != name else [name]
    kind = click.Path(path_type=Path) if path else None
    return click.Option(
        names, help=help_text, callback=update, expose_value=False, is_eager=eager, is_flag=bool(flag), type=kind
    )


def _first_session() -> Session:
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("qa_engine").setLevel(logging.ERROR)
    return Session(load_settings(None))
