"""A call on a timeline: every line, ring and hold gets its second, and the sound of each channel is laid down."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from making.dialogue import Call, Day, Hold, Line
from making.line import CADENCES, SAMPLE_RATE, Samples, band_limit, line_noise, ring_tones
from making.tune import hold_music

__all__ = ["Composition", "PlacedHold", "PlacedLine", "Ringing", "compose"]

GAP = (0.35, 0.75)  # s, a natural pause between two turns
BREATH = 0.6  # s, between the last word and the start of a hold
TAIL = 0.8  # s, after the last word
UNANSWERED_DB = -20.0  # the manager's line is that much quieter while it only rings

Speak = Callable[[str, str], Samples]  # voice id, text -> (time,)


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line with its seconds; `cut` when the recording begins inside it."""

    line: Line
    start: float
    end: float
    cut: bool = False


@dataclass(frozen=True, slots=True)
class PlacedHold:
    """A hold with its seconds."""

    hold: Hold
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Ringing:
    """Ring tones from `start` to `end` (the end of the last one); `answered_at` may be later, in the pause."""

    start: float
    end: float
    rings: int
    tone: str
    answered_at: float


@dataclass(slots=True)
class Composition:
    """A call's sound, (channel, time) at 8 kHz, and the true seconds of everything in it."""

    lines: list[PlacedLine] = field(default_factory=list)
    holds: list[PlacedHold] = field(default_factory=list)
    ringing: Ringing | None = None
    duration: float = 0.0
    samples: Samples = field(default_factory=lambda: np.zeros((1, 0)))


def compose(day: Day, call: Call, speak: Speak) -> Composition:
    """Lay the call down; all chance in it comes from the file's name."""
    rng = np.random.default_rng(zlib.crc32(call.file.encode()))
    made, sounds = _place(day, call, speak, rng)
    length = round(made.duration * SAMPLE_RATE)
    manager, customer = np.zeros(length), np.zeros(length)
    for on_manager, start, sound in sounds:
        track = manager if on_manager else customer
        first = round(start * SAMPLE_RATE)
        track[first : first + len(sound)] += sound[: length - first]
    made.samples = _channels(call, made, manager, customer, rng)
    return _cut_beginning(made, call) if call.starts_late else made


def _place(
    day: Day, call: Call, speak: Speak, rng: np.random.Generator
) -> tuple[Composition, list[tuple[bool, float, Samples]]]:
    made, sounds, now = Composition(), list[tuple[bool, float, Samples]](), 0.0
    if call.ring:
        made.ringing, tones = _ring(call)
        sounds.append((True, made.ringing.start, tones))
        now = made.ringing.answered_at
    for entry in call.lines:
        if isinstance(entry, Hold):
            start = now + BREATH
            now = start + entry.seconds
            made.holds.append(PlacedHold(entry, start, now))
            if entry.kind == "music":
                sounds.append((True, start, hold_music(entry.seconds, rng)))
            continue
        sound = speak(_voice_id(day, call, entry), entry.say or entry.text)
        start = max(0.0, now + (rng.uniform(*GAP) if entry.gap is None else entry.gap))
        sounds.append((entry.speaker != "c", start, sound))
        made.lines.append(PlacedLine(entry, start, start + len(sound) / SAMPLE_RATE))
        now = max(now, made.lines[-1].end)
    made.duration = round(now + TAIL, 2)
    return made, sounds


def _ring(call: Call) -> tuple[Ringing, Samples]:
    assert call.ring is not None
    ring, cadence = call.ring, CADENCES[call.ring.cadence]
    last_tone = (ring.rings - 1) * cadence.cycle + cadence.sounding
    answered = last_tone + ring.answered
    end = ring.start + min(last_tone, answered)
    tones = ring_tones(cadence, ring.rings, answered)
    return Ringing(ring.start, end, ring.rings, cadence.name, ring.start + answered), tones


def _voice_id(day: Day, call: Call, line: Line) -> str:
    if line.speaker == "c":
        return call.customer_voice
    return day.managers[call.manager if line.speaker == "m" else call.second].voice


def _channels(call: Call, made: Composition, manager: Samples, customer: Samples, rng: np.random.Generator) -> Samples:
    manager, customer = band_limit(manager), band_limit(customer)
    if call.bleed_db is not None:
        gain = 10 ** (call.bleed_db / 20)
        manager, customer = manager + gain * customer, customer + gain * manager
    manager += _manager_noise(call, made, len(manager), rng)
    customer += line_noise(len(customer), call.noise_db[1], rng)
    for placed in made.holds:
        if placed.hold.kind == "silence":
            hole = slice(round(placed.start * SAMPLE_RATE), round(placed.end * SAMPLE_RATE))
            manager[hole] = customer[hole] = 0.0
    if call.channels == "mono":
        return np.asarray((manager + customer)[np.newaxis])
    pair = (manager, customer) if call.channels == "manager-left" else (customer, manager)
    return np.stack(pair)


def _manager_noise(call: Call, made: Composition, length: int, rng: np.random.Generator) -> Samples:
    noise = line_noise(length, call.noise_db[0], rng)
    if made.ringing:
        noise[: round(made.ringing.answered_at * SAMPLE_RATE)] *= 10 ** (UNANSWERED_DB / 20)
    return noise


def _cut_beginning(made: Composition, call: Call) -> Composition:
    cut = call.starts_late
    made.samples = made.samples[:, round(cut * SAMPLE_RATE) :]
    made.duration = round(made.duration - cut, 2)
    made.holds = [replace(hold, start=hold.start - cut, end=hold.end - cut) for hold in made.holds]
    made.lines = [
        replace(placed, start=max(0.0, placed.start - cut), end=placed.end - cut, cut=placed.start < cut)
        for placed in made.lines
        if placed.end > cut
    ]
    return made
