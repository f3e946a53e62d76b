"""A recording as a picture: waveform and spectrogram of every channel, and below them what was found, second by second.

Drawn to be checked by eye: a ring, a hold or a word that the analysis missed is seen at once. The picture holds no
words of the call. Memory does not grow with the recording: the sound is boiled down to columns while it is read.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qa_engine.domain.audio_event import AudioEvents
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Timings
from qa_engine.domain.transcript import Role, Turn
from qa_engine.domain.waveform import Waveform

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_picture"]

COLUMNS = 1600  # of the picture, each as many seconds of sound
FRAME_SECONDS = 0.032  # of the spectrogram: rings and syllables are told apart
BINS = 128  # rows of the spectrogram
LEAST_POWER = 1e-12  # keeps the logarithm of digital silence finite
RANGE_DB = 70.0  # from the loudest down to black
WIDTH, DPI = 16.0, 100  # inches, dots per inch
CHANNEL_NAMES = ("left", "right")

COLOURS = {
    "speech": "#4878a8",
    "manager": "#2f6fb0",
    "second manager": "#7fb2e5",
    "customer": "#b0752f",
    "machine": "#7a7a7a",
    "ringing": "#2e9b57",
    "tone": "#8e44ad",
    "music": "#c0392b",
    "silence": "#95a5a6",
    "announcement": "#d35400",
    "hold": "#e74c3c",
    "dead air": "#34495e",
    "transfer": "#000000",
}
LANES = (
    (Role.MANAGER, "manager"),
    (Role.SECOND_MANAGER, "second manager"),
    (Role.CUSTOMER, "customer"),
    (Role.IVR, "machine"),
)


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of spans under the spectrogram; `labels` stand beside their spans where there is room."""

    name: str
    spans: tuple[Span, ...]
    colour: str
    labels: tuple[str, ...] = ()


def draw_picture(
    blocks: Iterable[Waveform], timings: Timings, events: AudioEvents, turns: Iterable[Turn], *, title: str
) -> bytes:
    """A PNG of the recording in `blocks` (all of one rate and as many channels) with the spans that were found."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    columns = _boil_down(blocks, events.duration)
    lanes = _lanes(timings, events, tuple(turns))
    num_channels = len(columns.low)
    heights = [1.0, 2.0] * num_channels + [0.32 * len(lanes) + 0.3]
    figure = Figure(figsize=(WIDTH, sum(heights) + 0.9), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)[:, 0]
    for channel in range(num_channels):
        side = CHANNEL_NAMES[channel] if num_channels > 1 else "mono"
        _draw_wave(axes[2 * channel], columns, channel, side)
        _draw_spectrogram(axes[2 * channel + 1], columns, channel)
    _draw_lanes(axes[-1], lanes, events.duration)
    for axis in axes:
        _draw_moments(axis, timings)
    axes[0].set_title(title, loc="left", fontsize=11)
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    """Sound per column: lowest and highest sample ``(channel, column)``, level in dB ``(channel, bin, column)``."""

    seconds: float
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    level_db: NDArray[np.float32]
    highest_hz: float


def _boil_down(blocks: Iterable[Waveform], duration: float) -> _Columns:
    low = high = power = counts = None
    width, rate = max(duration, FRAME_SECONDS) / COLUMNS, 0
    for block in blocks:
        rate = block.sample_rate
        if low is None or high is None or power is None or counts is None:
            shape = (block.num_channels, COLUMNS)
            low, high = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
            power, counts = np.zeros((*shape, BINS), np.float32), np.zeros(COLUMNS, np.int64)
        _add_extremes(low, high, block, width)
        _add_power(power, counts, block, width)
    if low is None or high is None or power is None or counts is None:
        raise ValueError("no sound: not a single block")
    _fill_empty(power, counts)
    level = 10 * np.log10(power / np.maximum(counts, 1)[None, :, None] + LEAST_POWER)
    return _Columns(duration, low, high, np.moveaxis(level, 2, 1), rate / 2)


def _add_extremes(low: NDArray[np.float32], high: NDArray[np.float32], block: Waveform, width: float) -> None:
    if not block.samples.shape[1]:
        return
    seconds = block.start + np.arange(block.samples.shape[1]) / block.sample_rate
    index = np.minimum((seconds / width).astype(np.int64), COLUMNS - 1)
    edges = np.flatnonzero(np.diff(index, prepend=-1))
    places = index[edges]
    low[:, places] = np.minimum(low[:, places], np.minimum.reduceat(block.samples, edges, axis=1))
    high[:, places] = np.maximum(high[:, places], np.maximum.reduceat(block.samples, edges, axis=1))


def _add_power(power: NDArray[np.float32], counts: NDArray[np.int64], block: Waveform, width: float) -> None:
    """Adds the power spectra of the block's frames (hop: half a frame) to their columns."""
    import librosa

    size = 2 * BINS
    hop = max(1, min(size // 2, round(FRAME_SECONDS * block.sample_rate / 2)))
    if block.samples.shape[1] < size:
        return
    spectrum = librosa.stft(block.samples, n_fft=size, hop_length=hop, center=False)[:, 1:]
    middle = block.start + (np.arange(spectrum.shape[-1]) * hop + size / 2) / block.sample_rate
    index = np.minimum((middle / width).astype(np.int64), COLUMNS - 1)
    for channel, own in enumerate(spectrum.real**2 + spectrum.imag**2):
        np.add.at(power[channel], index, own.T)
    np.add.at(counts, index, 1)


def _fill_empty(power: NDArray[np.float32], counts: NDArray[np.int64]) -> None:
    """Columns shorter than a frame show the frame before them."""
    filled = np.flatnonzero(counts)
    if not filled.size:
        return
    nearest = filled[np.clip(np.searchsorted(filled, np.arange(COLUMNS), side="right") - 1, 0, None)]
    power[:] = power[:, nearest]
    counts[:] = counts[nearest]


def _draw_wave(axis: Axes, columns: _Columns, channel: int, side: str) -> None:
    seconds = (np.arange(COLUMNS) + 0.5) * columns.seconds / COLUMNS
    axis.fill_between(seconds, columns.low[channel], columns.high[channel], color="#333333", linewidth=0.3)
    loudest = max(float(np.abs(columns.low[channel]).max()), float(columns.high[channel].max()), 0.01)
    axis.set_ylim(-loudest * 1.05, loudest * 1.05)
    axis.set_ylabel(side)
    axis.set_yticks([])


def _draw_spectrogram(axis: Axes, columns: _Columns, channel: int) -> None:
    level = columns.level_db[channel]
    top = float(level.max())
    extent = (0.0, columns.seconds, 0.0, columns.highest_hz / 1000)
    axis.imshow(level, origin="lower", aspect="auto", extent=extent, cmap="magma", vmin=top - RANGE_DB, vmax=top)
    axis.set_ylabel("kHz")


def _lanes(timings: Timings, events: AudioEvents, turns: tuple[Turn, ...]) -> list[Lane]:
    """The lanes that have something to show; speech always."""
    lanes = [_speech_lane(events, index) for index in range(len(events.activity))]
    for role, name in LANES:
        lanes.append(Lane(name, tuple(turn.span for turn in turns if turn.role is role), COLOURS[name]))
    rings = [Span(ring.start, ring.end) for ring in events.ringbacks]
    names = tuple(f"{ring.rings} x {ring.tone}" for ring in events.ringbacks)
    lanes.append(Lane("ringing", tuple(rings), COLOURS["ringing"], names))
    for kind in ("tone", "music", "silence", "announcement"):
        sounds = [sound for sound in events.sounds if sound.kind == kind]
        lanes.append(
            Lane(kind, tuple(each.span for each in sounds), COLOURS[kind], tuple(each.detail for each in sounds))
        )
    holds = tuple(f"hold: {hold.kind}, {hold.seconds:.1f} s" for hold in timings.holds)
    lanes.append(Lane("hold", tuple(hold.span for hold in timings.holds), COLOURS["hold"], holds))
    pauses = tuple(Span(pause.start, pause.end) for pause in timings.dead_air)
    lanes.append(Lane("dead air", pauses, COLOURS["dead air"], tuple(f"{pause.duration:.1f} s" for pause in pauses)))
    return [lane for lane in lanes if lane.spans or lane.name.startswith("speech")]


def _speech_lane(events: AudioEvents, index: int) -> Lane:
    channel = events.activity[index].channel
    side = f" {CHANNEL_NAMES[channel]}" if channel is not None else ""
    return Lane(f"speech{side}", events.activity[index].speech, COLOURS["speech"])


def _draw_lanes(axis: Axes, lanes: list[Lane], duration: float) -> None:
    for row, lane in enumerate(reversed(lanes)):
        bars = [(span.start, max(span.duration, duration / COLUMNS)) for span in lane.spans]
        axis.broken_barh(bars, (row + 0.15, 0.7), color=lane.colour)
        for span, label in zip(lane.spans, lane.labels, strict=False):
            if not label:
                continue
            axis.text(span.start, row + 0.5, f" {label}", va="center", fontsize=7, clip_on=True, **_TEXT)
    axis.set_yticks([row + 0.5 for row in range(len(lanes))], [lane.name for lane in reversed(lanes)])
    axis.set_ylim(0, max(len(lanes), 1))
    axis.set_xlim(0, duration)
    axis.set_xlabel("seconds")
    axis.grid(axis="x", alpha=0.3)


_TEXT: dict[str, Any] = {"color": "black", "bbox": {"facecolor": "white", "alpha": 0.6, "pad": 0.6, "linewidth": 0}}


def _draw_moments(axis: Axes, timings: Timings) -> None:
    """The answer with its uncertainty, and every transfer, through all rows."""
    if timings.answered_at is not None and timings.ringing.measured:
        axis.axvline(timings.answered_at, color="#2ecc71", linewidth=1.4)
        half = timings.ringing.uncertainty or 0.0
        axis.axvspan(timings.answered_at - half, timings.answered_at + half, color="#2ecc71", alpha=0.25)
    for transfer in timings.transfers:
        axis.axvline(transfer.at, color="#3498db", linewidth=1.4, linestyle="--")
