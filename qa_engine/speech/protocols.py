"""What a recogniser and a diarizer must offer; `pipeline` is handed objects of these shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Utterance
from qa_engine.domain.waveform import Waveform

__all__ = ["Diarizer", "LanguageDetector", "LanguageGuess", "SpeakerSpan", "SpeechRequest", "Transcriber"]


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """What to recognise in a waveform: the `spans` of speech (seconds of the recording, disjoint, in order).

    `language` is ``ru``, ``en``, ... or "" to detect; `hotwords` are names worth knowing, the most important first
    (company, managers, products). `greeting` is where a second hearing is worth its price: clips that begin in it and
    come out in doubt may be heard once more.
    """

    spans: tuple[Span, ...]
    language: str = ""
    hotwords: tuple[str, ...] = ()
    greeting: Span | None = None


@dataclass(frozen=True, slots=True)
class SpeakerSpan:
    """Somebody speaks: label ``speaker 0``, ``speaker 1``, ... numbered by first appearance.

    `confidence`, 0..1, is how sure the diarizer is of the label; None where it cannot say.
    """

    start: float
    end: float
    speaker: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """The language a recogniser hears (``ru``, ``en``, ...) and how sure it is, 0..1."""

    language: str
    probability: float


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

        What it wrote and does not believe comes back too, with `Utterance.left_out` saying why.
        `waveform` has the shape ``(1, time)`` at any rate; the adapter resamples to what its model wants.
        """
        ...


@runtime_checkable
class LanguageDetector(Protocol):
    """A recogniser that can tell languages apart; those of one language are none."""

    def detect_language(self, waveform: Waveform, spans: tuple[Span, ...]) -> LanguageGuess | None:
        """The language of the speech inside `spans` (the longest ones tell); None without speech."""
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
