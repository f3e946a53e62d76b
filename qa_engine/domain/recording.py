"""A sound file as found on disk, before anything was heard in it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Recording"]


@dataclass(frozen=True, slots=True)
class Recording:
    """What the file itself says: content hash, length in seconds, channels, rate in Hz, codec and container names."""

    path: str
    sha256: str
    duration: float
    num_channels: int
    sample_rate: int
    codec: str
    container: str
