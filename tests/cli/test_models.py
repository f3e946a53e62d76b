import json

import pytest

from cli.running import run
from local_hub import LocalHub, serving, whisper_files


@pytest.fixture
def hub(monkeypatch):
    for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("qa_engine.speech.pulling.time.sleep", lambda seconds: None)
    with serving(LocalHub(whisper_files())) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.address)
        yield running


@pytest.fixture
def models(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "qa-engine.toml").write_text('models = "models"\n', encoding="utf-8")
    return tmp_path / "models"


def test_a_pulled_model_is_ready_in_the_list_and_in_the_check(hub, models, capsys):
    pulled = run(capsys, "models", "pull", "whisper:tiny")
    assert (pulled.code, pulled.out) == (0, "")
    assert "whisper:tiny is ready in models/tiny" in pulled.err
    rows = [json.loads(line) for line in run(capsys, "models", "list", "--json").out.splitlines()]
    (row,) = [row for row in rows if row["name"] == "whisper:tiny"]
    assert (row["state"], row["kind"], row["licence"]) == ("ready", "transcriber", "MIT")
    checked = run(capsys, "models", "check")
    assert (checked.code, checked.out) == (0, "whisper:tiny: ready\n")


def test_the_list_tells_what_can_be_pulled(models, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    told = run(capsys, "models", "list").out
    for name in ("moonshine", "whisper:large-v3-turbo", "onnx:t-one", "pyannote:community-1", "can be pulled"):
        assert name in told


def test_damage_is_told_with_the_command_that_mends_it(hub, models, capsys):
    run(capsys, "models", "pull", "whisper:tiny")
    (models / "tiny" / "config.json").write_bytes(b"x" * len(hub.files["config.json"]))
    checked = run(capsys, "models", "check", "whisper:tiny")
    assert checked.code == 1
    assert "config.json: checksum" in checked.out
    assert "run: qa-engine models pull whisper:tiny" in checked.out


def test_quiet_tells_nothing(hub, models, capsys):
    pulled = run(capsys, "models", "pull", "whisper:tiny", "--quiet")
    assert (pulled.code, pulled.out, pulled.err) == (0, "", "")


def test_no_bar_is_drawn_without_a_terminal(hub, models, capsys):
    assert "model.bin" not in run(capsys, "models", "pull", "whisper:tiny").err


def test_a_bar_is_drawn_on_a_terminal(hub, models, capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    told = run(capsys, "models", "pull", "whisper:tiny")
    assert "model.bin" in told.err
    assert "model.bin" not in told.out


def test_a_mirror_goes_before_the_environment(hub, models, capsys, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://hub.invalid")
    assert run(capsys, "models", "pull", "whisper:tiny", "--mirror", hub.address).code == 0


def test_the_token_comes_from_a_file(hub, models, tmp_path, capsys):
    hub.token = "secret"
    (tmp_path / "token").write_text("secret\n", encoding="utf-8")
    assert run(capsys, "models", "pull", "whisper:tiny", "--token-file", tmp_path / "token").code == 0


def test_the_token_comes_from_the_environment(hub, models, capsys, monkeypatch):
    hub.token = "secret"
    monkeypatch.setenv("HF_TOKEN", "secret")
    assert run(capsys, "models", "pull", "whisper:tiny").code == 0


def test_a_token_file_that_is_not_there_is_told(models, capsys):
    pulled = run(capsys, "models", "pull", "whisper:tiny", "--token-file", "absent")
    assert pulled.code == 2
    assert "--token-file absent: cannot be read" in pulled.err


def test_a_refused_pull_never_tells_the_token(hub, models, capsys, monkeypatch):
    hub.token = "right"
    monkeypatch.setenv("HF_TOKEN", "hf_wrong_one")
    pulled = run(capsys, "models", "pull", "whisper:tiny", "-v")
    assert pulled.code == 2
    assert "hf_wrong_one" not in pulled.err + pulled.out


def test_interrupted_a_pull_tells_how_to_go_on(hub, models, capsys, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("qa_engine.speech.pulling._check_part", interrupt)
    pulled = run(capsys, "models", "pull", "whisper:tiny")
    assert pulled.code == 130
    assert "run the same command again to go on" in pulled.err


def test_an_unknown_name_is_misuse(models, capsys):
    pulled = run(capsys, "models", "pull", "whisper:gigantic")
    assert pulled.code == 2
    assert "known: whisper:tiny" in pulled.err


def test_an_empty_folder_is_no_fault(models, capsys):
    checked = run(capsys, "models", "check")
    assert (checked.code, checked.out) == (0, "")
    assert "no models under models/" in checked.err
