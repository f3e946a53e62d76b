"""Speech engines that need no weights: the same protocols, answers given beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Utterance
from qa_engine.domain.waveform import Waveform
from qa_engine.speech.protocols import SpeakerSpan, SpeechRequest


@dataclass(slots=True)
class FakeTranscriber:
    """Gives those of its utterances whose middle lies in the request's spans; keeps what it was asked.

    `by_channel`: utterances per call of `transcribe`, in the order of the calls (one per channel), else `utterances`.
    """

    utterances: Sequence[Utterance] = ()
    by_channel: Sequence[Sequence[Utterance]] = ()
    languages: Sequence[str] = ("ru", "en", "")
    name: str = "fake-transcriber"
    requests: list[SpeechRequest] = field(default_factory=list)

    def understands(self, language: str) -> bool:
        return language in self.languages

    def transcribe(self, waveform: Waveform, request: SpeechRequest) -> tuple[Utterance, ...]:
        known = self.by_channel[len(self.requests) % len(self.by_channel)] if self.by_channel else self.utterances
        self.requests.append(request)
        return tuple(said for said in known if any(span.contains(said.span.middle) for span in request.spans))


@dataclass(slots=True)
class FakeDiarizer:
    """Gives its speaker spans; keeps the speech spans it was asked about."""

    speaker_spans: Sequence[SpeakerSpan] = ()
    name: str = "fake-diarizer"
    requests: list[tuple[Span, ...]] = field(default_factory=list)

    def diarize(self, waveform: Waveform, spans: tuple[Span, ...]) -> tuple[SpeakerSpan, ...]:
        self.requests.append(spans)
        return tuple(self.speaker_spans)
