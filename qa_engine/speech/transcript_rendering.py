"""Transcripts as text for people and programs: json (`DESIGN` 3), txt, srt, vtt."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qa_engine.domain.call import Call
from qa_engine.domain.transcript import Role, Transcript, Turn, Utterance, Word
from qa_engine.errors import SettingsError

__all__ = ["FORMATS", "render_transcript"]

Said = Sequence[Utterance | Turn]


def render_transcript(source: Call | Transcript | Said, format: str) -> str:
    """A call (speakers are roles), a transcript, or utterances (speakers are labels) in one of `FORMATS`.

    The text ends in a line break. Raises SettingsError for an unknown format.
    """
    if format not in FORMATS:
        raise SettingsError(f"unknown transcript format {format!r}; known: {', '.join(FORMATS)}")
    said: Said = source.turns if isinstance(source, Call) else _utterances(source)
    return FORMATS[format](said, _head(source))


def _utterances(source: Transcript | Said) -> Said:
    return source.utterances if isinstance(source, Transcript) else source


def _head(source: Call | Transcript | Said) -> dict[str, Any]:
    """What is known besides the words, without empty values."""
    if isinstance(source, Call):
        about = _about(source)
        return _filled(
            {
                "language": source.language,
                "duration": round(source.duration, 3),
                "engine": source.engines.transcriber,
                "call": about,
            }
        )
    if isinstance(source, Transcript):
        head = {"language": source.language, "duration": source.duration, "engine": source.engine}
        return _filled({**head, "call": dict(source.about)})
    return {}


def _about(call: Call) -> dict[str, str]:
    identity = call.identity
    started = identity.started_at.isoformat() if identity.started_at else ""
    about = {"id": call.call_id, "manager": call.manager, "customer": identity.customer, "started_at": started}
    return _filled({**about, "direction": identity.direction.value})


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", None, {})}


def _speaker(said: Utterance | Turn) -> str:
    """The role; the speaker's label where the role is not known."""
    if isinstance(said, Utterance):
        return said.speaker
    return said.speaker or said.role.value if said.role is Role.UNKNOWN else said.role.value


def _as_json(said: Said, head: Mapping[str, Any]) -> str:
    return json.dumps({**head, "segments": [_segment(one) for one in said]}, ensure_ascii=False, indent=1) + "\n"


def _segment(said: Utterance | Turn) -> dict[str, Any]:
    """Every word with its time; a time that was shared out and not heard is marked ``interpolated``."""
    segment: dict[str, Any] = {"start": round(said.start, 3), "end": round(said.end, 3)}
    if _speaker(said):
        segment["speaker"] = _speaker(said)
    segment["text"] = said.text
    segment["words"] = [_word(word) for word in said.words]
    return segment


def _word(word: Word) -> dict[str, Any]:
    entry: dict[str, Any] = {"word": word.text, "start": round(word.start, 3), "end": round(word.end, 3)}
    if word.probability is not None:
        entry["probability"] = word.probability
    if word.interpolated:
        entry["interpolated"] = True
    return entry


def _as_txt(said: Said, head: Mapping[str, Any]) -> str:  # noqa: ARG001 - one shape for all formats
    return "".join(f"[{_clock(one.start, '.')[:8]}] {_named(one)}\n" for one in said)


def _named(said: Utterance | Turn) -> str:
    speaker = _speaker(said)
    return f"{speaker}: {said.text}" if speaker else said.text


def _as_srt(said: Said, head: Mapping[str, Any]) -> str:  # noqa: ARG001
    blocks = (
        f"{number}\n{_clock(one.start, ',')} --> {_clock(one.end, ',')}\n{_named(one)}\n"
        for number, one in enumerate(said, start=1)
    )
    return "\n".join(blocks)


def _as_vtt(said: Said, head: Mapping[str, Any]) -> str:  # noqa: ARG001
    blocks = (f"{_clock(one.start, '.')} --> {_clock(one.end, '.')}\n{_voiced(one)}\n" for one in said)
    return "WEBVTT\n\n" + "\n".join(blocks)


def _voiced(said: Utterance | Turn) -> str:
    text = html.escape(said.text, quote=False)
    return f"<v {html.escape(_speaker(said), quote=False)}>{text}" if _speaker(said) else text


def _clock(seconds: float, mark: str) -> str:
    """``hh:mm:ss`` with milliseconds after `mark`."""
    total = round(seconds * 1000)
    whole, milliseconds = divmod(total, 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{mark}{milliseconds:03d}"


FORMATS: Mapping[str, Callable[[Said, Mapping[str, Any]], str]] = {
    "json": _as_json,
    "txt": _as_txt,
    "srt": _as_srt,
    "vtt": _as_vtt,
}
