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


def test_beeps_in_silence_are_one_silence_that_tells_of_them() -> None:
    beep = sounds.tone([1400], 0.3)
    waiting = sounds.join(sounds.silence(1), *[beep, sounds.silence(7)] * 3)
    (found,) = silences_in(sounds.mu_law(sounds.join(in_room(6), waiting, in_room(6, seed=1))))
    assert (found.start, found.end) == (pytest.approx(6, abs=EDGE), pytest.approx(28.9, abs=EDGE))
    assert found.detail == "3 beeps 1400 Hz every 7.3 s"


@pytest.mark.parametrize("cadence", ["ru", "ru_equipment", "fr", "us", "us_pbx", "uk", "jp"])
def test_ringing_in_digital_silence_is_no_beeping(cadence: str) -> None:
    samples = sounds.join(in_room(6), sounds.silence(5), sounds.ringback(cadence, 25), in_room(6, seed=1))
    assert all(found.detail == "" for found in silences_in(samples))


def test_word_in_digital_silence_is_no_beep() -> None:
    samples = sounds.join(in_room(6), sounds.silence(6), sounds.voice(0.5), sounds.silence(6), in_room(6, seed=1))
    assert len(silences_in(samples)) == 2


def test_company_channel_that_goes_idle_beside_a_live_room_is_silent_alone() -> None:
    company = sounds.join(in_room(10), sounds.silence(15), in_room(10, seed=1))
    (found,) = silences_in(sounds.stereo(company, sounds.noise(35, db=-50, seed=2)))
    assert (found.channel, found.start) == (0, pytest.approx(10, abs=EDGE))
    assert found.end == pytest.approx(25, abs=EDGE)


def test_channel_that_a_gate_closes_in_every_pause_is_not_silent_alone() -> None:
    phrases = [part for i in range(6) for part in (sounds.voice(2, seed=i), sounds.silence(3))]
    gated = sounds.join(*phrases, sounds.silence(12), sounds.voice(4))
    assert silences_in(sounds.stereo(gated, in_room(46, seed=2))) == ()


def test_idle_pattern_of_gsm_is_silence() -> None:
    pattern = sounds.tone([1000], 12, amplitude=0.0007)  # -66 dB, always the same
    (found,) = silences_in(sounds.join(in_room(6), pattern, in_room(6, seed=1)))
    assert found.start == pytest.approx(6, abs=EDGE)


def test_even_noise_of_every_pause_is_the_room() -> None:
    parts = [part for i in range(8) for part in (sounds.voice(1.5, seed=i), sounds.silence(0.6))]
    talk = sounds.join(*parts, sounds.silence(9), *parts)
    assert silences_in(talk + sounds.noise(len(talk) / sounds.RATE, db=-58)) == ()


def test_recording_of_nothing_is_one_silence() -> None:
    (found,) = silences_in(sounds.silence(30))
    assert (found.start, found.end) == (0.0, 30.0)
