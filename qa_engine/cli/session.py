"""What every command is given: settings, how much to say, where to say it, the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

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

    def open_store(self) -> Store:
        """The store of the settings; raises StoreError."""
        from qa_engine.store.store import Store

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
