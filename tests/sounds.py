"""Sounds with known answers, made of numbers: tones of any cadence, music, noise, voices, telephone lines.

All arrays are float32 of shape ``(time,)`` at 8 kHz unless said otherwise; `stereo` stacks two of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa_engine.domain.waveform import Waveform

RATE = 8000
Samples = NDArray[np.float32]

# Cadences of TELEPHONY 1.3, each once: frequencies in Hz, then (on, off) pairs in seconds.
Cadence = tuple[tuple[float, ...], tuple[tuple[float, float], ...]]
CADENCES: dict[str, Cadence] = {
    "ru": ((425,), ((1.0, 4.0),)),  # also ee, it, pl, cz, sk, fi, dk, gr, bg, no, mx, br
    "ru_equipment": ((425,), ((0.8, 3.2),)),  # also by, kg, md, tj, lt
    "de": ((450,), ((1.0, 4.0),)),  # also cn
    "de_slow": ((450,), ((1.0, 9.0),)),
    "de_other": ((425,), ((1.0, 5.0),)),  # also pt, se
    "fr": ((440,), ((1.5, 3.5),)),
    "es": ((425,), ((1.5, 3.0),)),
    "be": ((425,), ((1.0, 3.0),)),
    "at": ((420,), ((1.0, 5.0),)),
    "ch": ((500,), ((1.0, 4.0),)),
    "hu": ((425,), ((1.25, 3.75),)),
    "ro": ((425, 475), ((1.85, 4.15),)),
    "ro_low": ((384, 416), ((2.0, 4.0),)),
    "bg_long": ((425,), ((1.83, 3.0),)),
    "bg_slow": ((425,), ((1.0, 9.0),)),
    "pt": ((400,), ((1.0, 5.0),)),
    "se_slow": ((400,), ((1.0, 9.0),)),
    "no": ((400,), ((1.0, 3.0),)),
    "uk": ((400, 450), ((0.4, 0.2), (0.4, 2.0))),  # also nz, ae
    "uk_low": ((375, 425), ((0.4, 0.2), (0.4, 2.0))),
    "ie": ((425,), ((0.4, 0.2), (0.4, 2.0))),  # also ae
    "us": ((440, 480), ((2.0, 4.0),)),  # also ca
    "us_old": ((380, 460), ((2.0, 4.0),)),
    "us_pbx": ((440, 480), ((1.0, 3.0),)),
    "au": ((413, 438), ((0.4, 0.2), (0.4, 2.0))),
    "au_low": ((383, 417), ((0.4, 0.2), (0.4, 2.0))),
    "hk": ((440, 480), ((0.4, 0.2), (0.4, 3.0))),
    "jp": ((384, 416), ((1.0, 2.0),)),
    "jp_wide": ((380, 420), ((1.0, 2.0),)),
    "kr": ((440, 480), ((1.0, 2.0),)),
    "in": ((400,), ((0.4, 0.2), (0.4, 2.0))),
    "in_dual": ((375, 425), ((0.4, 0.2), (0.4, 2.6))),
    "sg": ((425,), ((0.4, 0.2), (0.4, 2.0))),
    "sg_dual": ((401, 449), ((0.4, 0.2), (0.4, 2.0))),
    "il": ((414,), ((1.0, 3.0),)),
    "tr": ((450,), ((2.0, 4.0),)),
    "sa": ((425,), ((1.2, 4.6),)),
    "eg": ((375, 475), ((2.0, 1.0),)),
    "za": ((400,), ((0.4, 0.2), (0.4, 2.0))),
    "za_dual": ((367, 433), ((0.4, 0.2), (0.4, 2.0))),
}
MODULATED = {"in": 25.0, "sg": 24.0, "za": 33.0}  # Hz by which these swell and fade


def silence(seconds: float) -> Samples:
    """Digital silence."""
    return np.zeros(round(seconds * RATE), dtype=np.float32)


def noise(seconds: float, *, db: float = -60.0, seed: int = 0) -> Samples:
    """White noise at `db` relative to full scale (RMS)."""
    rng = np.random.default_rng(seed)
    return (rng.standard_normal(round(seconds * RATE)) * 10 ** (db / 20)).astype(np.float32)


def tone(frequencies: Sequence[float], seconds: float, *, amplitude: float = 0.2) -> Samples:
    """Sines of equal strength, `amplitude` in all."""
    t = np.arange(round(seconds * RATE)) / RATE
    sines = sum((np.sin(2 * np.pi * hz * t) for hz in frequencies), np.zeros(len(t)))
    return (sines * (amplitude / len(frequencies))).astype(np.float32)


def ringback(cadence: str, seconds: float, *, offset: float = 0.0, amplitude: float = 0.2) -> Samples:
    """`seconds` of a country's ringback, beginning `offset` seconds into its cycle."""
    frequencies, pattern = CADENCES[cadence]
    parts: list[Samples] = []
    while sum(map(len, parts)) < round((offset + seconds) * RATE):
        for on, off in pattern:
            parts += [tone(frequencies, on, amplitude=amplitude) * _swell(cadence, on), silence(off)]
    return np.concatenate(parts)[round(offset * RATE) :][: round(seconds * RATE)]


def _swell(cadence: str, seconds: float) -> Samples | float:
    """The loudness of a modulated tone over time, 1 for the others."""
    if cadence not in MODULATED:
        return 1.0
    t = np.arange(round(seconds * RATE)) / RATE
    return ((1 + np.sin(2 * np.pi * MODULATED[cadence] * t)) / 2).astype(np.float32)


def again(sound: Samples, times: int) -> Samples:
    """`sound`, `times` times."""
    return np.tile(sound, times)


def keys(count: int, *, on: float = 0.1, off: float = 0.1, amplitude: float = 0.2, seed: int = 0) -> Samples:
    """Keys of a telephone (ITU-T Q.23), by chance."""
    rng = np.random.default_rng(seed)
    rows, columns = (697.0, 770.0, 852.0, 941.0), (1209.0, 1336.0, 1477.0, 1633.0)
    pairs = [(rows[int(rng.integers(4))], columns[int(rng.integers(4))]) for _ in range(count)]
    return join(*(part for pair in pairs for part in (tone(pair, on, amplitude=amplitude), silence(off))))


def information_tones() -> Samples:
    """SIT: 950, 1400 and 1800 Hz, a third of a second each."""
    return join(*(tone([hz], 0.33) for hz in (950, 1400, 1800)))


def voice(seconds: float, *, pitch: float = 120.0, db: float = -20.0, seed: int = 0) -> Samples:
    """Speech-like sound: a gliding voice through moving formants, in syllables, with pauses between phrases.

    Silero VAD takes most of it for speech (a test says how much).
    """
    rng = np.random.default_rng(seed)
    parts: list[NDArray[np.float64]] = []
    while sum(map(len, parts)) < round(seconds * RATE):
        parts += [_phrase(rng, pitch), np.zeros(round(float(rng.uniform(0.15, 0.4)) * RATE))]
    whole = np.concatenate(parts)[: round(seconds * RATE)]
    loud = whole[np.abs(whole) > 0.01 * np.abs(whole).max()]
    return (whole * 10 ** (db / 20) / np.sqrt(np.mean(loud**2))).astype(np.float32)


def _phrase(rng: np.random.Generator, pitch: float) -> NDArray[np.float64]:
    """Four to nine syllables: vowels of random formants that glide into each other, hisses between them."""
    vowels = (
        (730, 1090, 2440),
        (270, 2290, 3010),
        (300, 870, 2240),
        (530, 1840, 2480),
        (570, 840, 2410),
        (660, 1720, 2410),
    )
    count = int(rng.integers(4, 10))
    knots = np.cumsum(rng.uniform(0.14, 0.24, count + 1))
    t = np.arange(round(float(knots[-1]) * RATE)) / RATE
    chosen = np.array([vowels[int(i)] for i in rng.integers(0, len(vowels), count + 1)], dtype=float)
    contour = pitch * (1.15 - 0.3 * t / t[-1] + 0.08 * np.interp(t, knots, rng.uniform(-1, 1, count + 1)))
    phase = 2 * np.pi * np.cumsum(contour) / RATE
    loudness = (
        0.15 + 0.85 * np.abs(np.sin(np.pi * np.interp(t, np.concatenate([[0], knots]), np.arange(count + 2)))) ** 0.6
    )
    sound = np.zeros(len(t))
    formants = [np.interp(t, knots, chosen[:, k]) for k in range(3)]
    for k in range(1, int(3700 / pitch)):
        hz = k * contour
        gain = sum(
            g / (1 + ((hz - f) / w) ** 2) for f, w, g in zip(formants, (60, 90, 130), (1.0, 0.6, 0.3), strict=True)
        )
        sound += gain / k**0.5 * np.sin(k * phase)
    hiss = np.diff(rng.standard_normal(len(t) + 1)) * (loudness < 0.35) * 0.08
    return (sound * loudness + hiss) * np.minimum(1, t / 0.03) * np.minimum(1, (t[-1] - t) / 0.06)


def music(seconds: float, *, db: float = -20.0, tempo: float = 110.0, seed: int = 0) -> Samples:
    """Music from numbers: chords that ring on, a bass, a plucked melody and a soft beat; it never pauses."""
    rng = np.random.default_rng(seed)
    beat = 60 / tempo
    size = round(seconds * RATE)
    whole = np.zeros(size + RATE * 8)
    for bar in range(int(seconds / (4 * beat)) + 1):
        root = 220 * 2 ** (int(rng.choice([0, 3, 5, 7])) / 12)
        at = bar * 4 * beat
        for step in (0, 4, 7):
            _add(whole, at, _note(root * 2 ** (step / 12), 4 * beat, decay=3.0, harmonics=4))
        for k in range(8):
            note = root * 2 * 2 ** (int(rng.choice([0, 2, 4, 7, 9, 12])) / 12)
            _add(whole, at + k * beat / 2, 0.8 * _note(note, beat, decay=0.4, harmonics=5))
        for k in range(4):
            drum = rng.standard_normal(round(0.08 * RATE)) * np.exp(-np.arange(round(0.08 * RATE)) / (0.02 * RATE))
            _add(whole, at + k * beat, 0.3 * drum)
    whole = whole[:size]
    return (whole * 10 ** (db / 20) / np.sqrt(np.mean(whole**2))).astype(np.float32)


def _note(hz: float, seconds: float, *, decay: float, harmonics: int) -> NDArray[np.float64]:
    t = np.arange(round(seconds * 1.5 * RATE)) / RATE
    sound = np.zeros(len(t))
    for k in range(1, harmonics + 1):
        if k * hz < RATE / 2.2:
            sound += np.sin(2 * np.pi * k * hz * t) / k
    return sound * np.exp(-t / decay) * np.minimum(1, t / 0.01) * np.minimum(1, (t[-1] - t) / 0.05)


def _add(whole: NDArray[np.float64], at: float, sound: NDArray[np.float64]) -> None:
    first = round(at * RATE)
    sound = sound[: max(0, len(whole) - first)]
    whole[first : first + len(sound)] += sound


def join(*parts: Samples) -> Samples:
    """One after the other."""
    return np.concatenate(parts)


def stereo(left: Samples, right: Samples) -> Samples:
    """Two channels, shape ``(2, time)``; the shorter one is filled up with silence."""
    size = max(len(left), len(right))
    return np.stack([np.pad(side, (0, size - len(side))) for side in (left, right)])


def mu_law(samples: Samples) -> Samples:
    """There and back through G.711 mu-law with its 256 steps (ITU-T G.711)."""
    clipped = np.clip(samples, -1, 1)
    packed = np.sign(clipped) * np.log1p(255 * np.abs(clipped)) / np.log(256)
    steps = np.round(packed * 127) / 127
    return (np.sign(steps) * np.expm1(np.abs(steps) * np.log(256)) / 255).astype(np.float32)


def telephone_band(samples: Samples) -> Samples:
    """300 to 3400 Hz only."""
    spectrum = np.fft.rfft(samples)
    hz = np.fft.rfftfreq(samples.shape[-1], 1 / RATE)
    spectrum[..., (hz < 300) | (hz > 3400)] = 0
    return np.fft.irfft(spectrum, samples.shape[-1]).astype(np.float32)


def blocks(samples: Samples, *, block_seconds: float = 60.0) -> Callable[[], Iterable[Waveform]]:
    """A re-readable source of 8 kHz blocks for `detect_events`, from shape ``(time,)`` or ``(channel, time)``."""
    both = np.atleast_2d(samples).astype(np.float32)
    size = round(block_seconds * RATE)

    def read() -> Iterator[Waveform]:
        for first in range(0, max(both.shape[1], 1), size):
            yield Waveform(both[:, first : first + size], RATE, start=first / RATE)

    return read


def write_wav(path: Path, samples: Samples, *, rate: int = RATE) -> Path:
    """A 16-bit wav file of shape ``(time,)`` or ``(channel, time)`` samples."""
    import wave

    both = np.atleast_2d(samples)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(both.shape[0])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(both.T, -1, 1) * 32767).astype("<i2").tobytes())
    return path
