"""Tables as phone systems write them, row by row: CSV here; dumps, JSON, moments and numbers from beside it.

A reader imports everything it needs to read a file from this module.
"""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from qa_engine.telephony.json_files import JsonRow, read_json_objects
from qa_engine.telephony.moments import parse_moment
from qa_engine.telephony.phone_numbers import digits_of, is_extension
from qa_engine.telephony.reader import Problems
from qa_engine.telephony.sql_dumps import read_sql_rows
from qa_engine.telephony.text_files import Row, open_text, read_beginning, read_lines

__all__ = [
    "JsonRow",
    "Row",
    "digits_of",
    "first_row",
    "header_of",
    "is_extension",
    "open_text",
    "parse_moment",
    "read_beginning",
    "read_fields",
    "read_json_objects",
    "read_lines",
    "read_rows",
    "read_sql_rows",
    "sniff_delimiter",
]

DELIMITERS = (",", ";", "\t", "|")
SNIFFED_LINES = 20
MOST_LINES_OF_A_ROW = 50  # a quote that is not closed by then was never meant to be one

Fields = tuple[int, list[str]]  # line from 1, values as written
Lines = Iterator[tuple[int, str]]


def read_rows(
    path: Path, *, encoding: str = "auto", problems: Problems, headers: Sequence[str] = (), delimiter: str = ""
) -> Iterator[Row]:
    """The rows of a CSV file, streamed; keys lower-cased and stripped.

    The column names are those of the first line unless `headers` are given (a first line that repeats them is left
    out); the delimiter is found where none is given. A row with another number of fields goes to `problems`.
    """
    names, first = _names(headers), True
    for line, fields in read_fields(path, encoding=encoding, problems=problems, delimiter=delimiter):
        if first:
            first, repeated = False, _names(fields)
            names = names or repeated
            if names == repeated:
                continue
        if len(fields) > len(names) and not any(fields[len(names) :]):
            del fields[len(names) :]  # delimiters at the end of the line
        if len(fields) != len(names):
            problems.add(line, f"the row has {len(fields)} fields, {len(names)} expected: it was left out")
            continue
        yield Row(line, dict(zip(names, fields, strict=True)))


def read_fields(path: Path, *, encoding: str = "auto", problems: Problems, delimiter: str = "") -> Iterator[Fields]:
    """The values of each row of a CSV file with its line, whatever their number; empty lines are left out."""
    with open_text(path, encoding) as file:
        lines = read_lines(file, problems)
        first = list(islice(lines, SNIFFED_LINES))
        if first and first[0][1].lower().startswith("sep="):  # Excel's own line
            delimiter = delimiter or first.pop(0)[1].strip()[4:] or ","
        delimiter = delimiter or sniff_delimiter("".join(line for _, line in first))
        yield from _parsed(chain(first, lines), delimiter, problems)


def sniff_delimiter(beginning: str) -> str:
    """Which of ``, ; tab |`` divides the first lines into most equal rows; a comma where none does."""
    lines = beginning.splitlines()[:SNIFFED_LINES]
    return max(DELIMITERS, key=lambda delimiter: _regularity(lines, delimiter))


def header_of(beginning: str) -> tuple[str, ...]:
    """The names of the first line of a CSV file, lower-cased and stripped; () where there is none."""
    return _names(first_row(beginning))


def first_row(beginning: str) -> tuple[str, ...]:
    """The values of the first line of a CSV file as they stand; () where there is none."""
    lines = [line for line in beginning.splitlines()[:SNIFFED_LINES] if line.strip()]
    if lines and lines[0].lower().startswith("sep="):
        lines = lines[1:]
    rows = _parsed(iter(enumerate(lines[:1], 1)), sniff_delimiter("\n".join(lines)), Problems())
    return tuple(next(rows, (0, []))[1])


def _names(fields: Sequence[str]) -> tuple[str, ...]:
    """Column names as keys; the second of two equal ones is ``name.2``."""
    names = [name.strip().strip("\ufeff").lower() for name in fields]
    seen: Counter[str] = Counter()
    for place, name in enumerate(names):
        seen[name] += 1
        if seen[name] > 1:
            names[place] = f"{name}.{seen[name]}"
    return tuple(names)


def _regularity(lines: list[str], delimiter: str) -> tuple[float, int]:
    rows = [len(fields) for _, fields in _parsed(iter(enumerate(lines, 1)), delimiter, Problems())]
    many = Counter(size for size in rows if size > 1)
    if not many:
        return (0.0, 0)
    size, count = max(many.items(), key=lambda item: (item[1], item[0]))
    return (count / len(rows), size)


def _parsed(lines: Lines, delimiter: str, problems: Problems) -> Iterator[Fields]:
    waiting: deque[tuple[int, str]] = deque()  # lines taken for a quote that was never closed
    while (taken := waiting.popleft() if waiting else next(lines, None)) is not None:
        number, line = taken
        if '"' not in line:
            text = line.rstrip("\r\n")
            if text.strip():
                yield number, text.split(delimiter)
            continue
        fields = _quoted(line, lines, waiting, delimiter)
        if fields is None:
            problems.add(number, "a quote is opened and not closed, or a value is too long: the row was left out")
        else:
            yield number, fields


def _quoted(line: str, lines: Lines, waiting: deque[tuple[int, str]], delimiter: str) -> list[str] | None:
    """The fields of a row with quotes, also one that goes on in the next lines; None where it never closes."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            return _continued(line, lines, waiting, delimiter)
    try:  # a quote in the middle of a value: as it stands
        return next(csv.reader([line], delimiter=delimiter))
    except csv.Error:
        return None


def _continued(line: str, lines: Lines, waiting: deque[tuple[int, str]], delimiter: str) -> list[str] | None:
    """The next lines taken in until the quote closes; all are put back to `waiting` where it does not."""
    waiting.extend(islice(lines, max(0, MOST_LINES_OF_A_ROW - len(waiting))))
    text = line
    for count, (_, more) in enumerate(waiting, 1):
        text += more
        try:
            fields = next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
        except csv.Error as error:
            if "unexpected end" in str(error):
                continue
            return None
        for _ in range(count):
            waiting.popleft()
        return fields
    return None
