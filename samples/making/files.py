"""The files of a day: recordings in the formats that phone systems write, and their written transcripts."""

from __future__ import annotations

import json
import subprocess
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from making.composing import Composition, PlacedLine
from making.dialogue import Call, Day
from making.line import SAMPLE_RATE, Samples

__all__ = ["FORMATS", "heard_text", "write_garbage", "write_recording", "write_transcript"]

FORMATS = {
    "wav": ("-c:a", "pcm_s16le"),
    "wav-ulaw": ("-c:a", "pcm_mulaw"),
    "wav-alaw": ("-c:a", "pcm_alaw"),
    "wav-gsm": ("-c:a", "libgsm_ms"),
    "flac": ("-c:a", "flac", "-sample_fmt", "s16"),
    "mp3": ("-c:a", "libmp3lame", "-b:a", "32k"),
    "opus": ("-c:a", "libopus", "-b:a", "24k", "-application", "voip"),
}
ENGINE = "samples: written dialogue"
ENGINE_WITH_ERRORS = "samples: written dialogue with made-up recogniser errors"


def write_recording(path: Path, samples: Samples, sound_format: str) -> None:
    """Write (channel, time) at 8 kHz as `sound_format`; no date and no program name, so that the bytes repeat."""
    pcm = np.round(np.clip(samples, -0.98, 0.98) * 32767).astype("<i2")
    source = ("-f", "s16le", "-ar", str(SAMPLE_RATE), "-ac", str(len(samples)), "-i", "pipe:0")
    exact = ("-fflags", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1")
    command = ["ffmpeg", "-y", "-loglevel", "error", *source, *FORMATS[sound_format], *exact, str(path)]
    subprocess.run(command, check=True, input=pcm.T.tobytes(), capture_output=True)


def write_garbage(path: Path, num_bytes: int) -> None:
    """Write `num_bytes` bytes that are not sound, as a copy that broke off leaves them."""
    rng = np.random.default_rng(zlib.crc32(path.name.encode()))
    path.write_bytes(rng.bytes(num_bytes))


def heard_text(call: Call, placed: PlacedLine) -> str:
    """What of a line is in the recording."""
    return call.starts_late_heard if placed.cut else placed.line.text


def write_transcript(path: Path, day: Day, call: Call, made: Composition) -> None:
    """Write the transcript of a recording: the written lines, each word's time shared out over its line."""
    rng = np.random.default_rng(zlib.crc32(path.name.encode()))
    mistakes = any(placed.line.heard or placed.line.probability for placed in made.lines)
    about = {
        "id": Path(call.file).stem,
        "manager": day.managers[call.manager].name,
        "customer": call.customer,
        "started_at": call.started_at,
        "direction": call.direction,
    }
    transcript = {
        "language": day.language,
        "duration": made.duration,
        "engine": ENGINE_WITH_ERRORS if mistakes else ENGINE,
        "call": about,
        "segments": [_segment(call, placed, rng) for placed in sorted(made.lines, key=lambda placed: placed.start)],
    }
    path.write_text(json.dumps(transcript, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _segment(call: Call, placed: PlacedLine, rng: np.random.Generator) -> dict[str, Any]:
    text = placed.line.heard or heard_text(call, placed)
    words = text.split()
    shares = np.cumsum([0, *(len(word) + 1 for word in words)]) / sum(len(word) + 1 for word in words)
    times = placed.start + shares * (placed.end - placed.start)
    return {
        "start": round(placed.start, 2),
        "end": round(placed.end, 2),
        "speaker": "customer" if placed.line.speaker == "c" else "manager",
        "text": text,
        "words": [
            {
                "word": word,
                "start": round(float(times[index]), 2),
                "end": round(float(times[index + 1]), 2),
                "probability": round(placed.line.probability or float(rng.uniform(0.86, 0.99)), 2),
            }
            for index, word in enumerate(words)
        ],
    }
