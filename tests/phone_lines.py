"""What a telephone line and a recorder do to sound: codecs there and back, noise, clipping; 8 kHz in, 8 kHz out.

All functions take float32 of shape ``(time,)`` and keep its length and its place in time.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO

import av
import numpy as np

import sounds
from sounds import RATE, Samples

__all__ = ["LINES", "clipped", "gsm", "has_gsm", "mp3", "noisy"]


def has_gsm() -> bool:
    """Whether there is a program that encodes GSM 06.10 (PyAV only decodes it)."""
    return shutil.which("sox") is not None


def gsm(samples: Samples) -> Samples:
    """GSM 06.10 full rate, 13 kbit/s, by sox."""
    raw = ("-t", "raw", "-e", "signed", "-b", "16", "-r", str(RATE), "-c", "1")
    coded = _run(["sox", "-D", *raw, "-", "-t", "gsm", "-"], _pcm(samples))
    return _samples(_run(["sox", "-D", "-t", "gsm", "-", *raw, "-"], coded), len(samples))


def mp3(samples: Samples, *, bit_rate: int) -> Samples:
    """MPEG layer 3 of `bit_rate` bit/s, mono at 8 kHz, as cloud phone systems keep it."""
    file = BytesIO()
    with av.open(file, "w", format="mp3") as output:
        stream = output.add_stream("libmp3lame", rate=RATE, layout="mono")
        stream.bit_rate = bit_rate
        frame = av.AudioFrame.from_ndarray(samples[None].astype(np.float32), format="fltp", layout="mono")
        frame.sample_rate = RATE
        size = stream.codec_context.frame_size or None
        fit = av.AudioResampler(format=stream.format, layout="mono", rate=RATE, frame_size=size)
        for piece in [*fit.resample(frame), *fit.resample(None)]:
            output.mux(stream.encode(piece))
        output.mux(stream.encode(None))
    file.seek(0)
    with av.open(file) as source:
        decoded = np.concatenate([each.to_ndarray()[0] for each in source.decode(audio=0)])
    return np.pad(decoded, (0, max(0, len(samples) - len(decoded))))[: len(samples)].astype(np.float32)


def noisy(samples: Samples, *, snr_db: float = 20.0, seed: int = 1) -> Samples:
    """White noise so far below the loud half second of the sound."""
    size = RATE // 2
    power = np.convolve(samples.astype(np.float64) ** 2, np.ones(size) / size, mode="valid").max()
    level = 10 * float(np.log10(power)) - snr_db
    return samples + sounds.noise(len(samples) / RATE, db=level, seed=seed)[: len(samples)]


def clipped(samples: Samples, *, by_db: float = 6.0) -> Samples:
    """Amplified beyond full scale and cut off there."""
    loudest = float(np.abs(samples).max())
    return np.clip(samples * (10 ** (by_db / 20) / loudest), -1, 1).astype(np.float32)


def _pcm(samples: Samples) -> bytes:
    return np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def _samples(pcm: bytes, size: int) -> Samples:
    decoded = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32768
    return np.pad(decoded, (0, max(0, size - len(decoded))))[:size]


def _run(command: list[str], data: bytes) -> bytes:
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


LINES: dict[str, Callable[[Samples], Samples]] = {
    "clean": lambda samples: samples,
    "G.711": sounds.mu_law,
    "GSM": gsm,
    "mp3 16": lambda samples: mp3(samples, bit_rate=16_000),
    "mp3 24": lambda samples: mp3(samples, bit_rate=24_000),
    "20 dB noise": noisy,
    "clipped": clipped,
}
