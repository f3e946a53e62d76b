"""What is told before anything is loaded; the library itself is tested on a made pipeline (tests/weights)."""

import pytest

from qa_engine.errors import WeightsError
from qa_engine.speech import pyannote_diarizer
from qa_engine.speech.pyannote_diarizer import FILES, PyannoteDiarizer, missing_pyannote_files


@pytest.fixture
def folder(tmp_path):
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    return tmp_path


def test_a_whole_folder_lacks_nothing(folder):
    assert missing_pyannote_files(folder) == ()


def test_without_the_library_the_command_that_installs_it_is_told(folder, monkeypatch):
    monkeypatch.setattr(pyannote_diarizer, "is_pyannote_installed", lambda: False)
    with pytest.raises(WeightsError, match=r"run: pip install 'qa-engine\[pyannote\]'"):
        PyannoteDiarizer(folder)


def test_every_missing_file_is_told(folder, monkeypatch):
    monkeypatch.setattr(pyannote_diarizer, "is_pyannote_installed", lambda: True)
    for name in ("plda/plda.npz", "config.yaml"):
        (folder / name).unlink()
    with pytest.raises(WeightsError, match=r"config\.yaml, plda/plda\.npz missing; .*models/README\.md"):
        PyannoteDiarizer(folder)


@pytest.mark.parametrize("bounds", [(0, 4), (3, 2)])
def test_impossible_numbers_of_speakers_are_refused(folder, monkeypatch, bounds):
    monkeypatch.setattr(pyannote_diarizer, "is_pyannote_installed", lambda: True)
    with pytest.raises(ValueError, match="1 <= least <= most"):
        PyannoteDiarizer(folder, min_speakers=bounds[0], max_speakers=bounds[1])
