"""The user's mapping of a CSV file's columns (TOML), checked: all its problems are told at once.

The manual, with an example, is the beginning of `generic_csv`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome
from qa_engine.errors import RecordsError
from qa_engine.telephony.reader import Problems, ReadingOptions
from qa_engine.telephony.record_files import read_fields
from qa_engine.telephony.row_values import shown_columns

__all__ = ["FIELDS", "CsvMapping", "load_mapping"]

SETTINGS = ("system", "time_zone", "delimiter", "encoding", "date_format", "durations")
FIELDS = (
    *("started_at", "record_id", "direction", "manager", "customer", "outcome", "ringing_at", "answered_at"),
    *("ended_at", "ring_seconds", "wait_seconds", "hold_seconds", "num_holds", "queue", "recording"),
    *("recording_started_at", "other_id"),
)
DURATIONS = ("seconds", "milliseconds", "hh:mm:ss")
WORDS = {"direction": tuple(Direction), "outcome": tuple(CallOutcome)}  # what the values of a table may be


@dataclass(frozen=True, slots=True)
class CsvMapping:
    """What the columns of a file mean: names in lower case by field, and what the words of a column mean."""

    columns: Mapping[str, tuple[str, ...]]
    meanings: Mapping[str, Mapping[str, str]]
    system: str = "generic csv"
    time_zone: tzinfo | None = None
    delimiter: str = ""
    encoding: str = "auto"
    date_format: str = ""
    durations: str = "seconds"


def load_mapping(file: Path, records: Path, options: ReadingOptions) -> CsvMapping:
    """The mapping in `file`, checked against the first line of `records`.

    Raises RecordsError with all that is wrong with it, and the columns that the records have.
    """
    told = _parsed(file)
    problems = [*_unknown_keys(told), *_wrong_settings(told), *_wrong_words(told)]
    columns, wrong = _columns(told)
    problems += wrong
    encoding, delimiter = told.get("encoding", options.encoding), told.get("delimiter", "")
    usable = _is_encoding(encoding) and isinstance(delimiter, str) and len(delimiter) <= 1
    there = _first_line(records, encoding, delimiter) if usable else ()
    missing = sorted({name for names in columns.values() for name in names if name not in there}) if usable else []
    problems += [f"no column {name!r} in the records" for name in missing]
    if problems:
        lines = "\n".join(f"  {problem}" for problem in problems)
        found = f"\n  columns of {records.name}: {shown_columns(there)}" if there else ""
        raise RecordsError(f"{file}: {len(problems)} problems with the mapping of {records}:\n{lines}{found}")
    meanings = {field: {key.casefold(): word for key, word in told.get(field, {}).items()} for field in WORDS}
    settings = {name: told[name] for name in ("system", "delimiter", "date_format", "durations") if name in told}
    zone = ZoneInfo(told["time_zone"]) if "time_zone" in told else None
    return CsvMapping(columns, meanings, time_zone=zone, encoding=encoding, **settings)


def _parsed(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise RecordsError(f"--mapping {file} cannot be opened: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise RecordsError(f"--mapping {file} is not UTF-8, which TOML has to be: save it so ({error})") from error
    except tomllib.TOMLDecodeError as error:
        raise RecordsError(f"--mapping {file} is not TOML: {error}; write for example [columns]") from error


def _unknown_keys(told: Mapping[str, Any]) -> list[str]:
    known = (*SETTINGS, "columns", *WORDS)
    return [f"unknown key {key!r}; known are {', '.join(known)}" for key in told if key not in known]


def _wrong_settings(told: Mapping[str, Any]) -> list[str]:
    texts = [f"{name} is not a text" for name in SETTINGS if name in told and not isinstance(told[name], str)]
    if texts:
        return texts
    found = []
    if told.get("durations", DURATIONS[0]) not in DURATIONS:
        found.append(f"durations is {told['durations']!r}; it may be {', '.join(DURATIONS)}")
    if len(told.get("delimiter", ";")) != 1:
        found.append("delimiter is not one character")
    if not _is_zone(told.get("time_zone", "UTC")):
        found.append(f"there is no time_zone {told['time_zone']!r}; write an IANA name like Europe/Moscow")
    if not _is_encoding(told.get("encoding", "auto")):
        found.append(f"there is no encoding {told['encoding']!r}; write auto, utf-8, utf-16 or cp1251")
    return found


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (ValueError, OSError, LookupError):
        return False


def _is_encoding(name: object) -> bool:
    if not isinstance(name, str):
        return False
    try:
        "".encode(name)
    except LookupError:
        return name == "auto"
    return True


def _wrong_words(told: Mapping[str, Any]) -> list[str]:
    found = []
    for field, words in WORDS.items():
        table = told.get(field, {})
        if not isinstance(table, dict):
            found.append(f"[{field}] is no table of values")
            continue
        found += [
            f"[{field}] {key!r} is {word!r}; it may be {', '.join(words)}"
            for key, word in table.items()
            if word not in words
        ]
    return found


def _columns(told: Mapping[str, Any]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """The columns by field, and what is wrong with them."""
    table = told.get("columns")
    if not isinstance(table, dict):
        return {}, ["no table [columns]"]
    found: dict[str, tuple[str, ...]] = {}
    problems = [] if "started_at" in table else ["[columns] has no started_at"]
    for field, names in table.items():
        if field not in FIELDS:
            problems.append(f"[columns] unknown field {field!r}; known are {', '.join(FIELDS)}")
        elif (named := _names(names)) is None:
            problems.append(f"[columns] {field} is neither a column's name nor an array of names")
        else:
            found[field] = named
    return found, problems


def _names(names: object) -> tuple[str, ...] | None:
    items = [names] if isinstance(names, str) else names
    if not isinstance(items, Sequence) or not items or not all(isinstance(name, str) and name for name in items):
        return None
    return tuple(name.strip().lower() for name in items)


def _first_line(records: Path, encoding: str, delimiter: str) -> tuple[str, ...]:
    for _, fields in read_fields(records, encoding=encoding, problems=Problems(), delimiter=delimiter):
        return tuple(name.strip().lower() for name in fields)
    return ()
