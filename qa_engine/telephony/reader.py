"""What every reader of call records offers: it knows its own files, and turns them into calls, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Protocol

from qa_engine.domain.call_record import CallRecord

__all__ = ["MOST_SHOWN", "Problems", "ReadingOptions", "RecordsReader"]

MOST_SHOWN = 20  # problems told line by line; the rest is counted


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How to read: `time_zone` of moments that name none (None: such a file is refused with the remedy).

    `encoding` is a codec's name or ``auto`` (UTF-8 with or without a mark, UTF-16 with one, else cp1251). Numbers of
    at most `extension_digits` digits are the company's own phones. `mapping` is the user's file for `generic_csv`.
    """

    time_zone: tzinfo | None = None
    encoding: str = "auto"
    extension_digits: int = 5
    mapping: Path | None = None


@dataclass(slots=True)
class Problems:
    """What was wrong with single rows; the rest of the file is read. Messages hold no names or numbers of people.

    Line 0 is the file as a whole: what is said of it is always shown.
    """

    shown: list[tuple[int, str]] = field(default_factory=list)  # (line from 1, what was found and expected)
    count: int = 0

    def add(self, line: int, message: str) -> None:
        """Note that the row at `line` was left out, or read only in part."""
        self.count += 1
        if line == 0 or len(self.shown) < MOST_SHOWN:
            self.shown.append((line, message))

    @property
    def num_rows(self) -> int:
        """How many remarks are about rows, and not about the whole file."""
        return self.count - sum(line == 0 for line, _ in self.shown)


class RecordsReader(Protocol):
    """One phone system's files."""

    @property
    def name(self) -> str:
        """As on the command line: ``asterisk-cdr``."""

    @property
    def title(self) -> str:
        """For people: ``Asterisk CDR (CSV, database dump)``."""

    def fits(self, beginning: str) -> bool:
        """Whether the first lines of a file (at most 64 kB of text) look like this system's."""

    def read(self, path: Path, options: ReadingOptions, problems: Problems) -> Iterator[CallRecord]:
        """The calls of a file in any order, each once; memory does not grow with the file.

        Raises RecordsError where the file as a whole cannot be used: missing columns (named), no time zone, no rows.
        """
