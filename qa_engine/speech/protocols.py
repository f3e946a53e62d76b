"""What a recogniser and a diarizer must offer; `pipeline` is handed objects of these shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Utterance
from qa_engine.domain.waveform import Waveform

__all__ = ["Diarizer", "SpeakerSpan", "SpeechRequest", "Transcriber"]


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """What to recognise in a waveform: the `spans` of speech (seconds of the recording, disjoint, in order).

    `language` is ``ru``, ``en``, ... or "" to detect; `hotwords` are names worth knowing (company, managers).
    """

    spans: tuple[Span, ...]
    language: str = ""
    hotwords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeakerSpan:
    """Somebody speaks: label ``speaker 0``, ``speaker 1``, ... numbered by first appearance."""

    start: float
    end: float
    speaker: str


class Transcriber(Protocol):
    """Speech to words."""

    @property
    def name(self) -> str:
        """Engine, model and version, as written into results."""
        ...

    def understands(self, language: str) -> bool:
        """Whether it can recognise this language ("" asks whether it can detect one)."""
        ...

    def transcribe(self, waveform: Waveform, request: SpeechRequest) -> tuple[Utterance, ...]:
        """Words inside the request's spans, times in seconds of the recording, nothing outside them.

        `waveform` has the shape ``(1, time)`` at any rate; the adapter resamples to what its model wants.
        """
        ...


class Diarizer(Protocol):
    """Who speaks when, in a mono waveform."""

    @property
    def name(self) -> str:
        """Engine, model and version, as written into results."""
        ...

    def diarize(self, waveform: Waveform, spans: tuple[Span, ...]) -> tuple[SpeakerSpan, ...]:
        """Speaker spans inside `spans` (speech), times in seconds of the recording, sorted, exclusive (no overlap)."""
        ...
