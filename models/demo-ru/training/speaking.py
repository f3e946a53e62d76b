"""Sentences said by the free voices of Debian: one flat array of 8 kHz speech per voice, with an index of its texts."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import wavfile
from scipy.signal import resample_poly

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "samples"))

from making.line import SAMPLE_RATE, Samples, band_limit

__all__ = ["ESPEAK_VOICES", "FESTIVAL_PITCHES", "Voice", "missing_programs", "say_with_espeak", "say_with_festival"]

PROGRAMS = ("espeak-ng", "festival", "sox")
EDGE_DB = -38.0  # quieter than this under the peak, at the edges, is not speech; as in samples/making/voices.py
FRAME = 80  # samples, 10 ms
LEVEL_DB = -20.0  # active level that every sentence is brought to
CHUNK = 50  # sentences that sox shifts in pitch at once
FESTIVAL_VOICE = "msu_ru_nsh_clunits"


@dataclass(frozen=True)
class Voice:
    """An espeak-ng voice: words per minute and pitch (0..99) are drawn evenly between the two bounds."""

    name: str
    rate: tuple[int, int]
    pitch: tuple[int, int]
    share: float


# The sample day's voices and a few strangers, so that the model does not learn three timbres by heart.
ESPEAK_VOICES = (
    Voice("ru+Annie", (140, 162), (46, 54), 0.30),
    Voice("ru+f2", (145, 165), (54, 66), 0.26),
    Voice("ru+m3", (140, 162), (45, 55), 0.26),
    Voice("ru", (140, 170), (40, 60), 0.06),
    Voice("ru+m7", (140, 170), (40, 60), 0.06),
    Voice("ru+f4", (140, 170), (40, 60), 0.06),
)
# sox `pitch` in cents: the voice itself, raised to a woman's, lowered to another man's
FESTIVAL_PITCHES = {"festival": (0, 0), "festival-high": (410, 490), "festival-low": (-230, -170)}


def missing_programs() -> list[str]:
    """Programs this needs and the machine does not have."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


def say_with_espeak(texts: Sequence[str], folder: Path, seed: int) -> None:
    """Every text by one drawn voice, into ``folder/espeak.npy`` and ``espeak.json``."""
    rng = random.Random(seed)
    voices = rng.choices(ESPEAK_VOICES, [voice.share for voice in ESPEAK_VOICES], k=len(texts))
    _save(
        folder / "espeak",
        ((voice.name, text, _espeak(voice, text, rng)) for voice, text in zip(voices, texts, strict=True)),
    )


def _espeak(voice: Voice, text: str, rng: random.Random) -> Samples:
    options = ["-s", str(rng.randint(*voice.rate)), "-p", str(rng.randint(*voice.pitch))]
    command = ["espeak-ng", "-v", voice.name, *options, "--stdout", text]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    data = np.frombuffer(raw[44:], dtype="<i2").astype(np.float64) / 32768.0
    return np.asarray(resample_poly(data, SAMPLE_RATE, 22050))


def say_with_festival(texts: Sequence[str], folder: Path, seed: int) -> None:
    """Every text by festival's Russian voice, at each pitch, into ``folder/festival*.npy`` and their ``.json``."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as work:
        chunks = [list(texts[at : at + CHUNK]) for at in range(0, len(texts), CHUNK)]
        said = [_festival(chunk, Path(work)) for chunk in chunks]
        for name, (low, high) in FESTIVAL_PITCHES.items():
            _save(folder / name, _at_pitch(name, chunks, said, (low, high), rng))


def _festival(texts: Sequence[str], work: Path) -> list[Samples]:
    lines = [f"(voice_{FESTIVAL_VOICE})"]
    for at, text in enumerate(texts):
        lines.append(f'(set! u (Utterance Text "{text}")) (utt.synth u) (utt.save.wave u "{work}/{at}.wav")')
    (work / "say.scm").write_text("\n".join(lines), encoding="utf-8")
    subprocess.run(["festival", "-b", str(work / "say.scm")], check=True, capture_output=True)
    return [np.asarray(wavfile.read(work / f"{at}.wav")[1], dtype=np.float64) / 32768.0 for at in range(len(texts))]


def _at_pitch(
    name: str, chunks: list[list[str]], said: list[list[Samples]], cents: tuple[int, int], rng: random.Random
) -> Iterator[tuple[str, str, Samples]]:
    for texts, sounds in zip(chunks, said, strict=True):
        whole = _shifted(np.concatenate(sounds), rng.randint(*cents))
        ends = np.cumsum([len(sound) for sound in sounds])
        for text, end, sound in zip(texts, ends, sounds, strict=True):
            yield name, text, np.asarray(resample_poly(whole[end - len(sound) : end], SAMPLE_RATE, 16_000))


def _shifted(samples: Samples, cents: int) -> Samples:
    """16 kHz samples at another pitch, the same length."""
    if not cents:
        return samples
    pcm = np.round(np.clip(samples, -1, 1) * 32767 * 0.63).astype("<i2")  # sox's "gain -4": room for the effect
    raw = ["-t", "raw", "-r", "16000", "-e", "signed", "-b", "16", "-c", "1", "-"]
    done = subprocess.run(
        ["sox", "-D", *raw, *raw, "pitch", str(cents)], check=True, input=pcm.tobytes(), capture_output=True
    )
    out = np.frombuffer(done.stdout, dtype="<i2").astype(np.float64) / 32768.0
    return np.pad(out, (0, max(0, len(samples) - len(out))))[: len(samples)]


def _save(stem: Path, spoken: Iterator[tuple[str, str, Samples]]) -> None:
    index: list[dict[str, Any]] = []
    first = 0
    with stem.with_suffix(".raw").open("wb") as out:
        for voice, text, samples in spoken:
            pcm = _ready(samples)
            out.write(pcm.tobytes())
            index.append({"voice": voice, "text": text, "first": first, "last": first + len(pcm)})
            first += len(pcm)
    stem.with_suffix(".json").write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8")


def _ready(samples: Samples) -> np.ndarray[Any, np.dtype[np.int16]]:
    """Trimmed, in the telephone band, at `LEVEL_DB`, as 16-bit numbers."""
    levels = _frame_levels(samples)
    loud = np.flatnonzero(levels > levels.max() + EDGE_DB)
    trimmed = band_limit(samples[loud[0] * FRAME : (loud[-1] + 1) * FRAME])
    levels = _frame_levels(trimmed)
    now = 10 * np.log10((10 ** (levels[levels > levels.max() - 25] / 10)).mean())
    scaled = trimmed * 10 ** ((LEVEL_DB - now) / 20)
    return np.round(np.clip(scaled, -0.98, 0.98) * 32767).astype(np.int16)


def _frame_levels(samples: Samples) -> Samples:
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    return np.asarray(10 * np.log10((frames**2).mean(axis=1) + 1e-12))
