"""A sound file opened with PyAV: its one sound track, packet by packet; damaged packets are counted and skipped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from qa_engine.audio import unusable

__all__ = ["Sound", "count_seconds", "has_samples", "hash_file", "open_sound"]

MAX_CHANNELS = 2

# Demuxers that hold sound. Everything else that libav can open (play lists, scripts, network streams, images) stays
# shut: a text file named .wav must never make it fetch an address.
FORMATS = (
    "wav,w64,rf64,aiff,au,caf,voc,mp3,aac,ac3,ogg,flac,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,asf,avi,mpeg,mpegts,"
    "amr,amrnb,amrwb,gsm,wv,ape,tta,sox,nist"
)
# Asterisk's headerless files, known by their extension only (TELEPHONY 2.1): demuxer and rate in Hz.
HEADERLESS = {
    ".sln": ("s16le", 8000),
    ".raw": ("s16le", 8000),
    ".sln16": ("s16le", 16000),
    ".ulaw": ("mulaw", 8000),
    ".ul": ("mulaw", 8000),
    ".alaw": ("alaw", 8000),
    ".al": ("alaw", 8000),
    ".gsm": ("gsm", 8000),
    ".g722": ("g722", 16000),
}
PADDING = 0.5  # seconds that encoders add at most
# An .mp3 or .wav that lost its head may need some frames before the first that decodes.
MAX_BAD_PACKETS = 2000


@dataclass(slots=True, eq=False)
class Sound:
    """The sound track of an open file; `num_bad_packets` counts the damaged ones met so far."""

    container: Any
    stream: Any
    num_channels: int
    sample_rate: int
    codec: str
    container_name: str
    num_bad_packets: int = 0

    def packets(self) -> Iterator[Any]:
        """Packets of the sound track up to the end or to where the file breaks off."""
        import av

        packets = self.container.demux(self.stream)
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError:
                self.num_bad_packets += 1
                return
            if packet is None:
                return
            yield packet

    def frames(self) -> Iterator[Any]:
        """Decoded frames; what does not decode is skipped and counted."""
        import av

        for packet in self.packets():
            try:
                yield from packet.decode()
            except av.FFmpegError:
                self.num_bad_packets += 1


def hash_file(path: Path) -> str:
    """SHA-256 of the content, read in blocks. Raises RecordingError where the file cannot be read or is empty."""
    with _open_bytes(path) as file:
        digest = hashlib.sha256()
        while block := file.read(1 << 20):
            digest.update(block)
        return digest.hexdigest()


@contextmanager
def open_sound(path: Path) -> Iterator[Sound]:
    """The sound track of a file.

    Raises RecordingError: unreadable, empty, not permitted, no sound track, more than two channels or one track.
    """
    with _open_bytes(path) as file, _open_container(path, file) as container:
        yield _sound_track(path, container)


def has_samples(sound: Sound) -> bool:
    """Whether anything decodes; reads only as far as the first samples."""
    for frame in sound.frames():
        if frame.samples:
            return True
        if sound.num_bad_packets > MAX_BAD_PACKETS:
            return False
    return False


def count_seconds(path: Path) -> float:
    """Length by adding up the packets, since headers lie in truncated files and know nothing in streamed ones.

    A header that says a little less is believed: it knows of the encoder's padding, which is not played.
    """
    with open_sound(path) as sound:
        ticks = 0
        for packet in sound.packets():
            if packet.size and not packet.duration:
                return _count_decoded(path)
            ticks += packet.duration or 0
        seconds = float(ticks * sound.stream.time_base)
        header = float((sound.stream.duration or 0) * sound.stream.time_base)
    return header if seconds - PADDING < header < seconds else seconds


def _count_decoded(path: Path) -> float:
    with open_sound(path) as sound:
        return float(sum(frame.samples / frame.sample_rate for frame in sound.frames()))


@contextmanager
def _open_bytes(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
    except PermissionError as error:
        raise unusable.not_permitted(path) from error
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise unusable.missing(path) from error
    except OSError as error:
        raise unusable.damaged(path, error.strerror or str(error)) from error
    with file:
        if not file.read(1):
            raise unusable.empty_file(path)
        file.seek(0)
        yield file


@contextmanager
def _open_container(path: Path, file: BinaryIO) -> Iterator[Any]:
    import av

    try:
        container = _open_by_content(path, file)
    except av.FFmpegError as error:
        raise unusable.damaged(path, f"{error.strerror}; it begins with {_beginning(file)}") from error
    with container:
        yield container


def _open_by_content(path: Path, file: BinaryIO) -> Any:
    import av

    try:
        return av.open(file, mode="r", options={"format_whitelist": FORMATS}, metadata_errors="replace")
    except av.FFmpegError:
        headerless = HEADERLESS.get(path.suffix.lower())
        if headerless is None:
            raise
        file.seek(0)
        name, rate = headerless
        options = {} if name in ("gsm", "g722") else {"sample_rate": str(rate)}
        return av.open(file, mode="r", format=name, options=options)


def _beginning(file: BinaryIO) -> str:
    file.seek(0)
    head = file.read(12)
    text = head.decode("ascii", errors="replace")
    return f"the text {text!r}" if text.isprintable() and text.isascii() else f"the bytes {head.hex(' ')}"


def _sound_track(path: Path, container: Any) -> Sound:
    streams = container.streams.audio
    if not streams:
        raise unusable.no_sound(path)
    if len(streams) > 1:
        remedy = "join them first, e.g. ffmpeg -i IN -filter_complex amerge=inputs=2 OUT.wav"
        raise unusable.too_many(path, len(streams), what="sound tracks", remedy=remedy)
    stream = streams[0]
    num_channels = int(stream.codec_context.channels)
    if num_channels > MAX_CHANNELS:
        remedy = "export it with one party per channel or as mono, e.g. ffmpeg -i IN -ac 1 OUT.wav"
        raise unusable.too_many(path, num_channels, what="channels", remedy=remedy)
    if num_channels < 1 or not stream.codec_context.sample_rate:
        raise unusable.damaged(path, f"{stream.codec_context.name} without channels or rate")
    return Sound(
        container=container,
        stream=stream,
        num_channels=num_channels,
        sample_rate=int(stream.codec_context.sample_rate),
        codec=str(stream.codec_context.name),
        container_name=str(container.format.name),
    )
