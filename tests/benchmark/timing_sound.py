"""Sound files as samples at 8 kHz, speech cut into phrases, levels in dB full scale."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import resample_poly
from timing_cadences import RATE

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "samples"), str(ROOT / "tests")]

from making.line import band_limit  # noqa: E402

__all__ = ["ROOT", "Samples", "band_limit", "frame_levels", "level", "phrases_of", "read_sound", "rms"]

Samples = NDArray[np.float64]
FRAME = 80  # samples, 10 ms
SPEECH_DB = -20.0
SHORTEST, LONGEST = 60, 600  # frames of a phrase


def read_sound(path: Path, *, start: float = 0.0, seconds: float | None = None, channel: int | None = None) -> Samples:
    """Samples of one channel (None: the mean of all) at 8 kHz."""
    with soundfile.SoundFile(str(path)) as file:
        rate = file.samplerate
        file.seek(min(round(start * rate), file.frames))
        data = file.read(-1 if seconds is None else round(seconds * rate) + 1, always_2d=True)
    one = data.mean(axis=1) if channel is None else data[:, min(channel, data.shape[1] - 1)]
    samples = resample_poly(one, RATE, rate) if rate != RATE else one
    return np.asarray(samples if seconds is None else samples[: round(seconds * RATE)], dtype=np.float64)


def phrases_of(samples: Samples) -> list[Samples]:
    """Stretches of speech of 0.6 to 6 s, cut at pauses of 0.3 s (where one is longer: at shorter ones), at -20 dB.

    Speech is what lies within 25 dB of the loud parts and nearer to them than to the noise of the recording.
    """
    levels = frame_levels(samples)
    if not len(levels):
        return []
    loud, noise = np.percentile(levels, (95, 10))
    active = levels > max(loud - 25, (loud + noise) / 2)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], active.astype(np.int8), [0]])))
    runs = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= 3]
    stretches = [stretch for stretch in _joined(runs, 30) if LONGEST >= stretch[1] - stretch[0] >= SHORTEST]
    return [level(_faded(samples[a * FRAME : b * FRAME]), SPEECH_DB) for a, b in stretches]


def _joined(runs: list[tuple[int, int]], gap: int) -> list[tuple[int, int]]:
    """Runs of frames with shorter gaps between them made one; those that get too long with half the gap."""
    groups: list[list[tuple[int, int]]] = []
    for run in runs:
        if groups and run[0] - groups[-1][-1][1] < gap:
            groups[-1].append(run)
        else:
            groups.append([run])
    joined: list[tuple[int, int]] = []
    for group in groups:
        if group[-1][1] - group[0][0] > LONGEST and len(group) > 1:
            joined += _joined(group, gap // 2)
        else:
            joined.append((group[0][0], group[-1][1]))
    return joined


def frame_levels(samples: Samples) -> Samples:
    """Level of every 10 ms in dB."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    return np.asarray(10 * np.log10((frames**2).mean(axis=1) + 1e-12))


def level(samples: Samples, db: float) -> Samples:
    """The same with its loud parts, those within 25 dB of the loudest, at `db` dB on average."""
    levels = frame_levels(samples)
    active = levels[levels > levels.max() - 25]
    return np.asarray(samples * 10 ** ((db - 10 * np.log10((10 ** (active / 10)).mean())) / 20))


def rms(samples: Samples) -> float:
    """Root of the mean square, 0 for no samples."""
    return float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0


def _faded(samples: Samples) -> Samples:
    ramp = np.minimum(np.arange(len(samples)), np.arange(len(samples))[::-1]) / (0.01 * RATE)
    return np.asarray(samples * np.clip(ramp, 0, 1))
