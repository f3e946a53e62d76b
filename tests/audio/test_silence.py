"""Silence of the line, as against a pause in a live room."""

from __future__ import annotations

import pytest

import sounds
from qa_engine.audio.frames import make_tracks
from qa_engine.audio.silence import find_silences
from qa_engine.domain.audio_event import SoundEvent

EDGE = 0.1  # seconds


def silences_in(samples: sounds.Samples) -> tuple[SoundEvent, ...]:
    return find_silences(make_tracks(sounds.blocks(samples)()))


def in_room(seconds: float, *, seed: int = 0) -> sounds.Samples:
    """Speech in a live room: noise whose level wanders."""
    speech = sounds.voice(seconds, seed=seed)
    return speech + sounds.noise(seconds, db=-50, seed=seed)[: len(speech)]


def test_digital_silence_has_its_edges() -> None:
    (found,) = silences_in(sounds.join(in_room(6), sounds.silence(12), in_room(6, seed=1)))
    assert found.start == pytest.approx(6, abs=EDGE)
    assert found.end == pytest.approx(18, abs=EDGE)


def test_codec_idle_counts_as_silence() -> None:
    samples = sounds.mu_law(sounds.join(in_room(6), sounds.noise(12, db=-80), in_room(6, seed=1)))
    assert len(silences_in(samples)) == 1


def test_comfort_noise_below_the_room_is_silence() -> None:
    (found,) = silences_in(sounds.join(in_room(8), sounds.noise(12, db=-65), in_room(8, seed=1)))
    assert found.start == pytest.approx(8, abs=0.6)
    assert found.end == pytest.approx(20, abs=0.6)


def test_pause_in_a_live_room_is_no_silence() -> None:
    assert silences_in(sounds.join(in_room(6), sounds.noise(12, db=-50, seed=4), in_room(6, seed=1))) == ()


def test_short_gap_is_no_silence() -> None:
    assert silences_in(sounds.join(in_room(6), sounds.silence(3), in_room(6, seed=1))) == ()


def test_click_does_not_split_a_silence() -> None:
    click = sounds.noise(0.03, db=-20)
    samples = sounds.join(in_room(4), sounds.silence(5), click, sounds.silence(5), in_room(4, seed=1))
    assert len(silences_in(samples)) == 1


def test_one_live_channel_is_no_silence() -> None:
    left = sounds.join(in_room(4), sounds.silence(10), in_room(4, seed=1))
    assert silences_in(sounds.stereo(left, in_room(18, seed=2))) == ()


def test_recording_of_nothing_is_one_silence() -> None:
    (found,) = silences_in(sounds.silence(30))
    assert (found.start, found.end) == (0.0, 30.0)
