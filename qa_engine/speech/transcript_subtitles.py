"""Subtitle transcripts, SubRip (.srt) and WebVTT (.vtt, W3C); speakers as ``Name: text`` or ``<v Name>``."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Transcript, Utterance
from qa_engine.errors import TranscriptError
from qa_engine.speech.transcript_labels import names_a_role, role_label
from qa_engine.speech.word_times import spread_words

__all__ = ["has_cues", "parse_subtitles"]

TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
TIMING = re.compile(rf"^\s*{TIME}\s*-->\s*{TIME}(?:\s.*)?$")
VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
TAG = re.compile(r"<[^>]*>|\{\\[^}]*\}")
PREFIX = re.compile(r"^\s*(?:-\s*)?\[?([^\W\d_][\w .'-]{0,38}?)\]?\s*:\s+(?=\S)")
MOST_CUES = 0.5  # from this share of cues with a prefix on, "Name: text" is how the file writes speakers, else a colon


@dataclass(frozen=True, slots=True)
class _Cue:
    place: Span
    label: str
    prefixed: str  # a possible "Name:" before the text
    text: str  # without the prefix
    whole: str


def has_cues(text: str) -> bool:
    """Whether there is at least one timing line."""
    return any(TIMING.match(line) for line in text.splitlines())


def parse_subtitles(path: Path, text: str) -> Transcript:
    """A transcript from subtitles; word times are shared out over each cue. Raises TranscriptError without any cue."""
    cues = [cue for block in _blocks(path, text.splitlines()) for cue in block]
    if not cues:
        raise TranscriptError(f"{path}: no timed text; expected lines such as 00:00:01,000 --> 00:00:04,100")
    prefixed = sum(1 for cue in cues if cue.prefixed)
    names_speakers = prefixed >= MOST_CUES * len(cues)
    said = (_utterance(cue, names_speakers) for cue in cues)
    return Transcript(tuple(sorted((one for one in said if one.words), key=lambda one: (one.start, one.end))))


def _blocks(path: Path, lines: Sequence[str]) -> Iterator[Sequence[_Cue]]:
    """Cues of every timing line with the lines below it up to a blank one; all else (NOTE, STYLE) is skipped."""
    index = 0
    while index < len(lines):
        match = TIMING.match(lines[index])
        index += 1
        if match is None:
            continue
        first = index
        while index < len(lines) and lines[index].strip() and not TIMING.match(lines[index]):
            index += 1
        yield tuple(_cues(_place(path, first, match), lines[first:index]))


def _place(path: Path, line: int, match: re.Match[str]) -> Span:
    start, end = _seconds(match.groups()[:4]), _seconds(match.groups()[4:])
    if end < start:
        raise TranscriptError(f"{path}: line {line}: a cue ends at {end} s before it starts at {start} s; correct it")
    return Span(start, end)


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return round(whole + float(f"0.{fraction or 0}"), 3)


def _cues(place: Span, lines: Sequence[str]) -> Iterator[_Cue]:
    """One cue, or one per ``<v Name>`` or per dashed line, sharing the time by letters."""
    pieces = list(_voices(lines))
    total = sum(len(text) for _, text in pieces) or 1
    done = 0
    for label, text in pieces:
        start, done = done, done + len(text)
        share = Span(place.start + place.duration * start / total, place.start + place.duration * done / total)
        match = None if label else PREFIX.match(text)
        yield _Cue(share, label, match.group(1) if match else "", text[match.end() :] if match else text, text)


def _voices(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    text = " ".join(lines)
    if VOICE.search(text):
        before, *rest = VOICE.split(text)
        if _plain(before):
            yield "", _plain(before)
        yield from ((_plain(name), _plain(said)) for name, said in zip(rest[::2], rest[1::2], strict=True))
        return
    dashed = len(lines) > 1 and all(line.lstrip().startswith(("-", "–", "—")) or PREFIX.match(line) for line in lines)
    for piece in lines if dashed else [text]:
        yield "", _plain(piece)


def _plain(text: str) -> str:
    return " ".join(html.unescape(TAG.sub("", text)).split())


def _utterance(cue: _Cue, names_speakers: bool) -> Utterance:
    is_speaker = bool(cue.prefixed) and (names_speakers or names_a_role(cue.prefixed))
    label = cue.label or (cue.prefixed if is_speaker else "")
    text = cue.text if is_speaker else cue.whole.lstrip("-–— ")
    start, end = round(cue.place.start, 3), round(cue.place.end, 3)
    return Utterance(start, end, spread_words(text, Span(start, end)), role_label(label) if label else "")
