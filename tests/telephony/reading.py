"""A records file written and read in one line: calls, and what was told about single rows."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from qa_engine.domain.call_record import CallRecord
from qa_engine.telephony.reader import Problems, ReadingOptions, RecordsReader

MOSCOW = ZoneInfo("Europe/Moscow")


@dataclass(frozen=True)
class Reading:
    calls: tuple[CallRecord, ...]
    problems: Problems

    @property
    def call(self) -> CallRecord:
        (only,) = self.calls
        return only

    @property
    def told(self) -> list[tuple[int, str]]:
        return self.problems.shown


def read(reader: RecordsReader, file: Path, content: str | bytes | list | dict, **options) -> Reading:
    """The calls of a file with this content; dicts and lists are written as JSON, a list of dicts as JSON lines."""
    if isinstance(content, list):
        content = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in content)
    if isinstance(content, dict):
        content = json.dumps(content, ensure_ascii=False, indent=2)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    problems = Problems()
    return Reading(tuple(reader.read(file, ReadingOptions(**options), problems)), problems)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)
