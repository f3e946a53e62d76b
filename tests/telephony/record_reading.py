"""Call records written to a file and read back, for the tests of readers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from qa_engine.domain.call_record import CallRecord
from qa_engine.telephony.reader import Problems, ReadingOptions, RecordsReader

__all__ = ["MOSCOW", "OPTIONS", "at", "read_calls"]

MOSCOW = ZoneInfo("Europe/Moscow")
OPTIONS = ReadingOptions(time_zone=MOSCOW)


def at(text: str) -> datetime:
    """A moment of the day of the tests in Moscow: ``10:15:02``."""
    return datetime.fromisoformat(f"2026-11-20T{text}+03:00")


def read_calls(
    reader: RecordsReader, folder: Path, text: str | bytes, options: ReadingOptions = OPTIONS
) -> tuple[list[CallRecord], Problems]:
    """The calls of a file with this text, by their beginning, and its problems."""
    path = folder / "records"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    problems = Problems()
    return sorted(reader.read(path, options, problems), key=lambda call: call.started_at), problems
