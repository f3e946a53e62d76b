"""Speech activity: who makes speech sounds when, per channel; tones, music and silence left out.

The voice detector begins with a fresh state behind every tone, music and silence, since what it heard before would
make it deaf to the first seconds of speech (TELEPHONY 4.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.channels import bleed_mask
from qa_engine.audio.frames import Tracks
from qa_engine.audio.grid import HOP, HOP_SECONDS
from qa_engine.audio.silero_voice import hear_voice
from qa_engine.audio.tones import runs_of
from qa_engine.domain.audio_event import Activity
from qa_engine.domain.spans import Span, merge_spans, subtract_spans
from qa_engine.domain.waveform import Waveform

__all__ = ["detect_activity", "hear_again", "speech_hops"]

ENTER, LEAVE = 0.5, 0.35  # Silero's own defaults: threshold, and threshold - 0.15
SHORTEST = 0.15  # seconds; "yes" and "да" are longer
PAD = 0.06  # seconds added to either side: the detector works in hops of 32 ms and is late on soft beginnings
MERGE_GAP = 0.3  # seconds; shorter pauses are inside a phrase
# Sound as loud as the speech beside it, joined to it without a pause, is speech too: the detector lets go of clear
# words in the middle of a sentence (measured: 2 s of "put you through to him, please hold" at full level).
AS_LOUD_DB = 10.0  # dB below the median level of detected speech; vowels vary by about that much
GROW_SECONDS = 3.0  # no further from detected speech than this: what goes on longer is another sound
AGAIN_HOPS = 157  # 5 s: the detector began afresh by then anyway


def hear_again(
    read_blocks: Callable[[], Iterable[Waveform]], tracks: Tracks, boundaries: Sequence[tuple[int, float]]
) -> NDArray[np.float32]:
    """The voice tracks, shape ``(channel, hop)``, with the seconds behind each boundary heard by a fresh detector.

    `boundaries` are (channel, second) of the ends of tones, music and silence.
    """
    voice = tracks.voice.copy()
    starts = sorted({(min(round(second / HOP_SECONDS), voice.shape[1]), channel) for channel, second in boundaries})
    if not starts:
        return voice
    for first, samples in _crops(read_blocks(), [first for first, _ in starts]):
        channels = [channel for start, channel in starts if start == first]
        last = min(first + AGAIN_HOPS, voice.shape[1])
        voice[channels, first:last] = hear_voice(samples[channels], tracks.level_db[channels, first:last])
    return voice


def speech_hops(probabilities: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Hops of speech: from where the probability rises above ENTER to where it falls below LEAVE."""
    speech = np.zeros(len(probabilities), dtype=np.bool_)
    for first, last in runs_of(probabilities > LEAVE):
        entered = np.flatnonzero(probabilities[first:last] >= ENTER)
        if entered.size:
            speech[first + entered[0] : last] = True
    return speech


def detect_activity(
    tracks: Tracks, channel: int, voice: NDArray[np.float32], not_speech: Sequence[Span], *, distinct: bool
) -> Activity:
    """Speech of one channel from its `voice` track; with `distinct` channels the echo of the other is left out."""
    hops = speech_hops(voice)
    level = tracks.level_db[channel]
    bleed = bleed_mask(tracks, channel, hops) if distinct else np.zeros_like(hops)
    hops = _with_loud_neighbours(hops & ~bleed, level, ~bleed & ~_mask(not_speech, len(hops)))
    spans = [Span(first * HOP_SECONDS, last * HOP_SECONDS) for first, last in runs_of(hops)]
    speech = _tidy(spans, not_speech, tracks.duration)
    return Activity(
        channel=channel if tracks.num_channels > 1 else None,
        speech=speech,
        speech_db=_median(level[hops]),
        noise_db=_median(level[~hops]),
    )


def _with_loud_neighbours(
    hops: NDArray[np.bool_], level: NDArray[np.float32], allowed: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """`hops` and the `allowed` ones as loud as they are that run on from them, see AS_LOUD_DB; shape ``(hop,)``."""
    if not hops.any():
        return hops
    loud = (hops | (level >= np.median(level[hops]) - AS_LOUD_DB)) & allowed
    near = _within(hops, round(GROW_SECONDS / HOP_SECONDS))
    grown = hops.copy()
    for first, last in runs_of(_closed(loud & near, round(MERGE_GAP / HOP_SECONDS))):
        if hops[first:last].any():
            grown[first:last] |= loud[first:last]
    return grown


def _within(hops: NDArray[np.bool_], distance: int) -> NDArray[np.bool_]:
    """Hops at most `distance` from one that is set."""
    counts = np.concatenate([[0], np.cumsum(hops)])
    index = np.arange(len(hops))
    after = np.minimum(index + distance + 1, len(hops))
    return np.asarray(counts[after] > counts[np.maximum(index - distance, 0)])


def _closed(hops: NDArray[np.bool_], gap: int) -> NDArray[np.bool_]:
    """`hops` with gaps of at most `gap` hops between set ones filled."""
    closed = hops.copy()
    for first, last in runs_of(~hops):
        if first > 0 and last < len(hops) and last - first <= gap:
            closed[first:last] = True
    return closed


def _mask(spans: Sequence[Span], num_hops: int) -> NDArray[np.bool_]:
    mask = np.zeros(num_hops, dtype=np.bool_)
    for span in spans:
        mask[int(span.start / HOP_SECONDS) : int(np.ceil(span.end / HOP_SECONDS))] = True
    return mask


def _tidy(spans: Sequence[Span], not_speech: Sequence[Span], duration: float) -> tuple[Span, ...]:
    """Pauses inside phrases closed, blips dropped, a little air at either side, nothing over other sounds."""
    phrases = [span for span in merge_spans(spans, gap=MERGE_GAP) if span.duration >= SHORTEST]
    padded = [Span(max(0.0, span.start - PAD), min(duration, span.end + PAD)) for span in phrases]
    free = subtract_spans(merge_spans(padded, gap=MERGE_GAP), not_speech)
    return tuple(Span(round(span.start, 3), round(span.end, 3)) for span in free if span.duration >= SHORTEST)


def _median(level_db: NDArray[np.float32]) -> float:
    return round(float(np.median(level_db)), 1) if level_db.size else -120.0


def _crops(blocks: Iterable[Waveform], firsts: Sequence[int]) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """The samples from each hop of `firsts` (ascending) on, as many as are heard again, shape ``(channel, time)``."""
    waiting = list(dict.fromkeys(firsts))
    kept: NDArray[np.float32] | None = None
    origin = 0
    for block in blocks:
        kept = block.samples if kept is None else np.concatenate([kept, block.samples], axis=1)
        while waiting and (waiting[0] + AGAIN_HOPS) * HOP <= origin + kept.shape[1]:
            yield waiting[0], kept[:, waiting.pop(0) * HOP - origin :][:, : AGAIN_HOPS * HOP]
        if not waiting:
            return
        drop = max(0, min(waiting[0] * HOP, origin + kept.shape[1]) - origin)
        kept, origin = kept[:, drop:], origin + drop
    for first in waiting:
        if kept is not None and first * HOP < origin + kept.shape[1]:
            yield first, kept[:, first * HOP - origin :]
