"""Speech activity, and the detector's state behind other sounds."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import sounds
from qa_engine.audio.activity import speech_hops
from qa_engine.audio.detection import detect_events
from qa_engine.audio.silero_voice import hear_voice, voice_probabilities
from qa_engine.domain.spans import Span, total_duration


def speech_in(samples: sounds.Samples) -> tuple[Span, ...]:
    (activity,) = detect_events(sounds.blocks(samples)).activity
    return activity.speech


def test_most_of_the_made_up_voice_is_taken_for_speech() -> None:
    assert float((voice_probabilities(sounds.voice(20, pitch=95)) > 0.5).mean()) > 0.45


def test_tones_noise_and_music_are_no_speech() -> None:
    for samples in (sounds.ringback("ru", 12), sounds.ringback("us", 12), sounds.noise(10, db=-25), sounds.music(12)):
        assert float(voice_probabilities(samples).max()) < 0.5


def test_nothing_gives_nothing() -> None:
    assert voice_probabilities(sounds.silence(0)).shape == (0,)


def test_inaudible_hops_are_not_asked_about() -> None:
    quiet = sounds.voice(5, db=-80)
    level = np.full((1, len(quiet) // 256 + 1), -80, dtype=np.float32)
    assert not hear_voice(quiet[None], level).any()


def test_speech_starts_where_it_starts() -> None:
    spans = speech_in(sounds.join(sounds.noise(3, db=-60), sounds.voice(5, pitch=95)))
    assert spans[0].start == pytest.approx(3.0, abs=0.3)


@pytest.mark.parametrize("before", ["music", "ringback", "silence"])
def test_speech_behind_other_sounds_is_heard_from_its_start(before: str) -> None:
    lead = {
        "music": sounds.music(20, db=-15),
        "ringback": sounds.ringback("ru", 21.0),
        "silence": sounds.silence(20),
    }[before]
    speech = sounds.voice(6, pitch=95, seed=4)
    alone = total_duration(speech_in(sounds.join(sounds.silence(0.5), speech)))
    spans = [span for span in speech_in(sounds.join(lead, sounds.silence(0.4), speech)) if span.start > 18]
    assert spans[0].start == pytest.approx(len(lead) / sounds.RATE + 0.4, abs=0.4)
    assert total_duration(spans) > alone - 1.0


def test_entering_needs_more_than_staying() -> None:
    track = np.array([0.4, 0.4, 0.6, 0.4, 0.36, 0.2, 0.4], dtype=np.float32)
    assert speech_hops(track).tolist() == [False, False, True, True, True, False, False]


def test_levels_of_speech_and_of_the_line_are_measured() -> None:
    (activity,) = detect_events(
        sounds.blocks(sounds.join(sounds.voice(8, pitch=95, db=-20), sounds.silence(3)) + sounds.noise(11, db=-60))
    ).activity
    assert -32 < activity.speech_db < -14
    assert activity.noise_db == pytest.approx(-60, abs=3)


def test_speech_spans_are_disjoint_and_inside_the_recording() -> None:
    samples = sounds.voice(20, pitch=100, seed=5)
    spans = speech_in(samples)
    assert spans[-1].end <= len(samples) / sounds.RATE
    assert all(one.end < two.start for one, two in pairwise(spans))
