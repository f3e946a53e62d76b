"""Recordings for the player: only the very file that was judged, as it is where every browser plays it, else as WAV."""

from __future__ import annotations

import wave
from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import numpy as np

from qa_engine.audio.container import count_seconds, hash_file, open_sound
from qa_engine.audio.decoding import decode_blocks
from qa_engine.domain.call import Call
from qa_engine.errors import RecordingError, RecordingErrorKind

__all__ = ["Missing", "Playable", "Recordings"]

# What Chromium, Firefox and Safari play, and seek in to the sample: (container, codec) as libav names them -> type.
# MP3 is not among them: in a file of variable bit rate browsers guess the place, and a cited second must be exact.
PLAYED_AS_IS = {
    ("wav", "pcm_u8"): "audio/wav",
    ("wav", "pcm_s16le"): "audio/wav",
    ("flac", "flac"): "audio/flac",
    ("mov,mp4,m4a,3gp,3g2,mj2", "aac"): "audio/mp4",
}
WAV = "audio/wav"
KEPT = 4  # recordings made playable that are kept until the desk closes, the last used ones
HIGHEST_RATE = 48_000  # Hz
LARGEST = 1 << 30  # bytes of a WAV file made here; a longer call is made at TELEPHONE_RATE
TELEPHONE_RATE = 8_000  # Hz: G.711
BLOCK_SECONDS = 10.0


class Missing(StrEnum):
    """Why there is nothing to play; the value is the key of the sentence that says so."""

    NO_SOUND = "audio_no_sound"  # judged from a transcript alone
    GONE = "audio_gone"  # no such file
    NOT_PERMITTED = "audio_not_permitted"
    CHANGED = "audio_changed"  # other content than what was judged


@dataclass(frozen=True, slots=True)
class Playable:
    """A file that browsers play."""

    path: Path
    media_type: str


_Stamp = tuple[str, int, int]  # path, size, time of change: the same means the same content


class Recordings:
    """The recordings of stored calls; close it to remove what it made."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="qa-engine-desk-")  # only this user may enter it
        self._lock = Lock()
        self._hashes: dict[_Stamp, str] = {}
        self._made: OrderedDict[_Stamp, Path] = OrderedDict()
        self._num_made = 0

    def close(self) -> None:
        """Remove the files made here."""
        self._folder.cleanup()

    def find(self, call: Call) -> Path | Missing:
        """The file whose content was judged, or why there is none."""
        if call.events is None:
            return Missing.NO_SOUND
        path = Path(call.path)
        try:
            if not path.is_file():
                return Missing.GONE
            return path if self._hash(path) == call.sha256 else Missing.CHANGED
        except RecordingError as error:
            denied = error.kind is RecordingErrorKind.NOT_PERMITTED
            return Missing.NOT_PERMITTED if denied else Missing.CHANGED
        except OSError:  # a folder that may not be entered
            return Missing.NOT_PERMITTED

    def check(self, path: Path) -> None:
        """Raises RecordingError where a file holds no sound that can be played."""
        _type_of(path)

    def playable(self, path: Path, *, as_wav: bool = False) -> Playable:
        """The file itself where browsers play it exactly, else (or with `as_wav`) a 16-bit WAV of it.

        Raises RecordingError where it does not decode.
        """
        media_type = None if as_wav else _type_of(path)
        return Playable(path, media_type) if media_type else Playable(self._as_wav(path), WAV)

    def _hash(self, path: Path) -> str:
        stamp = _stamp(path)
        if stamp not in self._hashes:
            self._hashes[stamp] = hash_file(path)
        return self._hashes[stamp]

    def _as_wav(self, path: Path) -> Path:
        with self._lock:  # one at a time: a player asks for several stretches of the same file at once
            stamp = _stamp(path)
            if stamp not in self._made:
                self._num_made += 1
                self._made[stamp] = _write_wav(path, Path(self._folder.name) / f"{self._num_made}.wav")
            self._made.move_to_end(stamp)
            while len(self._made) > KEPT:
                self._made.popitem(last=False)[1].unlink(missing_ok=True)
            return self._made[stamp]


def _stamp(path: Path) -> _Stamp:
    found = path.stat()
    return (str(path), found.st_size, found.st_mtime_ns)


def _type_of(path: Path) -> str | None:
    with open_sound(path) as sound:
        return PLAYED_AS_IS.get((sound.container_name, sound.codec))


def _write_wav(source: Path, target: Path) -> Path:
    """The whole of `source` as 16-bit PCM, its channels kept; written whole or not at all."""
    rate, num_channels = _shape_of(source)
    part = target.with_suffix(".part")
    try:
        with wave.open(str(part), "wb") as writer:
            writer.setparams((num_channels, 2, rate, 0, "NONE", "not compressed"))
            for block in decode_blocks(source, sample_rate=rate, block_seconds=BLOCK_SECONDS):
                writer.writeframesraw((np.clip(block.samples.T, -1, 1) * 32767).astype("<i2").tobytes())
        return part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _shape_of(path: Path) -> tuple[int, int]:
    """Rate in Hz and number of channels of the WAV."""
    with open_sound(path) as sound:
        rate, num_channels = min(sound.sample_rate, HIGHEST_RATE), sound.num_channels
    large = count_seconds(path) * rate * num_channels * 2 > LARGEST
    return (TELEPHONE_RATE if large else rate), num_channels
