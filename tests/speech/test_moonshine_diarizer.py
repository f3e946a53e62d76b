"""How often the embedded diarizer listens; what it hears is tested on the real one (tests/weights)."""

from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest

from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform
from qa_engine.speech import moonshine_diarizer
from qa_engine.speech.moonshine_diarizer import MoonshineDiarizer, analysis_step


class CountingLibrary:
    """Hears one voice or two, whatever it is given, and keeps the steps it was asked for."""

    steps: ClassVar[list[str]] = []
    voices = 1

    def __init__(self, options):
        self.steps.append(options["diarization_analyze_cadence"])

    def lines(self, samples):
        each = samples.size / 16000 / self.voices
        spans = [SimpleNamespace(start_time=at * each, duration=each, speaker_index=at) for at in range(self.voices)]
        return [SimpleNamespace(speaker_spans=spans)]


@pytest.fixture
def library(monkeypatch):
    monkeypatch.setattr(moonshine_diarizer, "MoonshineLibrary", CountingLibrary)
    monkeypatch.setattr(CountingLibrary, "steps", [])
    monkeypatch.setattr(CountingLibrary, "voices", 1)
    return CountingLibrary


def diarize(seconds: float):
    waveform = Waveform(np.full((1, round(seconds * 16000)), 0.1, np.float32), 16000)
    return MoonshineDiarizer().diarize(waveform, (Span(0.0, seconds),))


def test_short_calls_are_analysed_at_the_finest_step_and_long_ones_coarser():
    assert [analysis_step(seconds) for seconds in (10.0, 45.0, 90.0, 135.0, 3600.0)] == [2.0, 2.0, 2.0, 3.0, 5.0]


@pytest.mark.parametrize(("seconds", "steps"), [(60.0, ["2.0"]), (105.0, ["2.3"]), (240.0, ["5.0", "2.5"])])
def test_one_voice_only_is_listened_to_again_where_a_finer_step_is_worth_it(library, seconds, steps):
    assert {one.speaker for one in diarize(seconds)} == {"speaker 0"}
    assert library.steps == steps


def test_two_voices_are_not_listened_to_again(library):
    library.voices = 2
    assert [one.speaker for one in diarize(240.0)] == ["speaker 0", "speaker 1"]
    assert library.steps == ["5.0"]
