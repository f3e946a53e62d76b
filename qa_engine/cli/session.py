"""What every command is given: settings, how much to say, where to say it, the store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa_engine.errors import StoreError
from qa_engine.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from qa_engine.store.store import Store

__all__ = ["Session", "pass_session"]


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the program."""

    settings: Settings
    verbose: bool = False
    quiet: bool = False
    db: str = ""  # as given on the command line, which goes before any settings file

    @property
    def lacks_store(self) -> bool:
        """Whether the store is a SQLite file that is not there yet."""
        file = self.settings.db.removeprefix("sqlite:///")
        return "://" not in file and not Path(file).exists()

    def open_store(self, *, make: bool = False) -> Store:
        """The store of the settings; a file that is not there is made only by who writes to it.

        Raises StoreError.
        """
        from qa_engine.store.store import Store

        if not make and self.lacks_store:
            db = self.settings.db
            raise StoreError(f"{db}: no store here yet; run `qa-engine score` first, or name another with --db")
        return Store.open(self.settings.db)

    def console(self, *, err: bool = True) -> Console:
        """Where people read; data goes to stdout by `click.echo`."""
        from rich.console import Console

        return Console(stderr=err, quiet=self.quiet, highlight=False, soft_wrap=False)

    def tell(self, message: str) -> None:
        """A line for people on stderr."""
        if not self.quiet:
            click.echo(message, err=True)


pass_session = click.make_pass_decorator(Session)
