"""What is in a recording besides words: who is active when, ringback, music, silence, and how the channels relate."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa_engine.domain.spans import Span

__all__ = ["Activity", "AudioEvents", "ChannelRelation", "EventKind", "Ringback", "SoundEvent"]


class EventKind(StrEnum):
    """Sounds that are not conversation."""

    MUSIC = "music"
    SILENCE = "silence"  # no signal at all: digital zero, codec idle or comfort noise, on every channel
    ANNOUNCEMENT = "announcement"
    TONE = "tone"  # busy, congestion, beep, any steady tone that is not ringback


class ChannelRelation(StrEnum):
    """How the channels of a file relate; two channels are no proof of one party per channel."""

    MONO = "mono"  # one channel
    COPIES = "copies"  # the same sound on both: treat as mono
    DISTINCT = "distinct"  # one party per channel
    ONE_SIDED = "one_sided"  # only one channel carries sound: treat that one as mono


@dataclass(frozen=True, slots=True)
class Activity:
    """Speech on one channel (`channel` None: all channels mixed), tones and music excluded.

    `speech_db` and `noise_db` are the median levels of active and inactive frames, dB relative to full scale.
    """

    channel: int | None
    speech: tuple[Span, ...]
    speech_db: float
    noise_db: float


@dataclass(frozen=True, slots=True)
class Ringback:
    """A run of ring tones: `rings` were heard from `start` to `end` (end of the last tone), one per `cycle` seconds.

    `tone` names what was measured (``425 Hz 1.0/4.0``); `starts_mid_ring` when the recording begins inside a tone;
    `cut` when the last tone is shorter than the others (the answer cut it); `opened` is the second after the last tone
    at which the background of the line changed (the answer opened it), None where it did not.
    """

    start: float
    end: float
    rings: int
    tone: str
    cycle: float
    on: float
    channel: int | None = None
    starts_mid_ring: bool = False
    cut: bool = False
    opened: float | None = None


@dataclass(frozen=True, slots=True)
class SoundEvent:
    """A stretch of music, silence, announcement or tone; `channel` None: on all channels."""

    kind: EventKind
    start: float
    end: float
    channel: int | None = None
    confidence: float = 1.0
    detail: str = ""

    @property
    def span(self) -> Span:
        """Its time."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class AudioEvents:
    """All that the audio analysis found in a recording of `duration` seconds.

    `activity` holds one entry per channel when `relation` is ``distinct``, else a single one for the mix (or for the
    one channel that carries sound).
    """

    duration: float
    num_channels: int
    relation: ChannelRelation
    activity: tuple[Activity, ...]
    ringbacks: tuple[Ringback, ...] = ()
    sounds: tuple[SoundEvent, ...] = ()

    @property
    def not_speech(self) -> tuple[Span, ...]:
        """Every ring, tone, music and silence span that must not reach a recogniser, unmerged."""
        rings = tuple(Span(ring.start, ring.end) for ring in self.ringbacks)
        return rings + tuple(sound.span for sound in self.sounds)
