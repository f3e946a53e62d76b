"""The telephone line and the recorder: noise, clipping, codecs, which party on which channel; samples to a file."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import soundfile
from timing_cadences import RATE
from timing_sound import Samples

__all__ = ["CODECS", "LAYOUTS", "Line", "record"]

CODECS = ("pcm", "alaw", "ulaw", "gsm", "mp3-16", "mp3-24")
# manager and customer on the left or right; copies: the mix on both; one-sided: the mix on the left, nothing right
LAYOUTS = ("mono", "manager-left", "manager-right", "copies", "one-sided")
SUBTYPES = {"pcm": "PCM_16", "alaw": "ALAW", "ulaw": "ULAW"}


@dataclass(frozen=True, slots=True)
class Line:
    """How a call was recorded; `snr_db` is speech at -20 dB over the noise (None: no noise), `clip` cuts the peaks."""

    codec: str = "pcm"
    layout: str = "mono"
    snr_db: float | None = None
    clip: bool = False

    @property
    def is_stereo(self) -> bool:
        """Whether each party has a channel."""
        return self.layout.startswith("manager")

    def __str__(self) -> str:
        noise = "" if self.snr_db is None else f" {self.snr_db:.0f} dB"
        return f"{self.layout} {self.codec}{noise}{' clipped' if self.clip else ''}"


def record(manager: Samples, customer: Samples, line: Line, path: Path) -> Path:
    """A file of the two parties' sounds, shape ``(time,)`` each, as `line` would record it; `path` without suffix."""
    if line.clip:
        manager, customer = (np.clip(side * 4.0, -0.5, 0.5) for side in (manager, customer))
    channels = np.clip(_channels(manager, customer, line.layout), -0.99, 0.99)
    if line.codec.startswith("mp3"):
        return _write_mp3(channels, path.with_suffix(".mp3"), kilobits=int(line.codec.split("-")[1]))
    if line.codec == "gsm":
        channels = np.stack([_through_gsm(channel) for channel in channels])
    subtype = SUBTYPES.get(line.codec, "PCM_16")
    file = path.with_suffix(".wav")
    soundfile.write(str(file), channels.T, RATE, subtype=subtype)
    return file


def _channels(manager: Samples, customer: Samples, layout: str) -> Samples:
    mix = manager + customer
    if layout == "mono":
        return mix[np.newaxis]
    if layout == "copies":
        return np.stack([mix, mix])
    if layout == "one-sided":
        return np.stack([mix, np.zeros_like(mix)])
    return np.stack([manager, customer] if layout == "manager-left" else [customer, manager])


def _through_gsm(channel: Samples) -> Samples:
    """There and back through GSM 06.10, 13 kbit/s (160 samples to 33 bytes, no delay)."""
    buffer = io.BytesIO()
    soundfile.write(buffer, channel, RATE, format="WAV", subtype="GSM610")
    buffer.seek(0)
    decoded, _ = soundfile.read(buffer)
    return np.asarray(np.pad(decoded, (0, max(0, len(channel) - len(decoded))))[: len(channel)])


def _write_mp3(channels: Samples, path: Path, *, kilobits: int) -> Path:
    """An mp3 file of constant `kilobits` per channel; the encoder's delay is in its header, so no time is shifted."""
    layout = "mono" if len(channels) == 1 else "stereo"
    with av.open(str(path), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=RATE, layout=layout)
        stream.codec_context.bit_rate = kilobits * 1000 * len(channels)
        for first in range(0, channels.shape[1], RATE):
            block = np.ascontiguousarray(channels[:, first : first + RATE].astype(np.float32))
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
            frame.sample_rate = RATE
            frame.pts = first
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
