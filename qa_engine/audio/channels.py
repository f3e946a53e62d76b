"""How the channels of a file relate: two channels are no proof of one party per channel (DESIGN 7)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.frames import Tracks
from qa_engine.audio.grid import HOP_SECONDS
from qa_engine.domain.audio_event import ChannelRelation

__all__ = ["bleed_mask", "relate_channels", "views_of"]

LOUD_DB = -55.0  # a hop of speech is louder, whatever the line
SAME_WITHIN_DB = 6.0  # nine in ten loud hops of two copies differ from their usual difference by no more
MAX_SHIFT = 3  # hops; copies may be delayed against each other by 0.1 s
BLEED_DB = 12.0  # what is further below the other channel is its echo (usual: 20 to 30 dB)
BLEED_MEMORY = 8  # hops; an echo may come a quarter of a second late
OWN_SECONDS = 0.3  # a channel with less sound of its own is silent
OWN_SPEECH_DB = 10.0  # a hop so far below the channel's own speech may be echo


def relate_channels(tracks: Tracks, conversation: NDArray[np.bool_]) -> ChannelRelation:
    """How the channels relate in the hops of `conversation`, shape ``(hop,)``: tones, music and silence excluded."""
    if tracks.num_channels == 1:
        return ChannelRelation.MONO
    level = tracks.level_db
    if (level > LOUD_DB)[:, conversation].any():
        level = level[:, conversation]
    own = [_own_seconds(level[i], level[1 - i]) for i in (0, 1)]
    if max(own) >= OWN_SECONDS > min(own):
        return ChannelRelation.ONE_SIDED
    return ChannelRelation.COPIES if _are_copies(level) else ChannelRelation.DISTINCT


def views_of(tracks: Tracks, relation: ChannelRelation) -> tuple[int, ...]:
    """The channels to listen to: both where they are distinct, else the one with more sound."""
    if relation is ChannelRelation.DISTINCT:
        return (0, 1)
    return (int(np.argmax(tracks.power.mean(axis=1, dtype=np.float64))),)


def bleed_mask(tracks: Tracks, channel: int, active: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Hops of `channel` that hold nothing but the echo of the other one, shape ``(hop,)``.

    A hop is echo where it is well below what the other channel carries now or carried a moment ago, and below the
    channel's own speech (`active` hops in which the other channel is quiet).
    """
    mine, other = tracks.level_db[channel], _recent_peak(tracks.level_db[1 - channel])
    below = np.asarray((mine < other - BLEED_DB) & (other > LOUD_DB), dtype=np.bool_)
    alone = active & (mine > other)
    if alone.sum() * HOP_SECONDS < OWN_SECONDS:
        return below
    return np.asarray(below & (mine < np.median(mine[alone]) - OWN_SPEECH_DB), dtype=np.bool_)


def _own_seconds(mine: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    own = (mine > LOUD_DB) & (mine > _recent_peak(other) - BLEED_DB)
    return float(own.sum()) * HOP_SECONDS


def _are_copies(level: NDArray[np.float32]) -> bool:
    """Whether both levels go up and down together, whatever the gain, the polarity and a small delay."""
    loud = (level > LOUD_DB).any(axis=0)
    if not loud.any():
        return True
    spread = []
    for shift in range(-MAX_SHIFT, MAX_SHIFT + 1):
        difference = (level[0] - np.roll(level[1], shift))[loud]
        spread.append(float(np.percentile(np.abs(difference - np.median(difference)), 90)))
    return min(spread) < SAME_WITHIN_DB


def _recent_peak(level: NDArray[np.float32]) -> NDArray[np.float32]:
    from scipy.ndimage import maximum_filter1d

    return np.asarray(maximum_filter1d(level, BLEED_MEMORY + 1, mode="nearest", origin=BLEED_MEMORY // 2))
