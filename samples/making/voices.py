"""Speech from the free voices of Debian: flite, espeak-ng, festival (festvox-ru), changed by sox where asked."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from scipy.io import wavfile
from scipy.signal import resample_poly

from making.dialogue import Voice
from making.line import SAMPLE_RATE, Samples, band_limit

__all__ = ["missing_programs", "speak"]

PROGRAMS = {"flite": "flite", "espeak": "espeak-ng", "festival": "text2wave"}
EDGE_DB = -38.0  # what is quieter than this under the peak, at the edges, is not speech
FRAME = 80  # samples, 10 ms at 8 kHz


def missing_programs(engines: set[str]) -> list[str]:
    """The programs that `engines` (and sox, ffmpeg) need and this machine does not have."""
    needed = [PROGRAMS[engine] for engine in sorted(engines)] + ["sox", "ffmpeg"]
    return [program for program in needed if shutil.which(program) is None]


def speak(voice: Voice, text: str, cache: Path | None = None) -> Samples:
    """`text` said by `voice`: (time,) at 8 kHz, edges trimmed, active level at `voice.level_db` dB full scale."""
    key = hashlib.sha256(repr((voice.engine, voice.name, voice.options, voice.effects, text)).encode()).hexdigest()
    kept = cache / f"{key}.npy" if cache else None
    if kept and kept.exists():
        samples: Samples = np.load(kept)
    else:
        samples = _trim(_render(voice, text))
        if kept:
            np.save(kept, samples)
    return _level(samples, voice.level_db)


def _render(voice: Voice, text: str) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        raw, done = Path(folder) / "raw.wav", Path(folder) / "done.wav"
        _run_engine(voice, text, raw)
        # -D: no dither, so that the same words always give the same bytes
        subprocess.run(["sox", "-D", raw, done, "gain", "-4", *voice.effects], check=True, capture_output=True)
        rate, data = wavfile.read(done)
    samples = np.asarray(data, dtype=np.float64) / 32768.0
    return np.asarray(resample_poly(samples, SAMPLE_RATE, rate), dtype=np.float64)


def _run_engine(voice: Voice, text: str, out: Path) -> None:
    if voice.engine == "flite":
        command = ["flite", "-voice", voice.name, *voice.options, "-t", text, str(out)]
        subprocess.run(command, check=True, capture_output=True)
    elif voice.engine == "espeak":
        command = ["espeak-ng", "-v", voice.name, *voice.options, "-w", str(out), text]
        subprocess.run(command, check=True, capture_output=True)
    elif voice.engine == "festival":
        text = "".join(letter for letter in text if letter not in "«»")  # its Russian rules know no such letters
        command = ["text2wave", "-eval", f"(voice_{voice.name})", *voice.options, "-o", str(out)]
        subprocess.run(command, check=True, capture_output=True, input=text.encode())
    else:
        raise ValueError(f"unknown voice engine {voice.engine!r}; known: {', '.join(PROGRAMS)}")


def _frame_levels(samples: Samples) -> Samples:
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    return np.asarray(10 * np.log10((frames**2).mean(axis=1) + 1e-12))


def _trim(samples: Samples) -> Samples:
    levels = _frame_levels(samples)
    loud = np.flatnonzero(levels > levels.max() + EDGE_DB)
    return samples[loud[0] * FRAME : (loud[-1] + 1) * FRAME]


def _level(samples: Samples, level_db: float) -> Samples:
    levels = _frame_levels(band_limit(samples))  # as loud as the line will carry it
    active = levels[levels > levels.max() - 25]
    now = 10 * np.log10((10 ** (active / 10)).mean())
    return np.asarray(samples * 10 ** ((level_db - now) / 20))
