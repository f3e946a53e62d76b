"""Sound files to samples, as a stream: PyAV, decoded by content (the file's extension does not matter).

`probe` says what a file is and whether it is sound at all; `decode_blocks` gives its samples at any rate without ever
holding the whole; `decode` gives one stretch of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.container import Sound, count_seconds, has_samples, hash_file, open_sound
from qa_engine.audio.unusable import no_samples
from qa_engine.domain.recording import Recording
from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform

__all__ = ["decode", "decode_blocks", "probe"]


def probe(path: Path) -> Recording:
    """What is in a file: content hash, true length (counted, not read from the header), channels, rate, codec.

    Raises RecordingError where it cannot be read, holds no sound, or holds more than two channels.
    """
    sha256 = hash_file(path)
    with open_sound(path) as sound:
        if not has_samples(sound):
            raise no_samples(path, sound.codec, damaged=sound.num_bad_packets > 0)
        recording = Recording(
            path=str(path),
            sha256=sha256,
            duration=0.0,
            num_channels=sound.num_channels,
            sample_rate=sound.sample_rate,
            codec=sound.codec,
            container=sound.container_name,
        )
    return replace(recording, duration=count_seconds(path))


def decode_blocks(path: Path, *, sample_rate: int, block_seconds: float = 60.0) -> Iterator[Waveform]:
    """Waveforms of `block_seconds` each (the last one shorter), all channels, resampled to `sample_rate` Hz.

    Damaged places are skipped. Raises RecordingError as `probe` does, and when nothing at all decodes.
    """
    size = max(1, round(block_seconds * sample_rate))
    num_samples = 0
    with open_sound(path) as sound:
        for samples in _cut(_resample(sound, sample_rate), size):
            yield Waveform(samples, sample_rate, start=num_samples / sample_rate)
            num_samples += samples.shape[1]
        if num_samples == 0:
            raise no_samples(path, sound.codec, damaged=sound.num_bad_packets > 0)


def decode(path: Path, *, sample_rate: int, span: Span | None = None) -> Waveform:
    """The whole recording, or the part inside `span`, as one waveform at `sample_rate` Hz.

    Decodes from the beginning (exact for every codec). A span behind the end gives a waveform of no samples.
    Raises RecordingError as `decode_blocks` does.
    """
    parts: list[Waveform] = []
    for block in decode_blocks(path, sample_rate=sample_rate):
        if span is not None and block.start >= span.end:
            break
        if span is None or block.span.end > span.start:
            parts.append(block if span is None else block.crop(span))
        num_channels = block.num_channels
    if not parts:
        empty = np.zeros((num_channels, 0), dtype=np.float32)
        return Waveform(empty, sample_rate, start=span.start if span else 0.0)
    return Waveform(np.concatenate([part.samples for part in parts], axis=1), sample_rate, start=parts[0].start)


def _cut(pieces: Iterator[NDArray[np.float32]], size: int) -> Iterator[NDArray[np.float32]]:
    """Pieces of any length, shape ``(channel, time)``, as pieces of `size` samples."""
    waiting: list[NDArray[np.float32]] = []
    num_waiting = 0
    for piece in pieces:
        waiting.append(piece)
        num_waiting += piece.shape[1]
        if num_waiting < size:
            continue
        joined = np.concatenate(waiting, axis=1)
        num_whole = num_waiting - num_waiting % size
        for first in range(0, num_whole, size):
            yield joined[:, first : first + size]
        waiting, num_waiting = [joined[:, num_whole:]], num_waiting - num_whole
    if num_waiting:
        yield np.concatenate(waiting, axis=1)


def _resample(sound: Sound, sample_rate: int) -> Iterator[NDArray[np.float32]]:
    """Decoded samples at `sample_rate`, shape ``(channel, time)``; a change of format inside the file is followed."""
    layout = "mono" if sound.num_channels == 1 else "stereo"
    resampler: Any = None
    seen: tuple[object, ...] = ()
    for frame in _joined(sound.frames()):
        if (shape := _shape(frame)) != seen:
            yield from _flush(resampler)
            resampler, seen = _make_resampler(layout, sample_rate), shape
        frame.pts = None
        yield from (out.to_ndarray() for out in resampler.resample(frame) if out.samples)
    yield from _flush(resampler)


def _joined(frames: Iterator[Any]) -> Iterator[Any]:
    """Frames of about a second of one format each: most of what resampling costs is per frame, whatever its length."""
    import av

    fifo = av.AudioFifo()
    seen: tuple[object, ...] = ()
    for frame in frames:
        if (shape := _shape(frame)) != seen:
            yield from _rest(fifo)
            fifo, seen = av.AudioFifo(), shape
        frame.pts = None
        fifo.write(frame)
        if fifo.samples >= frame.sample_rate:
            yield from _rest(fifo)
    yield from _rest(fifo)


def _rest(fifo: Any) -> Iterator[Any]:
    if fifo.samples:
        yield fifo.read()


def _shape(frame: Any) -> tuple[object, ...]:
    return (frame.format.name, frame.layout.name, frame.sample_rate)


def _make_resampler(layout: str, sample_rate: int) -> Any:
    import av

    return av.AudioResampler(format="fltp", layout=layout, rate=sample_rate)


def _flush(resampler: Any) -> Iterator[NDArray[np.float32]]:
    if resampler is not None:
        yield from (out.to_ndarray() for out in resampler.resample(None) if out.samples)
