"""Recordings that are hardly calls: very short ones, and ones with nothing but tones, music, noise or zeros in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import sounds
from qa_engine.audio.decoding import decode_blocks
from qa_engine.audio.detection import detect_events
from qa_engine.audio.frames import make_tracks
from qa_engine.domain.audio_event import AudioEvents, ChannelRelation, EventKind
from qa_engine.domain.spans import total_duration
from qa_engine.pipeline import listen_for_times

Make = Callable[[float], sounds.Samples]

ONLY: dict[str, Make] = {
    "ringback": lambda seconds: sounds.ringback("ru", seconds),
    "steady tone": lambda seconds: sounds.tone([425], seconds),
    "music": sounds.music,
    "noise": lambda seconds: sounds.noise(seconds, db=-35),
    "faint noise": lambda seconds: sounds.noise(seconds, db=-75),
    "zeros": sounds.silence,
    "full scale": lambda seconds: np.ones(round(seconds * sounds.RATE), dtype=np.float32),
}


def events_in(samples: sounds.Samples) -> AudioEvents:
    return detect_events(sounds.blocks(samples))


def both_ways(samples: sounds.Samples) -> tuple[sounds.Samples, ...]:
    """One channel, the same on both, one side only."""
    return samples, sounds.stereo(samples, samples), sounds.stereo(samples, samples * 0)


@pytest.mark.parametrize("what", ONLY)
@pytest.mark.parametrize("seconds", [0.01, 0.5, 2.0, 30.0])
def test_nobody_speaks_where_nobody_speaks(what: str, seconds: float) -> None:
    for samples in both_ways(ONLY[what](seconds)):
        events = events_in(samples)
        assert events.duration == pytest.approx(seconds, abs=0.001)
        assert [activity.speech for activity in events.activity] == [()]


@pytest.mark.parametrize("what", ONLY)
def test_every_span_lies_inside_the_recording(what: str) -> None:
    for seconds in (0.5, 2.0, 7.3, 30.0):
        events = events_in(ONLY[what](seconds))
        for span in events.not_speech:
            assert 0 <= span.start < span.end <= events.duration + 0.001


def test_a_call_of_two_seconds_is_heard() -> None:
    events = events_in(sounds.join(sounds.silence(0.3), sounds.voice(1.7, pitch=95)))
    assert total_duration(events.activity[0].speech) > 1.0
    assert events.not_speech == ()


def test_two_parties_of_two_seconds_are_told_apart() -> None:
    left = sounds.join(sounds.voice(1.0, pitch=95), sounds.silence(1.0))
    right = sounds.join(sounds.silence(1.0), sounds.voice(1.0, pitch=110, seed=3))
    events = events_in(sounds.stereo(left, right))
    assert events.relation is ChannelRelation.DISTINCT
    assert all(activity.speech for activity in events.activity)


def test_only_ringback_is_counted_as_rings() -> None:
    (ring,) = events_in(sounds.ringback("ru", 30.0)).ringbacks
    assert ring.rings == 6


def test_only_music_is_music_from_end_to_end() -> None:
    (music,) = events_in(sounds.music(30)).sounds
    assert music.kind is EventKind.MUSIC
    assert music.span.duration > 27


def test_only_zeros_are_one_silence() -> None:
    (silence,) = events_in(sounds.silence(30)).sounds
    assert (silence.kind, silence.start, silence.end) == (EventKind.SILENCE, 0.0, pytest.approx(30.0, abs=0.001))


def test_noise_is_no_event_at_all() -> None:
    assert events_in(sounds.noise(30, db=-35)).not_speech == ()


def test_a_recording_without_a_whole_hop_has_tracks() -> None:
    tracks = make_tracks(sounds.blocks(sounds.noise(0.01))())
    assert tracks.power.shape == tracks.voice.shape == tracks.level_db.shape == (1, 1)


def test_blocks_of_any_length_give_the_same_levels() -> None:
    samples = sounds.join(sounds.voice(5, pitch=95), sounds.ringback("us", 4.0))
    whole, cut = (make_tracks(sounds.blocks(samples, block_seconds=seconds)()) for seconds in (60.0, 0.1))
    assert np.abs(whole.level_db - cut.level_db).max() < 1e-3
    assert np.abs(whole.envelope - cut.envelope).max() < 1e-6
    assert np.abs(whole.spectrum.first_hz - cut.spectrum.first_hz).max() < 0.5


@pytest.mark.parametrize("what", ONLY)
def test_a_file_of_two_seconds_can_be_measured(what: str, tmp_path: Path) -> None:
    file = sounds.write_wav(tmp_path / "call.wav", ONLY[what](2.0))
    hearing, _ = listen_for_times(file, None, "en")
    assert hearing.duration == pytest.approx(2.0, abs=0.001)


def test_a_file_of_many_small_packets_is_decoded_to_the_same_samples(tmp_path: Path) -> None:
    samples = sounds.voice(3.3, pitch=95)
    file = sounds.write_wav(tmp_path / "call.wav", samples)
    decoded = np.concatenate([block.samples[0] for block in decode_blocks(file, sample_rate=8000, block_seconds=0.25)])
    assert decoded.shape == samples.shape
    assert np.abs(decoded - samples).max() < 2 / 32768
