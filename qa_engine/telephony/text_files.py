"""Text files as phone systems leave them: any of the field's encodings, gzip, half a line at the end, streamed."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, TextIO, cast

from qa_engine.errors import RecordsError, SettingsError
from qa_engine.telephony.reader import Problems

__all__ = ["BEGINNING", "LONGEST_LINE", "Row", "open_text", "read_beginning", "read_lines"]

BEGINNING = 64 * 1024  # bytes of a file by which a system knows its own
LONGEST_LINE = 1024 * 1024  # characters; a longer "line" is no line of a table
CHUNK = 1024 * 1024  # bytes decoded at a time
GZIP_MARK = b"\x1f\x8b"
FALLBACK = "cp1251"  # what Windows exports of the field's Russian systems are written in


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its `line` in the file (from 1) and its values by lower-case column name."""

    line: int
    values: dict[str, str]


def read_beginning(path: Path, encoding: str = "auto") -> str:
    """The first 64 kB of a file as text, for `fits`; raises RecordsError where it cannot be opened."""
    with open_text(path, encoding) as file:
        return file.read(BEGINNING)


@contextmanager
def open_text(path: Path, encoding: str = "auto") -> Iterator[TextIO]:
    """The file as a stream of text, gzip or not; a wrong byte never ends it.

    ``auto``: a byte order mark tells UTF-8 or UTF-16; without one each line is UTF-8, or else cp1251. Raises
    RecordsError for a file that cannot be opened or a damaged archive, SettingsError for an unknown encoding.
    """
    with _open_bytes(path) as raw:
        try:
            yield _decoded(raw, encoding)
        except UnicodeError as error:
            raise SettingsError(f"{path} is not written in {encoding} ({error}): say --encoding auto") from error
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise RecordsError(
                f"{path} is a damaged gzip archive ({error}): get it from the phone system anew, or unpack what is left"
            ) from error


def read_lines(file: TextIO, problems: Problems) -> Iterator[tuple[int, str]]:
    """The lines with their numbers from 1; one longer than `LONGEST_LINE` is told and left out."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) < LONGEST_LINE or line.endswith("\n"):
            yield number, line
            continue
        problems.add(number, f"a line of more than {LONGEST_LINE} characters was left out: rows are shorter")
        while line and not line.endswith("\n"):
            line = file.readline(LONGEST_LINE)


@contextmanager
def _open_bytes(path: Path) -> Iterator[BinaryIO]:
    try:
        file: BinaryIO = path.open("rb")
    except OSError as error:
        raise RecordsError(f"{path} cannot be opened: {error.strerror or error}") from error
    with file:
        packed = file.read(2) == GZIP_MARK
        file.seek(0)
        if not packed:
            yield file
            return
        with gzip.open(file, "rb") as unpacked:
            yield cast(BinaryIO, unpacked)


def _decoded(raw: BinaryIO, encoding: str) -> TextIO:
    if encoding != "auto":
        try:
            "".encode(encoding)  # refuses what is no encoding of text too: base64
        except LookupError as error:
            raise SettingsError(f"there is no encoding {encoding!r}; say auto, utf-8, utf-16 or cp1251") from error
        return _text(raw, encoding)
    mark = raw.read(3)
    raw.seek(0)
    if mark.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _text(raw, "utf-16")
    if mark == codecs.BOM_UTF8:
        raw.seek(3)
    return _text(cast(BinaryIO, io.BufferedReader(_AsUtf8(raw), CHUNK)), "utf-8")


def _text(raw: IO[bytes], encoding: str) -> TextIO:
    return io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline=None)


class _AsUtf8(io.RawIOBase):
    """Bytes of a file whose lines are UTF-8 or cp1251, as UTF-8; NUL bytes (a torn write) are dropped."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._rest = b""  # read, not yet decoded: the beginning of a line
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            chunk = self._raw.read(CHUNK)
            if not chunk and not self._rest:
                return 0
            self._ready = memoryview(self._decode(chunk))
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _decode(self, chunk: bytes) -> bytes:
        """As much of what was read as ends on a whole line (or, in an endless one, on a whole character)."""
        text = self._rest + chunk
        end = _last_boundary(text) if chunk else len(text)
        text, self._rest = text[:end].replace(b"\0", b""), text[end:]
        if _is_utf8(text):
            return text
        return b"".join(
            line if _is_utf8(line) else line.decode(FALLBACK, "replace").encode()
            for line in text.splitlines(keepends=True)
        )


def _last_boundary(text: bytes) -> int:
    end = text.rfind(b"\n") + 1
    if end or len(text) <= CHUNK:
        return end
    return next((i + 1 for i in range(len(text) - 1, len(text) - 9, -1) if text[i] < 128), len(text))


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
