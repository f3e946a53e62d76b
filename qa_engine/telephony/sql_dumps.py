"""Rows of a database dump: INSERT of mysqldump, phpMyAdmin or pg_dump --inserts, COPY of pg_dump; streamed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TextIO

from qa_engine.errors import RecordsError
from qa_engine.telephony.reader import Problems
from qa_engine.telephony.text_files import Row, open_text

__all__ = ["read_sql_rows", "tables_of"]

CHUNK = 1024 * 1024  # characters read at a time
LONGEST_ROW = 4 * 1024 * 1024  # characters; a longer one is damage
HEAD = 64 * 1024  # characters within which a CREATE TABLE, or the names of an INSERT, end
TAIL = 64  # characters after a row in which its comma or semicolon stands
NAME = r'[`"\[]?\w+[`"\]]?'  # as MySQL, PostgreSQL or SQL Server quotes it
TABLE = rf'(?:{NAME}\.)?[`"\[]?(?P<table>\w+)[`"\]]?'
STRING = r"'(?:[^'\\]++|\\.|'')*+'"
STATEMENT = re.compile(
    r"^[ \t]*(?P<verb>INSERT\s+(?:IGNORE\s+)?INTO|REPLACE\s+INTO|COPY|CREATE\s+TABLE(?:\s+IF\s+NOT\s+EXISTS)?)"
    rf"\s+{TABLE}\s*(?=\(|VALUES|FROM)",
    re.IGNORECASE | re.MULTILINE,
)
NAMES = re.compile(r"\(([^()]*)\)\s*")
VALUES = re.compile(r"(?:OVERRIDING\s+\w+\s+VALUE\s+)?VALUES\s*", re.IGNORECASE)
STDIN = re.compile(r"FROM\s+stdin[^;\n]*;[ \t]*\n", re.IGNORECASE)
ROW = re.compile(rf"\s*\(((?:[^'()]++|{STRING}|\([^'()]*\))*+)\)(?:\s*([,;]))?", re.DOTALL)
VALUE = re.compile(rf"\s*(?:\w*?({STRING})(?:::[\w ]+)?|([^,']*?))\s*,", re.DOTALL)
NEXT_ROW = re.compile(r"\)\s*,\s*(?=\()|;[ \t]*\n")
COLUMN = re.compile(rf"\s*({NAME})\s+[a-z]", re.IGNORECASE)
NO_COLUMNS = frozenset({"primary", "unique", "key", "index", "constraint", "foreign", "check", "fulltext", "exclude"})
ESCAPED = re.compile(r"\\(.)|''", re.DOTALL)
MEANT = {"n": "\n", "t": "\t", "r": "\r", "0": "", "b": "\b", "Z": ""}


def read_sql_rows(
    path: Path, *, encoding: str = "auto", problems: Problems, tables: Collection[str] = ()
) -> Iterator[Row]:
    """The rows of a dump, streamed; with `tables` (lower-case) only theirs. NULL is "".

    Column names are those of the INSERT or COPY, or of the CREATE TABLE before it. Raises RecordsError where neither
    names them.
    """
    with open_text(path, encoding) as file:
        yield from _Dump(file, path, problems, tables).rows()


def tables_of(beginning: str) -> frozenset[str]:
    """The tables that the beginning of a dump makes or fills, lower-cased; none in what is no dump."""
    return frozenset(found["table"].lower() for found in STATEMENT.finditer(beginning))


class _Dump:
    """A window on the text of a dump: `self._text` from `self._at` on is not yet read, the file goes on behind it."""

    def __init__(self, file: TextIO, path: Path, problems: Problems, tables: Collection[str]) -> None:
        self._file, self._path, self._problems, self._tables = file, path, problems, tables
        self._text, self._at, self._line, self._ended = "", 0, 1, False
        self._columns: dict[str, tuple[str, ...]] = {}

    def rows(self) -> Iterator[Row]:
        """The rows of every statement that has some."""
        while (found := self._next_statement()) is not None:
            table = found["table"].lower()
            if found["verb"].upper().startswith("CREATE"):
                self._columns[table] = _columns_in(self._text[self._at : self._at + HEAD])
            elif not self._tables or table in self._tables:
                yield from self._rows_of(table)

    def _next_statement(self) -> re.Match[str] | None:
        while True:
            found = STATEMENT.search(self._text, self._at)
            if found is not None:
                self._move(found.start())
                self._hold(HEAD)
                found = STATEMENT.match(self._text, self._at)
                if found is not None:
                    self._move(found.end())
                    return found
            if self._ended:
                return None
            self._move(max(self._at, self._text.rfind("\n") + 1))
            self._read()

    def _rows_of(self, table: str) -> Iterator[Row]:
        names = self._columns.get(table, ())
        if (listed := NAMES.match(self._text, self._at)) is not None:
            names = tuple(_bare(name) for name in listed[1].split(","))
            self._move(listed.end())
        for opening, read in ((VALUES, self._inserted), (STDIN, self._copied)):
            if (found := opening.match(self._text, self._at)) is None:
                continue
            if not names:
                raise RecordsError(
                    f"{self._path} names no columns of its table {table}: neither a CREATE TABLE nor the INSERT does; "
                    "dump the table with its structure, or with mysqldump --complete-insert"
                )
            self._move(found.end())
            for line, values in read():
                if len(values) == len(names):
                    yield Row(line, dict(zip(names, values, strict=True)))
                else:
                    self._problems.add(line, f"the row has {len(values)} values, {len(names)} expected: left out")

    def _inserted(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            self._hold(TAIL)
            found = ROW.match(self._text, self._at)
            cut_off = found is None or found.end() > len(self._text) - TAIL
            if cut_off and not self._ended and len(self._text) - self._at < LONGEST_ROW:
                self._read()
                continue
            if found is not None:
                yield self._line + self._text.count("\n", self._at, found.start(1)), _values(found[1])
                self._move(found.end())
                if found[2] != ",":
                    return
            elif not self._resynchronise():
                return

    def _resynchronise(self) -> bool:
        """Go on behind a row that cannot be read; False where the statement, or the file, ends."""
        self._problems.add(self._line, "a row of the dump breaks off or cannot be read: it was left out")
        found = NEXT_ROW.search(self._text, self._at)
        self._move(len(self._text) if found is None else found.end())
        return found is not None and not found[0].startswith(";")

    def _copied(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            while (end := self._text.find("\n", self._at)) < 0 and not self._ended:
                self._read()
            line = self._text[self._at : end if end >= 0 else len(self._text)]
            if line == "\\." or not line:
                return
            yield self._line, ["" if value == "\\N" else _meant(value) for value in line.split("\t")]
            self._move(end + 1 if end >= 0 else len(self._text))

    def _hold(self, size: int) -> None:
        """See to it that at least `size` characters are in the window, if the file has them."""
        while not self._ended and len(self._text) - self._at < size:
            self._read()

    def _read(self) -> None:
        chunk = self._file.read(CHUNK)
        self._ended = not chunk
        self._text, self._at = self._text[self._at :] + chunk, 0

    def _move(self, place: int) -> None:
        self._line += self._text.count("\n", self._at, place)
        self._at = place


def _values(text: str) -> list[str]:
    values = []
    for found in VALUE.finditer(text + ","):
        quoted, bare = found[1], found[2]
        values.append(_meant(quoted[1:-1]) if quoted is not None else "" if bare.upper() == "NULL" else bare)
    return values


def _meant(text: str) -> str:
    if "\\" not in text and "''" not in text:
        return text
    return ESCAPED.sub(lambda found: "'" if found[1] is None else MEANT.get(found[1], found[1]), text)


def _columns_in(text: str) -> tuple[str, ...]:
    """The column names in the brackets of a CREATE TABLE, of which `text` is what follows the table's name."""
    depth, start, parts = 0, 1, []
    for found in re.finditer(r"[(),]", text):
        depth += {"(": 1, ")": -1, ",": 0}[found[0]]
        if (found[0] == "," and depth == 1) or depth == 0:
            parts.append(text[start : found.start()])
            start = found.end()
        if depth == 0:
            break
    names = [_bare(named[1]) for part in parts if (named := COLUMN.match(part))]
    return tuple(name for name in names if name not in NO_COLUMNS)


def _bare(name: str) -> str:
    return name.strip().strip('`"[]').lower()
