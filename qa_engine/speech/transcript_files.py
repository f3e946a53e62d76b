"""Transcript files: finding, recognising and reading them (`DESIGN` 3): JSON of several recognisers, .srt, .vtt.

Only a segment's start, end and text are required. Speaker labels that name a party ("agent", "оператор", "клиент")
become ``manager``, ``customer``, ``ivr``; any other label stays as it is, and roles are worked out later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from qa_engine.domain.transcript import Role, Transcript, Utterance
from qa_engine.errors import TranscriptError
from qa_engine.speech.transcript_json import parse_json_transcript, segments_of
from qa_engine.speech.transcript_rendering import render_transcript
from qa_engine.speech.transcript_subtitles import has_cues, parse_subtitles

__all__ = [
    "SUFFIXES",
    "find_transcript",
    "is_transcript",
    "labels_are_roles",
    "read_transcript",
    "render_transcript",
    "transcripts_beside",
]

SUFFIXES = (".json", ".srt", ".vtt")  # in the order of preference: JSON knows the most
MAX_BYTES = 256 * 1024 * 1024  # an 8-hour call with word times is about 15 MB


def read_transcript(path: Path) -> Transcript:
    """The transcript in a .json, .srt or .vtt file, utterances in time order.

    Raises TranscriptError, which names the file, what was found there, and what to do.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise TranscriptError(
            f"{path}: not a transcript format ({suffix or 'no suffix'}), expected {', '.join(SUFFIXES)}"
        )
    text = _read_text(path)
    if suffix == ".json":
        return parse_json_transcript(path, _read_json(path, text))
    return parse_subtitles(path, text)


def find_transcript(recording: Path) -> Path | None:
    """The transcript beside a recording (``x.wav`` -> ``x.json``, ``x.srt``, ``x.vtt``, ``x.wav.json`` ...), if any."""
    candidates = transcripts_beside(recording)
    return next((path for path in candidates if path.is_file() and is_transcript(path)), None)


def transcripts_beside(recording: Path) -> tuple[Path, ...]:
    """Where a transcript of a recording may be, the preferred one first; whether it is there is not looked at."""
    names = [recording.stem + suffix for suffix in SUFFIXES] + [recording.name + suffix for suffix in SUFFIXES]
    return tuple(recording.with_name(name) for name in names)


def is_transcript(path: Path) -> bool:
    """Whether a file is meant as a transcript; never raises for what it holds.

    A damaged JSON file that speaks of ``"segments"`` is one: its damage shall be told when it is read.
    """
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return False
    try:
        text = _read_text(path)
    except TranscriptError:
        return False
    if path.suffix.lower() != ".json":
        return has_cues(text)
    try:
        return segments_of(_decode_json(text)) is not None
    except (ValueError, RecursionError):
        return '"segments"' in text


def labels_are_roles(utterances: Iterable[Utterance]) -> bool:
    """Whether every utterance carries a role for a label, the manager's or the customer's among them."""
    labels = {utterance.speaker for utterance in utterances}
    return labels <= {role.value for role in Role} and bool(labels & {Role.MANAGER.value, Role.CUSTOMER.value})


def _read_text(path: Path) -> str:
    """The file as text: UTF-8 with or without a mark, UTF-16 with one, else Windows-1251 (old Russian tools)."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise TranscriptError(f"{path}: {path.stat().st_size} bytes, too large for a transcript; split it")
        content = path.read_bytes()
    except OSError as error:
        raise TranscriptError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", errors="replace")


def _read_json(path: Path, text: str) -> object:
    if not text.strip():
        raise TranscriptError(f"{path}: the file is empty; make the transcript anew or remove the file")
    try:
        return _decode_json(text)
    except json.JSONDecodeError as error:
        raise TranscriptError(
            f"{path}: not JSON at line {error.lineno}, column {error.colno} ({error.msg}); correct or remove the file"
        ) from error
    except (ValueError, RecursionError) as error:
        raise TranscriptError(f"{path}: not usable JSON ({error}); correct it or remove the file") from error


def _decode_json(text: str) -> object:
    value: object = json.loads(text)
    return value
