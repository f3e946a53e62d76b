"""JSON transcripts: the engine's own, and those of openai-whisper, faster-whisper and WhisperX."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Transcript, Utterance, Word
from qa_engine.errors import TranscriptError
from qa_engine.speech.transcript_labels import role_label
from qa_engine.speech.word_times import spread_words

__all__ = ["parse_json_transcript", "segments_of"]

LANGUAGES = {"russian": "ru", "english": "en"}  # openai-whisper's command line writes either form
LONGEST = 7 * 24 * 3600.0  # seconds; a time beyond a week is milliseconds or a date
ROUNDING = 1.0  # seconds by which an end may lie before its start: recognisers round, and then it is the start


def segments_of(content: object) -> Sequence[Any] | None:
    """The list of segments in decoded JSON (an object with ``segments``, or the bare list); None: not a transcript."""
    segments = content.get("segments") if isinstance(content, dict) else content
    if not isinstance(segments, list):
        return None
    looks_right = all(isinstance(segment, dict) and "text" in segment for segment in segments[:3])
    return segments if looks_right and (segments or isinstance(content, dict)) else None


def parse_json_transcript(path: Path, content: object) -> Transcript:
    """A transcript from decoded JSON; `path` is for messages. Raises TranscriptError."""
    segments = segments_of(content)
    if segments is None:
        raise TranscriptError(
            f'{path}: no transcript in it; expected {{"segments": [{{"start": 0.6, "end": 4.1, "text": "..."}}]}}'
        )
    top = content if isinstance(content, dict) else {}
    utterances = [_utterance(path, index, segment) for index, segment in enumerate(segments)]
    return Transcript(
        tuple(sorted((said for said in utterances if said.words), key=lambda said: (said.start, said.end))),
        language=_language(top.get("language")),
        duration=_duration(path, top.get("duration")),
        engine=top["engine"] if isinstance(top.get("engine"), str) else "",
        about=_about(top.get("call")),
    )


def _utterance(path: Path, index: int, segment: object) -> Utterance:
    where = f"{path}: segments[{index}]"
    if not isinstance(segment, dict):
        raise TranscriptError(f"{where} is {type(segment).__name__}, expected an object with start, end, text")
    text = segment.get("text")
    if not isinstance(text, str):
        raise TranscriptError(f"{where} has no text; every segment needs start, end and text")
    entries = [entry for entry in _list(segment.get("words")) if isinstance(entry, dict) and _spoken(entry)]
    place = _place(where, segment, entries)
    words = _words(where, entries, place) if entries else spread_words(text, place)
    speaker = segment.get("speaker")
    return Utterance(place.start, place.end, words, role_label(speaker) if isinstance(speaker, str) else "")


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _spoken(entry: Mapping[str, Any]) -> str:
    word = entry.get("word", entry.get("text"))
    return word.strip() if isinstance(word, str) else ""


def _place(where: str, segment: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> Span:
    """Time of a segment; where it has none, from its first and last timed words."""
    starts = [entry.get("start") for entry in entries if entry.get("start") is not None]
    ends = [entry.get("end") for entry in entries if entry.get("end") is not None]
    start = segment.get("start", starts[0] if starts else None)
    end = segment.get("end", ends[-1] if ends else None)
    if start is None or end is None:
        raise TranscriptError(f"{where} has no {'start' if start is None else 'end'} (seconds); segments need both")
    return _span(where, _seconds(where, "start", start), _seconds(where, "end", end))


def _span(where: str, start: float, end: float) -> Span:
    if end < start - ROUNDING:
        raise TranscriptError(f"{where} ends at {end} s before it starts at {start} s; correct the times")
    return Span(start, max(start, end))


def _seconds(where: str, key: str, value: object) -> float:
    """A time in seconds; slightly or wholly negative ones (before the recording) become 0."""
    try:
        seconds = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        seconds = math.nan
    if not math.isfinite(seconds):
        raise TranscriptError(f"{where}: {key} is {value!r}, expected seconds as a number")
    if seconds > LONGEST:
        raise TranscriptError(f"{where}: {key} is {value}, longer than a week; times must be seconds, not milliseconds")
    return round(max(0.0, seconds), 3)


def _words(where: str, entries: Sequence[Mapping[str, Any]], place: Span) -> tuple[Word, ...]:
    """Words with their own times; those without (WhisperX leaves digits untimed) share the room between neighbours."""
    words: list[Word] = []
    waiting: list[Mapping[str, Any]] = []
    for entry in entries:
        if entry.get("start") is None or entry.get("end") is None:
            waiting.append(entry)
            continue
        start = _seconds(f"{where} word {_spoken(entry)!r}", "start", entry["start"])
        end = _seconds(f"{where} word {_spoken(entry)!r}", "end", entry["end"])
        start = max(start, words[-1].start if words else 0.0)
        words += _between(waiting, words[-1].end if words else min(place.start, start), start)
        waiting = []
        words += _timed(entry, start, max(start, end))
    return tuple(words + _between(waiting, words[-1].end if words else place.start, place.end))


def _between(entries: Sequence[Mapping[str, Any]], start: float, end: float) -> list[Word]:
    spread = spread_words(" ".join(_spoken(entry) for entry in entries), Span(start, max(start, end)))
    chances = [_probability(entry) for entry in entries for _ in _spoken(entry).split()]
    return [replace(word, probability=chance) for word, chance in zip(spread, chances, strict=True)]


def _timed(entry: Mapping[str, Any], start: float, end: float) -> list[Word]:
    """One word, or several where the entry holds a space."""
    text, chance = _spoken(entry), _probability(entry)
    if len(text.split()) == 1:
        return [Word(text, start, end, chance, interpolated=entry.get("interpolated") is True)]
    return [replace(word, probability=chance) for word in spread_words(text, Span(start, end))]


def _probability(entry: Mapping[str, Any]) -> float | None:
    for key in ("probability", "score", "confidence"):
        value = entry.get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
            return min(1.0, max(0.0, float(value)))
    return None


def _language(value: object) -> str:
    name = value.strip().lower() if isinstance(value, str) else ""
    return LANGUAGES.get(name, name.replace("_", "-").partition("-")[0])


def _duration(path: Path, value: object) -> float | None:
    if value is None:
        return None
    return _seconds(f"{path}: duration", "duration", value)


def _about(value: object) -> dict[str, str]:
    """The file's ``call`` object; what is neither text nor a number there is left out."""
    if not isinstance(value, dict):
        return {}
    plain = {key: item for key, item in value.items() if isinstance(item, str | int | float)}
    return {key: str(item).strip() for key, item in plain.items() if not isinstance(item, bool)}
