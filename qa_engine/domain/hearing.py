"""What was heard in a recording: the expensive half of a call, made once and kept.

Roles, timings and verdicts are derived from it cheaply, so a corrected company name or scorecard never costs a
second recognition.
"""

from __future__ import annotations

from dataclasses import dataclass

from qa_engine.domain.audio_event import AudioEvents
from qa_engine.domain.call_identity import CallIdentity
from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Utterance

__all__ = ["Engines", "Hearing"]


@dataclass(frozen=True, slots=True)
class Engines:
    """Names of what heard the call, such as ``moonshine:tiny-en 0.0.73``, ``channels``, ``transcript:whisper``."""

    transcriber: str
    diarizer: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """Words by speaker label, and sounds.

    `sha256` identifies the recording (or the transcript file where there is no sound); `events` is None where there
    was no sound to analyse; `labels_are_roles`: the utterances' speakers are ``manager``/``customer``/``ivr`` as given
    by the transcript file; `identity` is what the file name or the transcript file says of the call; `landmarks` are
    those of the sound (`qa_engine.audio.landmarks`), by which the same music is known again in other calls; `repeats`
    are the stretches that other calls hold too, None where it was never compared with any; `left_out` is what the
    recogniser wrote and nobody said, each with its reason.
    """

    sha256: str
    path: str
    duration: float
    language: str
    utterances: tuple[Utterance, ...]
    events: AudioEvents | None
    engines: Engines
    identity: CallIdentity
    labels_are_roles: bool = False
    landmarks: bytes = b""
    repeats: tuple[Span, ...] | None = None
    left_out: tuple[Utterance, ...] = ()
