"""All detectors together, on whole recordings with known answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sounds
from qa_engine.audio.decoding import decode_blocks
from qa_engine.audio.detection import detect_events
from qa_engine.domain.audio_event import AudioEvents, ChannelRelation, EventKind
from qa_engine.domain.waveform import Waveform

RECORDINGS = Path(__file__).parents[3] / "shared" / "data" / "recordings"
needs_recordings = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the real recordings are not here")


def events_in(samples: sounds.Samples) -> AudioEvents:
    return detect_events(sounds.blocks(samples))


def test_call_with_ring_talk_music_and_talk() -> None:
    samples = sounds.join(
        sounds.silence(0.5),
        sounds.ringback("ru", 8.0),
        sounds.voice(8, pitch=95),
        sounds.music(14, seed=2),
        sounds.voice(8, pitch=105, seed=7),
    )
    events = events_in(sounds.mu_law(samples + sounds.noise(len(samples) / sounds.RATE, db=-58)[: len(samples)]))
    assert [(ring.rings, ring.tone) for ring in events.ringbacks] == [(2, "425 Hz 1.0/4.0")]
    (music,) = events.sounds
    assert music.kind is EventKind.MUSIC
    assert music.start == pytest.approx(16.5, abs=1.0)
    assert music.end == pytest.approx(30.5, abs=1.0)
    assert all(span.overlap(music.span) == 0 for span in events.activity[0].speech)


def test_line_opens_where_the_background_steps_up() -> None:
    ring = sounds.ringback("ru", 8.0) + sounds.noise(8.0, db=-70)
    room = sounds.noise(1.0, db=-50)
    talk = sounds.voice(5, pitch=95) + sounds.noise(5, db=-50, seed=1)
    events = events_in(sounds.join(sounds.noise(0.5, db=-70), ring, room, talk))
    assert events.ringbacks[0].opened == pytest.approx(8.5, abs=0.1)


def test_music_on_one_side_stays_there() -> None:
    left = sounds.join(sounds.voice(8, pitch=95), sounds.music(12), sounds.voice(6, seed=2, pitch=95))
    right = sounds.join(
        sounds.silence(4), sounds.voice(4, seed=5, pitch=110), sounds.silence(12), sounds.voice(6, seed=3)
    )
    events = events_in(sounds.stereo(left, right))
    assert [(sound.kind, sound.channel) for sound in events.sounds] == [(EventKind.MUSIC, 0)]
    assert events.relation is ChannelRelation.DISTINCT


def test_one_sided_recording_has_one_activity_on_that_side() -> None:
    events = events_in(sounds.stereo(sounds.silence(10), sounds.voice(10, pitch=95)))
    assert events.relation is ChannelRelation.ONE_SIDED
    assert [activity.channel for activity in events.activity] == [1]


@pytest.mark.parametrize(
    ("samples", "kinds"),
    [
        (sounds.silence(10), {EventKind.SILENCE}),
        (sounds.music(12), {EventKind.MUSIC}),
        (sounds.ringback("ru", 14), set()),
        (sounds.tone([440], 0.03), set()),
        (sounds.noise(8, db=-30), set()),
    ],
    ids=["silence", "music", "ringback", "30 ms", "noise"],
)
def test_recording_without_speech_has_no_speech(samples: sounds.Samples, kinds: set[EventKind]) -> None:
    events = events_in(samples)
    assert events.activity[0].speech == ()
    assert {sound.kind for sound in events.sounds} == kinds


def test_other_rates_are_refused() -> None:
    with pytest.raises(ValueError, match="8000 Hz"):
        detect_events(lambda: [Waveform(np.zeros((1, 100), np.float32), 16000)])


def test_no_blocks_are_refused() -> None:
    with pytest.raises(ValueError, match="no sound"):
        detect_events(lambda: [])


def test_block_size_does_not_change_the_events() -> None:
    samples = sounds.join(sounds.ringback("ru", 8), sounds.voice(6, pitch=95), sounds.music(10), sounds.voice(5))
    whole, pieces = (detect_events(sounds.blocks(samples, block_seconds=size)) for size in (60.0, 3.21))
    assert whole.ringbacks == pieces.ringbacks
    assert [sound.kind for sound in whole.sounds] == [sound.kind for sound in pieces.sounds]
    assert whole.sounds[0].start == pytest.approx(pieces.sounds[0].start, abs=0.5)


def test_same_sound_gives_the_same_events() -> None:
    samples = sounds.join(sounds.ringback("uk", 8), sounds.voice(6, pitch=95), sounds.music(8))
    assert events_in(samples) == events_in(samples)


def real(name: str) -> AudioEvents:
    return detect_events(lambda: decode_blocks(RECORDINGS / name, sample_rate=8000))


@pytest.mark.shared
@needs_recordings
def test_garage_call_has_two_parties_and_nothing_else() -> None:
    events = real("auto_repair_stereo_manager_left.flac")
    assert events.relation is ChannelRelation.DISTINCT
    assert (events.ringbacks, events.sounds) == ((), ())
    assert [round(sum(span.duration for span in each.speech)) for each in events.activity] == [
        pytest.approx(95, abs=6),
        pytest.approx(90, abs=12),
    ]


@pytest.mark.shared
@needs_recordings
@pytest.mark.parametrize(
    "name", ["phone_chat_16k.wav", "car_loan_mono_8k.wav", "phone_sale_mono_8k.wav", "russian_phone_8k.flac"]
)
def test_real_talk_has_no_rings_and_no_music(name: str) -> None:
    events = real(name)
    assert events.ringbacks == ()
    assert not [sound for sound in events.sounds if sound.kind in (EventKind.MUSIC, EventKind.SILENCE)]
    assert events.activity[0].speech


@pytest.mark.shared
@needs_recordings
def test_real_american_ringback_rings() -> None:
    (ring,) = real("tones/us_ringback.wav").ringbacks
    assert (ring.rings, ring.on, ring.tone) == (1, 2.0, "440+480 Hz")
