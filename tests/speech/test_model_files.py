import json

import pytest

from qa_engine.errors import SettingsError, WeightsError
from qa_engine.speech.engines import installed_engines
from qa_engine.speech.pyannote_diarizer import PyannoteDiarizer
from qa_engine.speech.weights import check_weights, find_whisper, list_weights, missing_files, pull_weights
from qa_engine.speech.whisper_transcriber import WhisperTranscriber

FILES = ("model.bin", "config.json", "vocabulary.json")


def make_model(folder, *, without=()):
    folder.mkdir(parents=True)
    tokens = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|ru|>", "<|translate|>", "<|transcribe|>"]
    tokenizer = {"added_tokens": [{"id": at, "content": token} for at, token in enumerate(tokens)]}
    for name in FILES:
        if name not in without:
            (folder / name).write_text("{}", encoding="utf-8")
    if "tokenizer.json" not in without:
        (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    return folder


def test_a_whole_model_is_found_by_name(tmp_path):
    folder = make_model(tmp_path / "small")
    assert find_whisper("small", tmp_path) == folder
    assert find_whisper("whisper:small", tmp_path) == folder


def test_a_model_is_found_by_its_folder(tmp_path):
    folder = make_model(tmp_path / "elsewhere" / "mine")
    assert find_whisper(f"whisper:{folder}", tmp_path / "models") == folder


def test_a_missing_model_names_the_command_that_gets_it(tmp_path):
    with pytest.raises(WeightsError, match="qa-engine models pull whisper:large-v3-turbo"):
        find_whisper("large-v3-turbo", tmp_path)


def test_an_unknown_model_names_the_known_ones(tmp_path):
    with pytest.raises(WeightsError, match="large-v3-turbo"):
        find_whisper("whisper:gigantic", tmp_path)


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json", "config.json", "vocabulary.json"])
def test_a_missing_file_is_named(tmp_path, name):
    make_model(tmp_path / "small", without=(name,))
    with pytest.raises(WeightsError, match=f"{name} missing or empty; run: qa-engine models pull whisper:small"):
        find_whisper("small", tmp_path)


def test_an_empty_file_counts_as_missing(tmp_path):
    folder = make_model(tmp_path / "small")
    (folder / "model.bin").write_bytes(b"")
    assert missing_files(folder) == ("model.bin",)


def test_a_vocabulary_as_text_is_enough(tmp_path):
    folder = make_model(tmp_path / "small", without=("vocabulary.json",))
    (folder / "vocabulary.txt").write_text("a\n", encoding="utf-8")
    assert missing_files(folder) == ()


def test_models_are_listed_with_their_state(tmp_path):
    make_model(tmp_path / "small")
    make_model(tmp_path / "my-own", without=("tokenizer.json",))
    (tmp_path / "notes").mkdir()
    assert [(found.name, found.ready) for found in list_weights(tmp_path)] == [
        ("whisper:my-own", False),
        ("whisper:small", True),
    ]


def test_no_models_folder_is_no_models(tmp_path):
    assert list_weights(tmp_path / "absent") == ()


def test_a_model_that_is_not_there_cannot_be_checked(tmp_path):
    with pytest.raises(WeightsError, match="models pull whisper:small"):
        check_weights("small", tmp_path)


def test_only_known_names_are_pulled(tmp_path):
    with pytest.raises(SettingsError, match="known: whisper:tiny"):
        pull_weights("whisper:../../etc", tmp_path)


def test_without_a_network_pull_says_what_to_copy_where(tmp_path, monkeypatch):
    import huggingface_hub

    def unreachable(*args, **kwargs):
        raise ConnectionError("no route")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", unreachable)
    with pytest.raises(WeightsError) as failure:
        pull_weights("small", tmp_path)
    for told in ("model.bin", "tokenizer.json", "Systran/faster-whisper-small", str(tmp_path / "small")):
        assert told in str(failure.value)


def test_pull_puts_the_model_under_its_name(tmp_path, monkeypatch):
    import huggingface_hub

    def download(repository, *, local_dir, allow_patterns):
        make_model(local_dir)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    assert pull_weights("whisper:small", tmp_path).ready
    assert find_whisper("small", tmp_path) == tmp_path / "small"


def test_a_pull_cut_short_is_told(tmp_path, monkeypatch):
    import huggingface_hub

    def download(repository, *, local_dir, allow_patterns):
        make_model(local_dir, without=("model.bin",))

    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    with pytest.raises(WeightsError, match=r"model\.bin did not arrive"):
        pull_weights("small", tmp_path)


def test_whisper_refuses_a_folder_that_is_no_model_before_loading_anything(tmp_path):
    with pytest.raises(WeightsError, match=r"missing model\.bin"):
        WhisperTranscriber(tmp_path)


def test_whisper_knows_its_languages_from_its_tokenizer(tmp_path):
    transcriber = WhisperTranscriber(make_model(tmp_path / "small"))
    assert (transcriber.understands("ru"), transcriber.understands("de"), transcriber.understands("")) == (
        True,
        False,
        True,
    )
    assert transcriber.name.startswith("whisper:small")


def test_pyannote_not_installed_names_the_command(tmp_path, monkeypatch):
    monkeypatch.setattr("qa_engine.speech.pyannote_diarizer.find_spec", lambda name: None)
    with pytest.raises(WeightsError, match=r"pip install 'qa-engine\[pyannote\]'"):
        PyannoteDiarizer(tmp_path)


def test_pyannote_without_its_files_names_them(tmp_path, monkeypatch):
    monkeypatch.setattr("qa_engine.speech.pyannote_diarizer.find_spec", lambda name: object())
    with pytest.raises(WeightsError, match=r"config\.yaml.*plda/plda\.npz"):
        PyannoteDiarizer(tmp_path)


def test_engines_are_told_with_what_mends_them(tmp_path, monkeypatch):
    monkeypatch.setattr("qa_engine.speech.engines.is_pyannote_installed", lambda: False)
    engines = {(engine.name, engine.role): engine for engine in installed_engines(tmp_path)}
    assert engines["channels", "diarizer"].ready
    assert not engines["whisper", "transcriber"].ready
    assert engines["whisper", "transcriber"].command == "qa-engine models pull whisper:small"
    assert "pip install" in engines["pyannote", "diarizer"].command


def test_a_model_in_the_folder_is_an_engine(tmp_path):
    make_model(tmp_path / "small")
    assert "whisper:small" in {engine.name for engine in installed_engines(tmp_path) if engine.ready}


def test_another_moonshine_than_the_pinned_one_is_not_ready(tmp_path, monkeypatch):
    monkeypatch.setattr("qa_engine.speech.engines.installed_version", lambda: "0.1.0")
    (engine,) = [one for one in installed_engines(tmp_path) if (one.name, one.role) == ("moonshine", "transcriber")]
    assert not engine.ready
    assert "0.0.73" in engine.why_not
    assert engine.command == "pip install moonshine-voice==0.0.73"


def test_asking_for_the_engines_loads_none_of_them(tmp_path):
    import subprocess
    import sys

    code = (
        "import sys; from pathlib import Path; from qa_engine.speech.engines import installed_engines; "
        f"installed_engines(Path({str(tmp_path)!r})); "
        "heavy = ('torch', 'faster_whisper', 'ctranslate2', 'moonshine_voice', 'onnxruntime'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
