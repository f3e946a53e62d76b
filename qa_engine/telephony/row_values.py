"""Rows of call records, JSON or CSV alike, and their values, checked: what cannot be is told and left out.

The message names the column, never the value: a shifted row would put a customer's number where a duration was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from qa_engine.domain.call_record import CallRecord
from qa_engine.errors import RecordsError
from qa_engine.telephony.reader import Problems, ReadingOptions
from qa_engine.telephony.record_files import header_of, parse_moment, read_beginning, read_json_objects, read_rows

__all__ = [
    "MOST_SECONDS",
    "PlainRow",
    "RecordsFile",
    "RowValues",
    "as_text",
    "file_name",
    "is_json",
    "json_or_csv_rows",
    "read_seconds",
    "require_columns",
    "seconds_between",
    "shown_columns",
    "some_calls",
    "without_repeats",
]

MOST_SECONDS = 24 * 3600.0  # a ring, hold or call of more than a day is a fault of the export
CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2}(?:[.,]\d+)?)")  # 0:01:35, 01:35
JSON = re.compile(r"[\ufeff\s]*(?:\{|\[\s*(?:\{|\]?\s*$))")
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
MOST_DIGITS_OF_A_NAME = 4  # of a column; numbers of telephones and moments have more, however they are written
PlainRow = tuple[int, dict[str, Any]]  # line and values: what is put aside until the call is whole
NOTHING = frozenset({"", "null", "none", "nil", "undefined"})  # how exports write that there is no value
LONGEST_NOTHING = max(map(len, NOTHING))


@dataclass(frozen=True, slots=True)
class RecordsFile:
    """The file that is read: its path, the zone of moments that name none, and where its faults are told."""

    path: Path
    zone: tzinfo | None
    problems: Problems


@dataclass(frozen=True, slots=True)
class RowValues:
    """One row of a file by column name; of several names the first that has a value counts."""

    line: int
    values: Mapping[str, Any]
    file: RecordsFile

    def text(self, *names: str) -> str:
        """The value as text; "" where there is none."""
        for name in names:
            value = self.values.get(name)
            if value is not None and (text := as_text(value)):
                return text
        return ""

    def moment(self, *names: str) -> datetime | None:
        """The moment, aware; None where there is none, 0 included (never)."""
        text = self.text(*names)
        found = parse_moment(text, self.file.zone, path=self.file.path) if text else None
        if found is None and text.strip("0-:. T"):
            self.tell(names[0], "holds no moment that can be read")
        return found

    def seconds(self, *names: str, per_second: float = 1.0) -> float | None:
        """The duration in seconds (`per_second` of its units make one); None where there is none."""
        text = self.text(*names)
        if not text:
            return None
        found = read_seconds(text)
        if found is None:
            self.tell(names[0], "is no duration")
        elif found < 0:
            self.tell(names[0], "is negative")
        elif found / per_second > MOST_SECONDS:
            self.tell(names[0], "is longer than a day")
        else:
            return found / per_second
        return None

    def inside(self, name: str) -> RowValues:
        """The object that stands in the value `name`; without values where none does."""
        value = self.values.get(name)
        return RowValues(self.line, value if isinstance(value, dict) else {}, self.file)

    def rows(self, name: str) -> tuple[RowValues, ...]:
        """The objects of the array that stands in the value `name`."""
        value = self.values.get(name)
        items = value if isinstance(value, list) else ()
        return tuple(RowValues(self.line, item, self.file) for item in items if isinstance(item, dict))

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of an array, or of ``[a,b]`` as CSV exports write one."""
        value = self.values.get(name)
        items = value if isinstance(value, list) else re.split(r"[,\s]+", as_text(value).strip("[] "))
        return without_repeats(as_text(item) for item in items)

    def tell(self, name: str, what: str) -> None:
        """Note that the value `name` was left out, once where it is looked at twice."""
        message = f"{name} {what}: it was left out"
        if (self.line, message) not in self.file.problems.shown:
            self.file.problems.add(self.line, message)


def is_json(beginning: str) -> bool:
    """Whether a file that begins so is JSON; a table may begin with ``[a,b];...`` or ``[];...``."""
    return JSON.match(beginning) is not None


def json_or_csv_rows(
    path: Path, options: ReadingOptions, problems: Problems, check: Callable[[Iterable[str]], None]
) -> Iterator[PlainRow]:
    """The rows of a file that is JSON or CSV, names in lower case; `check` is shown the column names of a CSV file."""
    beginning = read_beginning(path, options.encoding)
    if is_json(beginning):
        for item in read_json_objects(path, encoding=options.encoding, problems=problems):
            yield item.line, {name.lower(): value for name, value in item.values.items()}
        return
    check(header_of(beginning))
    for row in read_rows(path, encoding=options.encoding, problems=problems):
        yield row.line, dict(row.values)


def as_text(value: Any) -> str:
    """A value of JSON or CSV as text; "" for null, arrays and objects."""
    if isinstance(value, str):
        text = value.strip()
        return "" if len(text) <= LONGEST_NOTHING and text.lower() in NOTHING else text
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else ""


def read_seconds(text: str) -> float | None:
    """``95``, ``95.5``, ``01:35`` or ``0:01:35`` in seconds; None for anything else."""
    if NUMBER.fullmatch(text):
        return float(text.replace(",", "."))
    if found := CLOCK.fullmatch(text):
        hours, minutes, seconds = found.groups()
        return 3600.0 * int(hours or 0) + 60.0 * int(minutes) + float(seconds.replace(",", "."))
    return None


def seconds_between(start: datetime | None, end: datetime | None) -> float | None:
    """From `start` to `end`; None where one is unknown, they stand the wrong way round, or lie a day apart."""
    if start is None or end is None:
        return None
    seconds = (end - start).total_seconds()
    return seconds if 0 <= seconds <= MOST_SECONDS else None


def file_name(place: str) -> str:
    """The file of a path or of an address on the web, without folders: ``/var/rec/a.wav`` -> ``a.wav``."""
    address = place.split("?", 1)[0].split("#", 1)[0] if "://" in place else place
    return re.split(r"[\\/]", address.rstrip("\\/"))[-1]


def without_repeats(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts that are not empty, each once, in their order."""
    return tuple(dict.fromkeys(text for text in texts if text))


def require_columns(found: Iterable[str], needed: Sequence[str], path: Path, title: str) -> None:
    """Raise RecordsError, naming what is missing and what is there, unless all `needed` columns are `found`."""
    there = without_repeats(found)
    if missing := [name for name in needed if name not in there]:
        raise RecordsError(
            f"{path} cannot be read as {title}: no {', '.join(missing)}; found {shown_columns(there)}. "
            "Export it with these, say --system for another phone system, or describe the file with --mapping"
        )


def shown_columns(names: Sequence[str]) -> str:
    """Names of columns for a message; a file without a header begins with a call, and whose it was is not told."""
    if any(sum(map(str.isdigit, name)) > MOST_DIGITS_OF_A_NAME for name in names):
        return "a first line that names no columns"
    return ", ".join(names[:40]) or "nothing"


def some_calls(calls: Iterator[CallRecord], path: Path, title: str, problems: Problems) -> Iterator[CallRecord]:
    """The calls as they are; raises RecordsError where there is none."""
    any_call = False
    for call in calls:
        any_call = True
        yield call
    if not any_call:
        why = f"line {problems.shown[0][0]}: {problems.shown[0][1]}" if problems.shown else "it has no rows"
        raise RecordsError(f"{path} holds no call of {title}: {why}; is it the right file, and whole?")
