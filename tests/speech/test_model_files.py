import json

import numpy as np
import pytest

from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform
from qa_engine.errors import WeightsError
from qa_engine.speech.engines import installed_engines
from qa_engine.speech.model_table import model_table
from qa_engine.speech.pyannote_diarizer import PyannoteDiarizer
from qa_engine.speech.weights import (
    check_weights,
    find_damaged_files,
    find_weights,
    find_whisper,
    list_weights,
    missing_files,
)
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


def make_onnx(folder, *names):
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text("{}", encoding="utf-8")
    return folder


def write_card(folder, text):
    (folder / "card.json").write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    return folder


def test_models_of_every_engine_are_listed_under_their_names(tmp_path):
    make_model(tmp_path / "small")
    make_onnx(tmp_path / "gigaam-v3-ctc", "v3_ctc.int8.onnx", "v3_vocab.txt", "config.json")
    (tmp_path / "pyannote").mkdir()
    listed = {found.name: (found.kind, found.ready, found.languages) for found in list_weights(tmp_path)}
    assert listed == {
        "whisper:small": ("whisper", True, ()),
        "onnx:gigaam-v3-ctc": ("onnx", True, ("ru",)),
        "pyannote:community-1": ("pyannote", False, ()),
    }


def test_models_of_one_engine_can_be_listed_alone(tmp_path):
    make_model(tmp_path / "small")
    make_onnx(tmp_path / "t-one", "model.onnx", "config.json")
    assert [found.name for found in list_weights(tmp_path, "onnx")] == ["onnx:t-one"]


def test_a_model_of_another_engine_is_found_by_name(tmp_path):
    folder = make_onnx(tmp_path / "t-one", "model.onnx", "config.json")
    assert find_weights("onnx:t-one", tmp_path) == folder


def test_an_onnx_model_of_ones_own_tells_its_languages_by_what_it_is(tmp_path):
    make_onnx(tmp_path / "my-own", "v2_ctc.onnx", "v2_vocab.txt")
    make_onnx(tmp_path / "stranger", "something.onnx")
    listed = {found.name: (found.languages, found.ready) for found in list_weights(tmp_path)}
    assert listed == {"onnx:my-own": (("ru",), True), "onnx:stranger": ((), False)}


def test_a_missing_onnx_model_names_the_command_that_gets_it(tmp_path):
    with pytest.raises(WeightsError, match="qa-engine models pull onnx:t-one"):
        find_weights("onnx:t-one", tmp_path)


def test_a_missing_onnx_file_is_named(tmp_path):
    make_onnx(tmp_path / "t-one", "model.onnx")
    with pytest.raises(WeightsError, match=r"config\.json missing or empty; run: qa-engine models pull onnx:t-one"):
        find_weights("onnx:t-one", tmp_path)


def test_the_newer_whispers_need_the_file_that_tells_their_bands(tmp_path):
    make_model(tmp_path / "large-v3")
    assert missing_files(tmp_path / "large-v3") == ("preprocessor_config.json",)


def test_a_card_restricts_a_model_to_its_recordings(tmp_path):
    write_card(make_model(tmp_path / "demo"), {"languages": ["ru"], "recordings": ["ab", "cd"], "note": "samples"})
    (found,) = list_weights(tmp_path)
    assert (found.only_for, found.languages, found.ready) == (frozenset({"ab", "cd"}), ("ru",), True)


def test_a_model_without_a_card_is_for_any_recording(tmp_path):
    make_model(tmp_path / "small")
    (found,) = list_weights(tmp_path)
    assert found.only_for == frozenset()


@pytest.mark.parametrize("text", ["{", "[]", '{"recordings": "ab"}', '{"languages": [1]}', '{"note": 5}'], ids=range(5))
def test_a_card_that_cannot_be_read_is_told_and_the_model_not_used(tmp_path, text):
    write_card(make_model(tmp_path / "demo"), text)
    (found,) = list_weights(tmp_path)
    assert (found.ready, found.only_for) == (False, frozenset())
    assert "card.json cannot be used" in found.problem
    with pytest.raises(WeightsError, match=r"card\.json cannot be used .* mend it or remove it"):
        find_whisper("demo", tmp_path)


def test_files_that_came_by_hand_are_checked_for_being_there_only(tmp_path):
    make_model(tmp_path / "mine", without=("config.json",))
    assert find_damaged_files(check_weights("mine", tmp_path)) == ("config.json: missing or empty",)


@pytest.mark.parametrize("text", ["{", '{"files": 5}', '{"files": [{"path": "a"}]}', "[]"], ids=range(4))
def test_a_record_of_a_pull_that_cannot_be_read_is_told(tmp_path, text):
    folder = make_model(tmp_path / "small")
    (folder / "pulled.json").write_text(text, encoding="utf-8")
    (told,) = find_damaged_files(check_weights("small", tmp_path))
    assert "pulled.json: cannot be read" in told


def test_files_nobody_knows_are_no_damage(tmp_path):
    folder = make_model(tmp_path / "small")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    assert find_damaged_files(check_weights("small", tmp_path)) == ()


def test_the_table_has_what_is_embedded_what_is_here_and_what_can_be_had(tmp_path):
    make_model(tmp_path / "small")
    states = {(row.name, row.kind): row.state for row in model_table(tmp_path)}
    assert states["moonshine", "diarizer"] in ("ready", "not installed")
    assert states["whisper:small", "transcriber"] == "ready"
    assert states["whisper:tiny", "transcriber"] == "can be pulled"
    assert states["pyannote:community-1", "diarizer"] == "can be pulled"


def test_the_table_tells_what_a_model_is_for(tmp_path):
    card = {"languages": ["ru"], "recordings": ["ab"], "licence": "MIT", "note": "for the sample day only"}
    write_card(make_model(tmp_path / "demo-ru"), card)
    (row,) = [row for row in model_table(tmp_path) if row.name == "whisper:demo-ru"]
    assert (row.languages, row.licence) == (("ru",), "MIT")
    assert "for the sample day only" in row.note


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


def test_whisper_that_fails_while_telling_the_language_names_the_model_and_what_to_do(tmp_path):
    class OutOfMemory:
        def detect_language(self, *, audio):
            raise RuntimeError("CUDA failed with error out of memory")

    transcriber = WhisperTranscriber(make_model(tmp_path / "small"))
    transcriber._loaded = OutOfMemory()
    sound = Waveform(np.zeros((1, 32_000), np.float32), 16_000)
    with pytest.raises(WeightsError, match=r"small: the model fails .*out of memory.* take a smaller model"):
        transcriber.detect_language(sound, (Span(0.0, 2.0),))


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


def test_an_onnx_model_in_the_folder_is_an_engine(tmp_path, monkeypatch):
    monkeypatch.setattr("qa_engine.speech.engines.find_spec", lambda name: object())
    make_onnx(tmp_path / "t-one", "model.onnx", "config.json")
    (engine,) = [engine for engine in installed_engines(tmp_path) if engine.name.startswith("onnx")]
    assert (engine.name, engine.ready, engine.languages) == ("onnx:t-one", True, ("ru",))


def test_the_onnx_library_not_installed_names_the_command(tmp_path, monkeypatch):
    monkeypatch.setattr("qa_engine.speech.engines.find_spec", lambda name: None)
    (engine,) = [engine for engine in installed_engines(tmp_path) if engine.name == "onnx"]
    assert (engine.ready, engine.command) == (False, "pip install onnx-asr")


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


def test_a_card_tells_the_limits_of_a_model(tmp_path):
    write_card(make_model(tmp_path / "demo"), {"longest_clip": 10, "hotwords": False})
    (found,) = list_weights(tmp_path)
    assert (found.card.longest_clip, found.card.hotwords) == (10.0, False)


@pytest.mark.parametrize(
    "limit", [{"longest_clip": "10"}, {"longest_clip": 2}, {"longest_clip": True}, {"hotwords": 1}]
)
def test_limits_that_are_none_are_told(tmp_path, limit):
    write_card(make_model(tmp_path / "demo"), limit)
    (found,) = list_weights(tmp_path)
    assert "card.json cannot be used" in found.problem
