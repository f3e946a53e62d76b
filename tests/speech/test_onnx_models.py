import json
from pathlib import Path

import pytest

from qa_engine.errors import WeightsError
from qa_engine.speech.model_names import KNOWN_MODELS
from qa_engine.speech.onnx_models import read_onnx_model, whole_onnx_model

LETTERS = "▁ 0\nа 1\nб 2\n<blk> 3\n"


def folder(parent: Path, name: str, **files: str) -> Path:
    """A model folder; keyword ``v3_ctc__onnx`` makes the file ``v3_ctc.onnx`` (``__`` is a dot)."""
    made = parent / name
    made.mkdir()
    for file, text in files.items():
        (made / file.replace("__", ".")).write_text(text, encoding="utf-8")
    return made


def test_a_known_folder_name_tells_the_model(tmp_path):
    found = read_onnx_model(folder(tmp_path, "t-one", model__onnx="x", config__json="{}"))
    assert (found.kind.name, found.kind.sample_rate, found.missing) == ("t-one-ctc", 8_000, ())


@pytest.mark.parametrize("kind", ["nemo-conformer-ctc", "nemo-conformer-rnnt", "nemo-conformer-tdt"])
def test_nemo_exports_say_what_they_are(tmp_path, kind):
    found = read_onnx_model(folder(tmp_path, "ours", config__json=json.dumps({"model_type": kind})))
    assert found.kind.name == kind


def test_a_config_with_an_alphabet_is_t_one(tmp_path):
    config = json.dumps({"decoder_params": {"vocabulary": ["а"]}})
    assert read_onnx_model(folder(tmp_path, "ours", model__onnx="x", config__json=config)).kind.name == "t-one-ctc"


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("v2_ctc.onnx", "gigaam-v2-ctc"),
        ("v3_ctc.int8.onnx", "gigaam-v3-ctc"),
        ("v3_rnnt_encoder.onnx", "gigaam-v3-rnnt"),
        ("v3_e2e_ctc.onnx", "gigaam-v3-e2e-ctc"),
        ("v3_e2e_rnnt_decoder.int8.onnx", "gigaam-v3-e2e-rnnt"),
    ],
)
def test_gigaam_is_known_by_its_files(tmp_path, file, kind):
    made = folder(tmp_path, "ours")
    (made / file).write_text("x")
    assert read_onnx_model(made).kind.name == kind


def test_where_a_folder_holds_several_models_its_name_chooses(tmp_path):
    files = {"v3_ctc__onnx": "x", "v3_e2e_ctc__onnx": "x"}
    assert read_onnx_model(folder(tmp_path, "gigaam-v3-ctc", **files)).kind.name == "gigaam-v3-ctc"
    assert read_onnx_model(folder(tmp_path, "all-of-them", **files)).kind.name == "gigaam-v3-e2e-ctc"


def test_a_quantized_model_needs_its_quantized_files_only(tmp_path):
    found = read_onnx_model(folder(tmp_path, "gigaam-v3-ctc", v3_ctc__int8__onnx="x", v3_vocab__txt=LETTERS))
    assert (found.quantization, found.missing) == ("int8", ("config.json",))


def test_full_precision_is_taken_where_both_are_there(tmp_path):
    found = read_onnx_model(folder(tmp_path, "gigaam-v3-ctc", v3_ctc__int8__onnx="x", v3_ctc__onnx="x"))
    assert found.quantization == ""


def test_a_v3_without_its_config_is_not_whole(tmp_path):
    """The library would give it the features of a v2 and write nonsense."""
    made = folder(tmp_path, "gigaam-v3-ctc", v3_ctc__onnx="x", v3_vocab__txt=LETTERS)
    with pytest.raises(WeightsError, match=r"config\.json missing or empty; run: .* pull onnx:gigaam-v3-ctc"):
        whole_onnx_model(made)


def test_missing_and_empty_files_are_named(tmp_path):
    made = folder(tmp_path, "gigaam-v3-rnnt", v3_rnnt_encoder__onnx="x", v3_rnnt_decoder__onnx="", config__json="{}")
    with pytest.raises(WeightsError) as told:
        whole_onnx_model(made)
    for part in ("v3_rnnt_decoder.onnx, v3_rnnt_joint.onnx, v3_vocab.txt", "pull onnx:gigaam-v3-rnnt", "copy"):
        assert part in str(told.value)
    assert "v3_rnnt_encoder.onnx" not in str(told.value)


def test_an_empty_folder_of_a_known_name_says_what_belongs_there(tmp_path):
    assert read_onnx_model(folder(tmp_path, "parakeet-tdt-0.6b-v3")).missing == (
        "encoder-model.onnx",
        "decoder_joint-model.onnx",
        "vocab.txt",
        "config.json",
    )


def test_a_folder_of_something_else_is_told(tmp_path):
    with pytest.raises(WeightsError, match=r"no model that onnx-asr can load .*known names: .*onnx:t-one"):
        read_onnx_model(folder(tmp_path, "holiday", model__onnx="x"))


def test_a_folder_that_is_not_there_is_told_with_the_command(tmp_path):
    with pytest.raises(WeightsError, match=r"no speech model at .*t-one; .*run: qa-engine models pull onnx:t-one"):
        read_onnx_model(tmp_path / "t-one")


def test_a_damaged_config_does_not_stop_the_look(tmp_path):
    found = read_onnx_model(folder(tmp_path, "ours", v3_ctc__onnx="x", config__json="{not json"))
    assert found.kind.name == "gigaam-v3-ctc"


def test_gigaam_and_t_one_understand_russian(tmp_path):
    assert read_onnx_model(folder(tmp_path, "gigaam-v3-ctc")).languages == ("ru",)
    assert read_onnx_model(folder(tmp_path, "t-one")).languages == ("ru",)


def test_a_published_model_understands_what_its_card_says(tmp_path):
    languages = read_onnx_model(folder(tmp_path, "parakeet-tdt-0.6b-v3")).languages
    assert {"ru", "en", "de"} <= set(languages)


@pytest.mark.parametrize(
    ("tokens", "languages"),
    [
        (["▁да", "нет", "ство", "<blk>"], ("ru",)),
        (["▁yes", "no", "<unk>", "<blk>"], ("en",)),
        (["▁да", "▁yes", "<blk>"], ("ru", "en")),
        (["▁да"] * 30 + ["x"], ("ru",)),
        (["▁1", "2", "<blk>"], ()),
    ],
)
def test_other_models_understand_what_their_vocabulary_is_written_in(tmp_path, tokens, languages):
    vocabulary = "".join(f"{token} {at}\n" for at, token in enumerate(tokens))
    config = json.dumps({"model_type": "nemo-conformer-ctc"})
    assert read_onnx_model(folder(tmp_path, "ours", config__json=config, vocab__txt=vocabulary)).languages == languages


@pytest.mark.parametrize("known", [known for known in KNOWN_MODELS if known.kind == "onnx"], ids=lambda one: one.name)
@pytest.mark.parametrize("choice", [0, -1])
def test_what_is_pulled_is_whole(tmp_path, known, choice):
    made = folder(tmp_path, known.folder)
    for names in known.files:
        (made / names.split("|")[choice]).write_text("x")
    assert whole_onnx_model(made).ready
