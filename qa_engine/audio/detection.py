"""Runs all detectors over a recording: tones, music and silence first, then speech with a fresh state behind each.

The sound is read once for compact tracks (a few values per 32 ms), and once more for the seconds behind every tone,
music and silence, where the voice detector must be started anew; a short recording is kept in between. Memory is that
of the tracks, whatever the length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.activity import detect_activity, hear_again
from qa_engine.audio.call_tones import find_busy, find_call_tones
from qa_engine.audio.channels import relate_channels, views_of
from qa_engine.audio.dtmf import KeyListener
from qa_engine.audio.frames import Tracks, make_tracks
from qa_engine.audio.grid import HOP_SECONDS
from qa_engine.audio.kept_sound import KeptSound
from qa_engine.audio.music import find_music
from qa_engine.audio.one_core import one_core
from qa_engine.audio.opening import with_opening
from qa_engine.audio.ringback import find_ringbacks
from qa_engine.audio.silence import find_silences
from qa_engine.domain.audio_event import AudioEvents, ChannelRelation, Ringback, SoundEvent
from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform

__all__ = ["detect_events"]


@one_core()
def detect_events(read_blocks: Callable[[], Iterable[Waveform]]) -> AudioEvents:
    """All sounds of a recording, times in seconds.

    `read_blocks` gives the recording anew at each call: consecutive 8 kHz waveforms with all channels (at most 2).
    Raises ValueError for another rate or no blocks, WeightsError where the voice detector is missing.
    """
    sound = KeptSound(read_blocks)
    keys = KeyListener()
    tracks = make_tracks(keys.listen(sound()))
    silences = find_silences(tracks)
    ringbacks, sounds = _sounds(tracks, silences, keys.events())
    relation = relate_channels(tracks, ~_mask(_spans(None, ringbacks, sounds), tracks))
    views = views_of(tracks, relation)
    if len(views) == 1:
        ringbacks, sounds = _of_view(views[0], ringbacks, sounds)
    voice = hear_again(sound, tracks, [(v, span.end) for v in views for span in _spans(v, ringbacks, sounds)])
    distinct = relation is ChannelRelation.DISTINCT
    return AudioEvents(
        duration=tracks.duration,
        num_channels=tracks.num_channels,
        relation=relation,
        activity=tuple(
            detect_activity(tracks, view, voice[view], _spans(view, ringbacks, sounds), distinct=distinct)
            for view in views
        ),
        ringbacks=tuple(with_opening(ring, tracks) for ring in ringbacks),
        sounds=tuple(sorted(sounds, key=lambda sound: (sound.start, sound.end))),
    )


def _sounds(
    tracks: Tracks, silences: Sequence[SoundEvent], keys: Sequence[SoundEvent]
) -> tuple[tuple[Ringback, ...], tuple[SoundEvent, ...]]:
    """Rings, and tones, music and silence, of every channel; `keys` are those pressed."""
    rings: list[Ringback] = []
    sounds = [*silences, *keys]
    for channel in range(tracks.num_channels):
        pressed = [sound.span for sound in keys if sound.channel in (None, channel)]
        busy = find_busy(tracks, channel, taken=pressed)
        here = find_ringbacks(tracks, channel, busy=[sound.span for sound in busy])
        known = [Span(ring.start, ring.end) for ring in here] + [sound.span for sound in busy] + pressed
        music = _music(tracks, channel, [*known, *(sound.span for sound in silences)])
        singles = find_call_tones(tracks, channel, [*known, *(sound.span for sound in music)])
        rings += here
        sounds += [*busy, *singles, *music]
    return tuple(sorted(rings, key=lambda ring: ring.start)), tuple(sounds)


def _music(tracks: Tracks, channel: int, known: Sequence[Span]) -> tuple[SoundEvent, ...]:
    """Music outside the `known` spans; what is music only because of one steady tone in it is a tone."""
    music = find_music(tracks, channel, _mask(known, tracks))
    tones = [tone.span for tone in find_call_tones(tracks, channel, known)] if music else []
    if not tones:
        return music
    without = find_music(tracks, channel, _mask([*known, *tones], tracks))
    return tuple(sound for sound in music if any(sound.span.overlap(rest.span) for rest in without))


def _of_view(
    view: int, rings: Sequence[Ringback], sounds: Sequence[SoundEvent]
) -> tuple[tuple[Ringback, ...], tuple[SoundEvent, ...]]:
    """What sounds on the one channel that counts, as sounds of the recording; rings of a silent side are kept."""
    heard = {ring.channel for ring in rings}
    side = view if view in heard or None in heard else next(iter(heard), view)
    kept = tuple(replace(ring, channel=None) for ring in rings if ring.channel in (None, side))
    return kept, tuple(replace(sound, channel=None) for sound in sounds if sound.channel in (None, view))


def _spans(channel: int | None, rings: Sequence[Ringback], sounds: Sequence[SoundEvent]) -> list[Span]:
    """Spans of rings and sounds on one channel (None: on any)."""
    every = [*((ring.channel, Span(ring.start, ring.end)) for ring in rings), *((s.channel, s.span) for s in sounds)]
    return [span for side, span in every if channel is None or side in (None, channel)]


def _mask(spans: Sequence[Span], tracks: Tracks) -> NDArray[np.bool_]:
    """Hops inside any of the spans, shape ``(hop,)``."""
    mask = np.zeros(tracks.power.shape[1], dtype=np.bool_)
    for span in spans:
        mask[int(span.start / HOP_SECONDS) : int(np.ceil(span.end / HOP_SECONDS))] = True
    return mask
