"""JSON as phone systems and their interfaces give it: lines, one array, one object with an array in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from qa_engine.errors import RecordsError
from qa_engine.telephony.reader import Problems
from qa_engine.telephony.text_files import open_text, read_lines

__all__ = ["JsonRow", "read_json_objects"]

CHUNK = 1024 * 1024  # characters of an array read at a time
MOST_WHOLE = 256 * 1024 * 1024  # characters of one document that is not an array
LONGEST_OBJECT = 64 * 1024 * 1024  # characters of one object of an array
BLANK = " \t\r\n,"


@dataclass(frozen=True, slots=True)
class JsonRow:
    """One object: the `line` where it begins (in an array: its place in it, from 1) and its values."""

    line: int
    values: dict[str, Any]


def read_json_objects(
    path: Path, *, encoding: str = "auto", problems: Problems, whole: bool = False
) -> Iterator[JsonRow]:
    """The objects of a file: JSON lines, one array, objects put together (streamed), or the longest array in an object.

    With `whole` a file that is one object gives this object, whatever arrays are in it. What is no object goes to
    `problems`, as does the half of a file that was cut off. Raises RecordsError for a document that is no JSON at all.
    """
    with open_text(path, encoding) as file:
        shape = _shape(file)
    if shape == "object":
        with open_text(path, encoding) as file:
            shape = "objects" if _is_first_of_several(file.read(CHUNK)) else "object"
    with open_text(path, encoding) as file:
        if shape == "lines":
            yield from _lines(file, problems)
        elif shape == "array":
            yield from _values(file, problems, end="]")
        elif shape == "objects":
            yield from _values(file, problems, end="")
        elif shape == "object":
            document = _document(file, path)
            yield from [JsonRow(1, document)] if whole else _items(_rows_in(document), problems)


def _shape(file: TextIO) -> str:
    lines = (line.strip() for line in iter(lambda: file.readline(CHUNK), ""))
    filled = (line for line in lines if line)
    first, second = next(filled, ""), next(filled, "")
    if not first or first.startswith("["):
        return "array" if first else ""
    return "lines" if second and isinstance(_loads(first), dict) else "object"


def _is_first_of_several(beginning: str) -> bool:
    """Whether an object ends and another begins: files of one object each were put together."""
    text = beginning.lstrip("\ufeff \t\r\n")
    found = _next_value(json.JSONDecoder(), text, 0)
    return found is not None and isinstance(found[0], dict) and text[found[1] :].lstrip(BLANK).startswith("{")


def _loads(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _lines(file: TextIO, problems: Problems) -> Iterator[JsonRow]:
    for number, line in read_lines(file, problems):
        if not line.strip():
            continue
        value = _loads(line)
        if isinstance(value, dict):
            yield JsonRow(number, value)
        else:
            problems.add(number, "the line is no JSON object: it was left out")


def _values(file: TextIO, problems: Problems, *, end: str) -> Iterator[JsonRow]:
    """The objects of an array (`end` is its bracket), or of objects one after another (`end` is nothing)."""
    decoder = json.JSONDecoder()
    text, place, size = "", 0, CHUNK
    while chunk := file.read(size):
        text = (text + chunk).lstrip("\ufeff \t\r\n")
        text = text[1:] if not place and text.startswith("[") else text
        start = 0
        while (found := _next_value(decoder, text, start)) is not None:
            value, start = found
            place += 1
            if isinstance(value, dict):
                yield JsonRow(place, value)
            else:
                problems.add(place, "a value of the array is no object: it was left out")
        text = text[start:].lstrip(BLANK)
        size = max(CHUNK, len(text))  # twice as much each time: a long object costs no square of its length
        if len(text) > LONGEST_OBJECT:
            break
    if text.strip(BLANK) != end:
        what = "the array" if end else "the file"
        problems.add(place + 1, f"{what} breaks off or is damaged here: what stands before it was read")


def _next_value(decoder: json.JSONDecoder, text: str, start: int) -> tuple[Any, int] | None:
    while start < len(text) and text[start] in BLANK:
        start += 1
    if start >= len(text) or text[start] == "]":
        return None
    try:
        value, end = decoder.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return (value, end) if end < len(text) or isinstance(value, dict) else None  # a number may go on in the next chunk


def _document(file: TextIO, path: Path) -> dict[str, Any]:
    text = file.read(MOST_WHOLE)
    value = _loads(text)
    if isinstance(value, dict):
        return value
    what = "is larger than 256 MB and no array" if len(text) == MOST_WHOLE else "is no JSON, or was cut off"
    raise RecordsError(f"{path} {what}: export the records anew, or as JSON lines")


def _items(values: list[Any], problems: Problems) -> Iterator[JsonRow]:
    for place, item in enumerate(values, 1):
        if isinstance(item, dict):
            yield JsonRow(place, item)
        else:
            problems.add(place, "a value of the array is no object: it was left out")


def _rows_in(value: dict[str, Any]) -> list[Any]:
    """The longest array of objects in a document, two floors deep; without one the document itself."""
    inside = [*value.values(), *(v for each in value.values() if isinstance(each, dict) for v in each.values())]
    arrays = [each for each in inside if isinstance(each, list) and any(isinstance(item, dict) for item in each)]
    return max(arrays, key=len, default=[value])
