"""Sounds in which nobody speaks: ringing, busy tones, music, noise, silence; a recogniser must write nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from timing_cadences import CADENCES, RATE, ring_sound, tone
from timing_line import Line, record
from timing_material import Material
from timing_sound import Samples, band_limit, read_sound
from timing_voices import RECORDINGS

__all__ = ["Nobody", "hang", "nobody_speaks", "record_sound"]

LEVEL = 10 ** (-20 / 20)  # of tones and music
RINGS = {"tuning": ("ru", "uk"), "test": ("us", "fr", "za")}
# busy and congestion tones: Hz, seconds on, seconds off (Asterisk indications.conf: ru, us, uk)
BUSY = {
    "tuning": (("425", 0.35, 0.35), ("425", 0.175, 0.175)),
    "test": (("480+620", 0.5, 0.5), ("480+620", 0.25, 0.25), ("400", 0.375, 0.375)),
}
CODEC_OF_COMFORT = "gsm"
PIECES = {"tuning": 3, "test": 2}  # of music made for telephones; then of other music


@dataclass(frozen=True, slots=True)
class Nobody:
    """A sound without speech, at 8 kHz: `kind` is the row it counts in."""

    kind: str
    name: str
    samples: Samples
    codec: str = "pcm"

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.samples) / RATE


def nobody_speaks(material: Material, seconds: float) -> Iterator[Nobody]:
    """Sounds of `seconds` each, of one set."""
    rng = np.random.default_rng(7 if material.part == "tuning" else 11)
    size = round(seconds * RATE)
    for name in RINGS[material.part]:
        rings = np.concatenate([ring_sound(CADENCES[name], index) for index in range(20)])
        yield Nobody("ringback", name, LEVEL * rings[:size])
    for spec, on, off in BUSY[material.part]:
        beat = np.concatenate([tone(spec, on), np.zeros(round(off * RATE))])
        yield Nobody("busy tone", f"{spec} {on}", LEVEL * np.resize(beat, size))
    if material.part == "test":
        for file in sorted((RECORDINGS / "tones").glob("*.wav")):
            yield Nobody(
                "ringback" if "ring" in file.stem else "busy tone", file.stem, np.resize(read_sound(file), size)
            )
    for file in [*material.hold_music[: PIECES[material.part]], *material.music[:2]]:
        kind = "hold music" if file in material.hold_music else "other music"
        yield Nobody(kind, file.stem, LEVEL * material.tune(rng, seconds, piece=file))
    for db in (-60.0, -45.0, -32.0):
        yield Nobody("line noise", f"{db:.0f} dB", band_limit(rng.standard_normal(size) * 10 ** (db / 20)))
    hum = sum(np.sin(2 * np.pi * 50 * k * np.arange(size) / RATE) / k for k in (1, 3, 5, 7))
    yield Nobody("line noise", "mains hum", 0.02 * np.asarray(hum))
    yield Nobody("digital silence", "zeros", np.zeros(size))
    for db in (-70.0, -55.0):
        comfort = rng.standard_normal(size) * 10 ** (db / 20)
        yield Nobody("comfort noise", f"GSM {db:.0f} dB", comfort, CODEC_OF_COMFORT)


def record_sound(sound: Nobody, path: Path) -> Path:
    """A mono file of it."""
    return record(sound.samples, np.zeros(len(sound.samples)), Line(sound.codec), path)


def hang(sound: Nobody, before: Samples, after: Samples, path: Path) -> tuple[Path, float, float]:
    """A mono file with the sound between two phrases, a second from either; and when the sound begins and ends."""
    pause = np.zeros(RATE)
    whole = np.concatenate([pause, before, pause, sound.samples, pause, after, pause])
    start = (2 * RATE + len(before)) / RATE
    noise = np.random.default_rng(3).standard_normal(len(whole)) * 10 ** (-62 / 20)
    keeps_still = sound.kind == "digital silence"
    noise[round(start * RATE) : round((start + sound.seconds) * RATE)] *= not keeps_still
    return record(whole, noise, Line(sound.codec), path), start, start + sound.seconds
