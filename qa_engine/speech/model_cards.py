"""What a model's folder says about itself: ``card.json`` (what it is for) and ``pulled.json`` (what was downloaded).

    card.json    {"languages": ["ru"], "recordings": ["<sha256>", ...], "licence": "MIT", "note": "for the sample day",
                  "longest_clip": 10, "hotwords": false}
    pulled.json  {"repository": "...", "revision": "<commit>", "files": [{"path": "...", "size": 1, "sha256": "..."}]}

A model whose card lists recordings is chosen by itself for those only; any field may be missing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa_engine.errors import WeightsError

__all__ = ["Card", "PulledFile", "find_damage", "read_card", "read_pulled", "sha256_of", "write_pulled"]

CARD = "card.json"
PULLED = "pulled.json"
SHORTEST_LIMIT = 8.0  # seconds; pieces are cut at least 3 s from either end, at the quietest place between
DIGITS = 12  # of a checksum in a message: enough to tell two apart


@dataclass(frozen=True, slots=True)
class Card:
    """`recordings`: SHA-256 of the files it may be chosen for by itself, none means all; `problem`: unreadable.

    `longest_clip`: seconds of speech it hears well at once, 0 where it has no limit of its own; `hotwords`: whether
    names before the transcript help it, as they help every Whisper of OpenAI's.
    """

    languages: tuple[str, ...] = ()
    recordings: frozenset[str] = frozenset()
    licence: str = ""
    note: str = ""
    problem: str = ""
    longest_clip: float = 0.0
    hotwords: bool = True


@dataclass(frozen=True, slots=True)
class PulledFile:
    """A file as it was downloaded: path inside the model's folder, bytes, SHA-256 in hexadecimal digits."""

    path: str
    size: int
    sha256: str


def read_card(folder: Path) -> Card:
    """The card of a model's folder, an empty one without; a broken one gives its `problem`."""
    file = folder / CARD
    if not file.is_file():
        return Card()
    try:
        return _card(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        return Card(problem=f"{CARD} cannot be used ({error}); mend it or remove it")


def _card(raw: Any) -> Card:
    if not isinstance(raw, dict):
        raise ValueError(f"an object is expected, found {type(raw).__name__}")  # noqa: TRY004 - told as one kind
    return Card(
        languages=_texts(raw, "languages"),
        recordings=frozenset(_texts(raw, "recordings")),
        licence=_text(raw, "licence"),
        note=_text(raw, "note"),
        longest_clip=_seconds(raw, "longest_clip"),
        hotwords=_truth(raw, "hotwords", otherwise=True),
    )


def _texts(raw: dict[str, Any], field: str) -> tuple[str, ...]:
    values = raw.get(field, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError(f"{field}: a list of texts is expected")
    return tuple(values)


def _text(raw: dict[str, Any], field: str) -> str:
    value = raw.get(field, "")
    if not isinstance(value, str):
        raise ValueError(f"{field}: a text is expected")  # noqa: TRY004 - told as one kind
    return value


def _seconds(raw: dict[str, Any], field: str) -> float:
    value = raw.get(field, 0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not (value == 0 or value >= SHORTEST_LIMIT):
        raise ValueError(f"{field}: seconds are expected, at least {SHORTEST_LIMIT:g}")
    return float(value)


def _truth(raw: dict[str, Any], field: str, *, otherwise: bool) -> bool:
    value = raw.get(field, otherwise)
    if not isinstance(value, bool):
        raise ValueError(f"{field}: true or false is expected")  # noqa: TRY004 - told as one kind
    return value


def write_pulled(folder: Path, repository: str, revision: str, files: tuple[PulledFile, ...]) -> None:
    """Keep what was downloaded, for checks without a network."""
    rows = [{"path": file.path, "size": file.size, "sha256": file.sha256} for file in files]
    text = json.dumps({"repository": repository, "revision": revision, "files": rows}, indent=1)
    (folder / PULLED).write_text(text + "\n", encoding="utf-8")


def read_pulled(folder: Path) -> tuple[PulledFile, ...]:
    """What was downloaded into `folder`; () where the files came by hand.

    Raises WeightsError if the record is there and cannot be read.
    """
    file = folder / PULLED
    if not file.is_file():
        return ()
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))["files"]
        return tuple(PulledFile(str(row["path"]), int(row["size"]), str(row["sha256"])) for row in rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{file}: cannot be read ({type(error).__name__}); pull the model again") from error


def find_damage(folder: Path) -> Iterator[str]:
    """One line for each file that is not what was downloaded; nothing where files came by hand."""
    try:
        files = read_pulled(folder)
    except WeightsError as error:
        yield str(error)
        return
    for expected in files:
        fault = _fault(folder / expected.path, expected)
        if fault:
            yield f"{expected.path}: {fault}"


def _fault(file: Path, expected: PulledFile) -> str:
    if not file.is_file():
        return "missing"
    size = file.stat().st_size
    if size != expected.size:
        return f"{size} bytes found, {expected.size} expected"
    found = sha256_of(file)
    if found != expected.sha256:
        return f"checksum {found[:DIGITS]} found, {expected.sha256[:DIGITS]} expected"
    return ""


def sha256_of(file: Path) -> str:
    """SHA-256 of a file of any size, read in blocks."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
