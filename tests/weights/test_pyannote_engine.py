"""The whole pyannote path on a pipeline made here that knows two tones: what it should say is known."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform
from qa_engine.errors import WeightsError
from qa_engine.speech.engines import installed_engines
from qa_engine.speech.pyannote_diarizer import FILES, PyannoteDiarizer, is_pyannote_installed, missing_pyannote_files
from qa_engine.speech.torchaudio_stub import mend_torchaudio

pytestmark = [
    pytest.mark.weights,
    pytest.mark.skipif(not is_pyannote_installed(), reason="pyannote.audio (the extra [pyannote]) is not installed"),
]
RATE = 8000
LOW, HIGH = 400.0, 1500.0
TALK = ((1.0, 5.0, LOW), (5.5, 9.0, HIGH), (9.5, 14.0, LOW), (14.4, 19.0, HIGH), (18.0, 24.0, LOW))
WHOLE = (Span(0.0, 30.0),)


def talk(*voices: tuple[float, float, float], seconds: float = 30.0, start: float = 0.0) -> Waveform:
    """Tones at their times with a little noise."""
    time = np.arange(round(seconds * RATE)) / RATE
    samples = np.random.default_rng(1).normal(0, 1e-4, time.size)
    for first, last, tone in voices:
        samples += 0.3 * np.sin(2 * np.pi * tone * time) * ((time >= first) & (time < last))
    return Waveform(samples[None].astype(np.float32), RATE, start)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the libraries at their import
        mend_torchaudio()
        from tiny_pyannote import save_tiny_pyannote
    return save_tiny_pyannote(tmp_path_factory.mktemp("models") / "pyannote")


@pytest.fixture(scope="module")
def diarizer(folder):
    return PyannoteDiarizer(folder, device="cpu")


@pytest.fixture(scope="module")
def heard(diarizer):
    return diarizer.diarize(talk(*TALK), WHOLE)


def test_two_voices_are_told_apart_at_their_times(heard):
    assert [span.speaker for span in heard] == ["speaker 0", "speaker 1", "speaker 0", "speaker 1", "speaker 0"]
    expected = [(1.0, 5.0), (5.5, 9.0), (9.5, 14.0), (14.4, 18.0), (18.0, 24.0)]
    assert [(span.start, span.end) for span in heard] == [pytest.approx(one, abs=0.05) for one in expected]


def test_nobody_speaks_at_the_same_time_as_another(heard):
    assert all(before.end <= after.start for before, after in pairwise(heard))


def test_where_two_speak_at_once_the_label_is_less_sure(heard):
    alone, shared = heard[0], heard[-1]
    assert alone.confidence == 1.0
    assert shared.confidence == pytest.approx(1 - 0.5 * 1.0 / 6.0, abs=0.02)  # one of its six seconds is shared


def test_the_same_sound_gives_the_same_speakers(folder, heard):
    assert PyannoteDiarizer(folder, device="cpu").diarize(talk(*TALK), WHOLE) == heard


def test_times_are_those_of_the_recording_and_inside_the_spans(diarizer):
    spans = (Span(101.0, 105.0), Span(118.5, 123.0))
    found = diarizer.diarize(talk(*TALK[:1], (18.5, 23.0, HIGH), start=100.0), spans)
    assert [(one.start, one.end, one.speaker) for one in found] == [
        (pytest.approx(101.0, abs=0.05), pytest.approx(105.0, abs=0.05), "speaker 0"),
        (pytest.approx(118.5, abs=0.05), pytest.approx(123.0, abs=0.05), "speaker 1"),
    ]


def test_one_voice_is_one_speaker(diarizer):
    found = diarizer.diarize(talk((1.0, 6.0, LOW), (8.0, 14.0, LOW)), WHOLE)
    assert {one.speaker for one in found} == {"speaker 0"}


def test_no_more_speakers_are_found_than_allowed(folder):
    found = PyannoteDiarizer(folder, max_speakers=1, device="cpu").diarize(talk(*TALK), WHOLE)
    assert {one.speaker for one in found} == {"speaker 0"}


def test_a_recording_of_one_second(diarizer):
    (only,) = diarizer.diarize(talk((0.0, 1.0, LOW), seconds=1.0), (Span(0.0, 1.0),))
    assert (only.start, only.end, only.speaker) == (pytest.approx(0, abs=0.05), pytest.approx(1, abs=0.05), "speaker 0")


def test_a_twentieth_of_a_second_is_no_error(diarizer):
    assert len(diarizer.diarize(talk((0.0, 1.0, LOW), seconds=1.0), (Span(0.5, 0.55),))) <= 1


@pytest.mark.parametrize("spans", [(), WHOLE], ids=["no spans", "silence"])
def test_without_speech_there_is_no_speaker(diarizer, spans):
    assert diarizer.diarize(Waveform(np.zeros((1, 30 * RATE), np.float32), RATE), spans) == ()


def test_the_name_tells_folder_and_version(diarizer):
    assert diarizer.name.startswith("pyannote:pyannote 4.")


def test_every_missing_file_is_told_with_what_to_do(tmp_path):
    (tmp_path / "config.yaml").write_text("", encoding="utf-8")
    assert missing_pyannote_files(tmp_path) == FILES[1:]
    with pytest.raises(WeightsError) as told:
        PyannoteDiarizer(tmp_path)
    assert all(name in str(told.value) for name in (*FILES[1:], "models/README.md"))


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_told(folder, tmp_path, name):
    broken = tmp_path / "broken"
    for file in FILES:
        (broken / file).parent.mkdir(parents=True, exist_ok=True)
        (broken / file).write_bytes(b"{ damaged" if file == name else (folder / file).read_bytes())
    with pytest.raises(WeightsError, match="broken: the pipeline cannot be loaded"):
        PyannoteDiarizer(broken, device="cpu").diarize(talk(*TALK), WHOLE)


def test_the_engine_is_ready_once_the_folder_is_there(folder):
    (engine,) = [one for one in installed_engines(folder.parent) if one.name == "pyannote"]
    assert engine.ready


SCRIPT = """
import json, sys, warnings
opened = []
sys.addaudithook(lambda event, _: opened.append(event) if event in ("socket.connect", "socket.getaddrinfo") else None)
import numpy as np
from pathlib import Path
from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform
from qa_engine.speech.pyannote_diarizer import PyannoteDiarizer
sound = 0.3 * np.sin(2 * np.pi * 400 * np.arange(16000 * 3) / 16000)
found = PyannoteDiarizer(Path(sys.argv[1])).diarize(Waveform(sound[None].astype("f4"), 16000), (Span(0.0, 3.0),))
from pyannote.audio.telemetry import metrics
metrics.provider.force_flush()  # what was to be sent would be sent now
print(json.dumps({"enabled": metrics.is_metrics_enabled(), "opened": opened, "speakers": len(found)}))
"""


def test_nothing_is_sent_even_where_the_environment_asks_for_it(folder):
    paths = os.pathsep.join([str(Path(__file__).parent), *(path for path in sys.path if path)])
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder)],
        env={**os.environ, "PYTHONPATH": paths, "PYANNOTE_METRICS_ENABLED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == {"enabled": False, "opened": [], "speakers": 1}
