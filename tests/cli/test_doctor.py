"""`doctor`: how whisper would run on this machine, and why."""

import pytest

from cli.running import run
from weights.tiny_whisper import save_tiny_whisper


def configured(tmp_path, *rows):
    file = tmp_path / "qa.toml"
    file.write_text("\n".join([f'models = "{tmp_path}"', *rows]), encoding="utf-8")
    return file


def line(told, what):
    return next(row for row in told.out.splitlines() if f"  {what}: " in row)


def test_it_says_where_whisper_runs_and_why(capsys, tmp_path):
    found = line(
        run(capsys, "doctor", "--config", configured(tmp_path, 'device = "cpu"', "batch_size = 3")), "whisper runs on"
    )
    assert found.startswith("ok    whisper runs on: cpu, int8")
    assert "3 clips at once (cpu as set; " in found
    assert "3 at once as set" in found


def test_cores_are_shared_by_the_jobs(capsys, tmp_path):
    found = line(
        run(capsys, "doctor", "--config", configured(tmp_path, 'device = "cpu"', "jobs = 1000")), "whisper runs on"
    )
    assert "1 thread per process" in found
    assert "shared by 1000 processes" in found


@pytest.fixture
def no_card(monkeypatch):
    """The machine as it is without its CUDA devices."""
    import ctranslate2

    from qa_engine.speech.machine_fit import look_at_machine

    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: 0)
    look_at_machine.cache_clear()
    yield
    look_at_machine.cache_clear()


@pytest.mark.usefixtures("no_card")
def test_a_device_that_is_not_here_is_told_and_is_no_failure(capsys, tmp_path):
    told = run(capsys, "doctor", "--config", configured(tmp_path, 'device = "cuda"'))
    assert line(told, "whisper runs on").startswith(
        "-     whisper runs on: device cuda was asked for, and no CUDA device"
    )
    assert told.code == 0


def test_it_does_not_load_a_model_unless_asked(capsys, tmp_path):
    assert "measured" not in run(capsys, "doctor", "--config", configured(tmp_path)).out


@pytest.mark.weights
def test_asked_to_measure_it_times_the_recogniser(capsys, tmp_path):
    folder = save_tiny_whisper(tmp_path / "mine")
    config = configured(tmp_path, f'transcriber = "whisper:{folder}"', 'language = "ru"', 'device = "cpu"')
    found = line(run(capsys, "doctor", "--measure", "--config", config), "measured, ru")
    assert found.startswith(f"ok    measured, ru: whisper:{folder}: ")
    assert 0.0 < float(found.split(": ")[-1].split(" s for 10 s")[0]) < 60.0


def test_measuring_without_a_model_says_how_to_get_one(capsys, tmp_path):
    found = line(
        run(capsys, "doctor", "--measure", "--config", configured(tmp_path, 'language = "ru"')), "measured, ru"
    )
    assert found.startswith("-     measured, ru: ")
    assert "qa-engine models pull" in found


@pytest.mark.weights
@pytest.mark.slow
def test_without_a_language_it_measures_the_recogniser_of_each(capsys, tmp_path):
    told = run(capsys, "doctor", "--measure", "--config", configured(tmp_path))
    assert line(told, "measured, en").startswith("ok    measured, en: moonshine: ")
    assert "qa-engine models pull" in line(told, "measured, ru")


def test_an_engine_that_is_not_known_is_told_when_measuring(capsys, tmp_path):
    told = run(capsys, "doctor", "--measure", "--config", configured(tmp_path, 'transcriber = "bogus"'))
    assert "'bogus' is not known" in line(told, "measured, en")
