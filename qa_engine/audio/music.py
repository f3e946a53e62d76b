"""Music on hold: stretches that sound like music for longer than talk ever does, with their edges.

Two states (music, no music) are decoded over the whole recording from what three seconds at a time tell, so that
single odd seconds are outvoted; then each edge is put where the instants before it and behind it differ most.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.frames import Tracks
from qa_engine.audio.grid import HOP_SECONDS
from qa_engine.audio.music_evidence import weigh_edges, weigh_music
from qa_engine.audio.tones import runs_of
from qa_engine.domain.audio_event import EventKind, SoundEvent
from qa_engine.domain.spans import Span

__all__ = ["find_music"]

SHORTEST = 5.0  # seconds (TELEPHONY 4.3)
HOPS_PER_SECOND = 31  # windows of three seconds overlap: each second counts once
SWITCH = 5.0  # log-odds that a change of state costs; humming in a pause does not gather so much
LEAST_ODDS, CLEAR_ODDS = 0.5, 1.0  # on average; what is as loud as the talk needs less than what may be a background
BACKGROUND_DB = 15.0  # below the speech: what a phone system plays is louder, a radio in the room is not
EVEN_DB = 1.3  # a level that wavers less is hum or a steady noise
SEARCH = 125  # hops, four seconds, to either side in which the exact edge lies
CORE = 20  # hops at either end that do not count for the level of the music
# A singer sounds like a voice in each instant: an edge grows to a pause near by over what holds its partials.
GROW_HOPS = 100  # three seconds
GROW_STEADINESS = 0.3  # of its loud hops on average; speech has about 0.15
LOUD_DB, PAUSE_DB, PAUSE_HOPS = 12.0, 15.0, 3  # below the music is loud, and is a pause of a tenth of a second
VOICE = 0.5
NO_MUSIC = -10.0  # log-odds of hops that are known to be something else


def find_music(tracks: Tracks, channel: int, taken: NDArray[np.bool_]) -> tuple[SoundEvent, ...]:
    """Music of at least 5 s on one channel, edges to about a third of a second.

    `taken` hops (rings, tones, silence), shape ``(hop,)``, are no music.
    """
    odds = weigh_music(tracks, channel)
    odds[taken] = NO_MUSIC
    coarse = runs_of(_decode(odds / HOPS_PER_SECOND))
    found = []
    for first, last in _with_exact_edges(tracks, channel, coarse, taken):
        if (last - first) * HOP_SECONDS >= SHORTEST and _is_music(tracks, channel, odds, slice(first, last)):
            side = channel if tracks.num_channels > 1 else None
            span = Span(first * HOP_SECONDS, min(last * HOP_SECONDS, tracks.duration))
            found.append(_event(span, side, float(np.mean(odds[first:last]))))
    return tuple(found)


def _is_music(tracks: Tracks, channel: int, odds: NDArray[np.float64], inside: slice) -> bool:
    """Whether a stretch is music as a whole: no hum, and no background of the talk that only might be music."""
    least = CLEAR_ODDS if _is_background(tracks, channel, inside) else LEAST_ODDS
    return float(np.mean(odds[inside])) >= least and float(np.std(tracks.level_db[channel, inside])) >= EVEN_DB


def _is_background(tracks: Tracks, channel: int, inside: slice) -> bool:
    """Whether the loud hops `inside` are well below the speech of the channel."""
    level = tracks.level_db[channel]
    speech = level[tracks.voice[channel] > VOICE]
    if not speech.size:
        return False
    return float(np.percentile(level[inside], 75)) < float(np.percentile(speech, 75)) - BACKGROUND_DB


def _event(span: Span, channel: int | None, odds: float) -> SoundEvent:
    confidence = round(float(1 / (1 + np.exp(-odds))), 2)
    return SoundEvent(EventKind.MUSIC, round(span.start, 3), round(span.end, 3), channel, confidence)


def _decode(odds: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The likeliest course of two states (Viterbi) given the log-odds per hop, True for music."""
    speech, music = 0.0, -SWITCH
    from_music, from_speech = bytearray(len(odds)), bytearray(len(odds))
    for i, gain in enumerate(odds.tolist()):
        best_speech, best_music = max(speech, music - SWITCH), max(music, speech - SWITCH)
        from_music[i], from_speech[i] = best_speech > speech, best_music > music
        speech, music = best_speech, best_music + gain
    states = np.zeros(len(odds), dtype=np.bool_)
    state = music > speech
    for i in range(len(odds) - 1, -1, -1):
        states[i] = state
        state = bool(state) != bool(from_speech[i] if state else from_music[i])
    return states


def _with_exact_edges(
    tracks: Tracks, channel: int, coarse: list[tuple[int, int]], taken: NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """Each run with its edges where the instants before and behind differ most, no run growing into another."""
    exact: list[tuple[int, int]] = []
    for i, (first, last) in enumerate(coarse):
        before = exact[-1][1] if exact else 0
        behind = coarse[i + 1][0] if i + 1 < len(coarse) else len(taken)
        exact.append(_exact_edges(tracks, channel, (max(before, first - SEARCH), first, last, behind), taken))
    return exact


def _exact_edges(
    tracks: Tracks, channel: int, around: tuple[int, int, int, int], taken: NDArray[np.bool_]
) -> tuple[int, int]:
    low, first, last, high = around
    core = CORE if last - first > 3 * CORE else 0
    music_db = float(np.median(tracks.level_db[channel, first + core : last - core]))
    beginning, end = weigh_edges(tracks, channel, music_db)
    beginning[taken], end[taken] = NO_MUSIC, NO_MUSIC
    middle = (first + last) // 2
    start = low + _least_sum(beginning[low : min(middle, first + SEARCH)])
    from_ = max(middle, last - SEARCH)
    stop = from_ + _least_sum(-end[from_ : min(high, last + SEARCH)])
    earlier, later = _pauses_near(tracks, channel, (low, start, stop, high), music_db)
    return (
        earlier if _is_steady(tracks, channel, slice(earlier, start), music_db) else start,
        later if _is_steady(tracks, channel, slice(stop, later), music_db) else stop,
    )


def _pauses_near(tracks: Tracks, channel: int, around: tuple[int, int, int, int], music_db: float) -> tuple[int, int]:
    """Where the last pause before the music ends and the first one behind it begins; its own edges where none is."""
    low, start, stop, high = around
    quiet = tracks.level_db[channel] < music_db - PAUSE_DB
    low, high = max(low, start - GROW_HOPS), min(high, stop + GROW_HOPS)
    before = [low + b for a, b in runs_of(quiet[low:start]) if b - a >= PAUSE_HOPS]
    behind = [stop + a for a, b in runs_of(quiet[stop:high]) if b - a >= PAUSE_HOPS]
    return (before[-1] if before else start), (behind[0] if behind else stop)


def _is_steady(tracks: Tracks, channel: int, inside: slice, music_db: float) -> bool:
    """Whether the loud hops `inside` hold their partials as music does."""
    loud = tracks.level_db[channel, inside] > music_db - LOUD_DB
    held = tracks.spectrum.steadiness[channel, inside][loud]
    return bool(held.size) and float(held.mean()) >= GROW_STEADINESS


def _least_sum(odds: NDArray[np.float64]) -> int:
    """How many of the leading hops are to be left out so that what is left out sums up to the least."""
    return int(np.argmin(np.concatenate([[0.0], np.cumsum(odds)])))
