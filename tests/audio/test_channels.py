"""How two channels relate."""

from __future__ import annotations

import numpy as np
import pytest

import sounds
from qa_engine.audio.channels import relate_channels
from qa_engine.audio.detection import detect_events
from qa_engine.audio.frames import make_tracks
from qa_engine.domain.audio_event import ChannelRelation
from qa_engine.domain.spans import intersect_spans, total_duration


def dialogue() -> tuple[sounds.Samples, sounds.Samples]:
    """Two parties that speak in turn, six seconds each."""
    one = sounds.join(
        sounds.voice(6, pitch=95), sounds.silence(6), sounds.voice(6, pitch=95, seed=1), sounds.silence(6)
    )
    two = sounds.join(sounds.silence(6), sounds.voice(6, pitch=110, seed=2), sounds.silence(6), sounds.voice(6, seed=3))
    return one + sounds.noise(24, db=-65), two + sounds.noise(24, db=-63, seed=1)


def relation_of(samples: sounds.Samples) -> ChannelRelation:
    tracks = make_tracks(sounds.blocks(samples)())
    return relate_channels(tracks, np.ones(tracks.power.shape[1], dtype=np.bool_))


def test_one_channel_is_mono() -> None:
    assert relation_of(dialogue()[0]) is ChannelRelation.MONO


def test_one_party_per_channel_is_distinct() -> None:
    assert relation_of(sounds.stereo(*dialogue())) is ChannelRelation.DISTINCT


@pytest.mark.parametrize("bleed_db", [-20, -25, -30])
def test_bleed_does_not_hide_that_channels_are_distinct(bleed_db: float) -> None:
    one, two = dialogue()
    gain = np.float32(10 ** (bleed_db / 20))
    assert relation_of(sounds.stereo(one + gain * two, two + gain * one)) is ChannelRelation.DISTINCT


@pytest.mark.parametrize(("gain", "delay"), [(1.0, 0), (-1.0, 0), (0.3, 0), (1.0, 40), (-0.5, 160)])
def test_copies_are_seen_whatever_gain_polarity_and_delay(gain: float, delay: int) -> None:
    mixed = sum(dialogue())
    copy = np.float32(gain) * np.roll(mixed, delay)
    assert relation_of(sounds.stereo(mixed, copy)) is ChannelRelation.COPIES


def test_copies_through_different_codecs_are_copies() -> None:
    mixed = sum(dialogue())
    assert relation_of(sounds.stereo(mixed, sounds.mu_law(mixed))) is ChannelRelation.COPIES


def test_silent_channel_makes_it_one_sided() -> None:
    assert relation_of(sounds.stereo(sum(dialogue()), sounds.noise(24, db=-70))) is ChannelRelation.ONE_SIDED


def test_channel_of_nothing_but_bleed_makes_it_one_sided() -> None:
    mixed = sum(dialogue())
    assert relation_of(sounds.stereo(mixed * np.float32(0.04), mixed + sounds.noise(24, db=-60))) in (
        ChannelRelation.ONE_SIDED,
        ChannelRelation.COPIES,
    )


def test_silent_file_of_two_channels_counts_as_copies() -> None:
    assert relation_of(sounds.stereo(sounds.silence(5), sounds.silence(5))) is ChannelRelation.COPIES


def test_echo_of_the_other_party_is_not_activity() -> None:
    one, two = dialogue()
    gain = np.float32(10 ** (-22 / 20))
    events = detect_events(sounds.blocks(sounds.stereo(one + gain * two, two + gain * one)))
    left, right = (activity.speech for activity in events.activity)
    assert total_duration(left) > 6
    assert total_duration(right) > 6
    assert total_duration(intersect_spans(left, right)) < 0.5
