"""Hold music: a small tune with chords, bass, a lead and a shaker, composed and played by numpy."""

from __future__ import annotations

import numpy as np

from making.line import SAMPLE_RATE, Samples

__all__ = ["hold_music"]

# triads as semitones over the key; four bars of four beats, in the manner of a waiting room
PROGRESSIONS = (
    ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14)),  # I vi IV V
    ((0, 4, 7), (5, 9, 12), (2, 5, 9), (7, 11, 14)),  # I IV ii V
    ((9, 12, 16), (5, 9, 12), (0, 4, 7), (7, 11, 14)),  # vi IV I V
)
SCALE = (0, 2, 4, 5, 7, 9, 11)
PIANO = (1.0, 0.55, 0.32, 0.2, 0.12, 0.08)
FLUTE = (1.0, 0.35, 0.12, 0.05)
BASS = (1.0, 0.7, 0.45, 0.25, 0.12)
RHYTHMS = ((1.0, 0.5, 0.5, 2.0), (0.5, 0.5, 1.0, 1.0, 1.0), (1.5, 0.5, 1.0, 1.0), (2.0, 1.0, 1.0))


def hold_music(seconds: float, rng: np.random.Generator) -> Samples:
    """`seconds` of a tune: (time,) at 8 kHz, peak 0.25; faded in and out like a player that is switched."""
    beat = 60.0 / rng.uniform(92.0, 116.0)
    key = 48 + int(rng.integers(0, 8))
    progression = PROGRESSIONS[int(rng.integers(len(PROGRESSIONS)))]
    track = np.zeros(round((seconds + 8 * beat) * SAMPLE_RATE))
    bars = int(np.ceil(seconds / (4 * beat)))
    for bar in range(bars):
        _play_bar(track, bar * 4 * beat, beat, key, progression[bar % len(progression)], rng)
    track = track[: round(seconds * SAMPLE_RATE)]
    return np.asarray(track / np.abs(track).max() * 0.25 * _fade(len(track)))


def _play_bar(
    track: Samples, at: float, beat: float, key: int, chord: tuple[int, ...], rng: np.random.Generator
) -> None:
    for half in (0, 2):
        _add(track, at + half * beat, _note(key - 12 + chord[0], 1.8 * beat, BASS, decay=1.6) * 0.5)
    for eighth in range(8):
        tone = chord[(0, 1, 2, 1)[eighth % 4]]
        _add(track, at + eighth * beat / 2, _note(key + 12 + tone, 1.5 * beat, PIANO, decay=2.5) * 0.22)
    for tone in chord:
        _add(track, at, _note(key + tone, 3.9 * beat, FLUTE, attack=0.25, vibrato=0.002) * 0.12)
    for eighth in range(8):
        _add(track, at + eighth * beat / 2, _shake(rng) * (0.05 if eighth % 2 else 0.08))
    _play_lead(track, at, beat, key, chord, rng)


def _play_lead(
    track: Samples, at: float, beat: float, key: int, chord: tuple[int, ...], rng: np.random.Generator
) -> None:
    for index, beats in enumerate(RHYTHMS[int(rng.integers(len(RHYTHMS)))]):
        on_chord = index == 0 or rng.random() < 0.55
        tone = chord[int(rng.integers(3))] if on_chord else SCALE[int(rng.integers(len(SCALE)))]
        note = _note(key + 24 + tone % 12, beats * beat * 0.95, FLUTE, attack=0.04, decay=0.6, vibrato=0.006)
        _add(track, at, note * 0.4)
        at += beats * beat


def _note(
    midi: int,
    seconds: float,
    partials: tuple[float, ...],
    *,
    attack: float = 0.008,
    decay: float = 0.0,
    vibrato: float = 0.0,
) -> Samples:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    hz = 440.0 * 2 ** ((midi - 69) / 12)
    phase = 2 * np.pi * hz * (time + vibrato / (2 * np.pi * 5.2) * np.sin(2 * np.pi * 5.2 * time))
    sound = np.zeros_like(time)
    for number, weight in enumerate(partials, start=1):
        if number * hz < SAMPLE_RATE / 2 - 200:
            sound += weight * np.sin(number * phase) * np.exp(-decay * number**0.5 * time)
    release = np.clip((seconds - time) / 0.06, 0.0, 1.0)
    return np.asarray(sound * np.clip(time / attack, 0.0, 1.0) * release)


def _shake(rng: np.random.Generator) -> Samples:
    time = np.arange(round(0.06 * SAMPLE_RATE)) / SAMPLE_RATE
    return np.asarray(np.diff(rng.standard_normal(len(time) + 1)) * np.exp(-60 * time))


def _add(track: Samples, at: float, sound: Samples) -> None:
    first = round(at * SAMPLE_RATE)
    room = min(len(sound), len(track) - first)
    if room > 0:
        track[first : first + room] += sound[:room]


def _fade(length: int, seconds: float = 0.15) -> Samples:
    ramp = np.arange(length) / (seconds * SAMPLE_RATE)
    return np.asarray(np.clip(np.minimum(ramp, ramp[::-1]), 0.0, 1.0))
