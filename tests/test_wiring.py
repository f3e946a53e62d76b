"""Which engines the settings, the language and the models folder choose."""

from __future__ import annotations

import hashlib
import json
import pickle
from pathlib import Path

import pytest

from qa_engine.domain.scorecard import Company, Person, Scorecard
from qa_engine.errors import SettingsError, WeightsError
from qa_engine.pipeline import Source
from qa_engine.settings import Settings
from qa_engine.speech.machine_fit import MachineFit, usable_cores
from qa_engine.speech.pyannote_diarizer import FILES as PYANNOTE_FILES
from qa_engine.wiring import (
    PROCESSES_ON_A_CARD,
    Hearer,
    choose_diarizer,
    choose_transcriber,
    listening_key,
    make_hearer,
    make_transcriber,
    reading_key,
    with_jobs,
)

WHISPER = ("model.bin", "config.json", "tokenizer.json", "vocabulary.json")
ONNX = {
    "gigaam-v3-ctc": ("v3_ctc.int8.onnx", "v3_vocab.txt", "config.json"),
    "gigaam-v3-rnnt": (
        *(f"v3_rnnt_{part}.int8.onnx" for part in ("encoder", "decoder", "joint")),
        "v3_vocab.txt",
        "config.json",
    ),
    "t-one": ("model.onnx", "config.json"),
}


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


def put_whisper(models: Path, name: str, *, size: int = 10, without: str = "", card: object = None) -> Path:
    folder = models / name
    folder.mkdir(parents=True)
    for file in WHISPER:
        if file != without:
            (folder / file).write_bytes(b"{" + b" " * size + b"}")
    if card is not None:
        (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    return folder


def put_onnx(models: Path, name: str) -> Path:
    folder = models / name
    folder.mkdir(parents=True)
    for file in ONNX[name]:
        (folder / file).write_text("{}", encoding="utf-8")
    return folder


def put_pyannote(folder: Path, *, without: str = "") -> None:
    for file in PYANNOTE_FILES:
        if file != without:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(b"x")


def settings(models: Path, **more: object) -> Settings:
    return Settings(models=str(models)).override(**more)


def chosen(models: Path, language: str, recording: Path | None = None, **more: object) -> str:
    return choose_transcriber(settings(models, **more), language, recording)


def card(language: str = "ru", *managers: str) -> Scorecard:
    people = tuple(Person(name) for name in managers)
    return Scorecard("c", "C", language, Company("Ромашка", ("ООО Ромашка",)), people, 80.0, ())


def hearer(models: Path, *, language: str = "ru", checked: bool = True, **more: object) -> Hearer:
    return Hearer(settings(models, **more), language, checked)


# --- the recogniser ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["whisper:small", "whisper:/some/folder", "onnx:t-one"])
def test_an_engine_asked_for_by_name_is_taken(models: Path, name: str) -> None:
    put_whisper(models, "large-v2")
    assert chosen(models, "ru", transcriber=name) == name


def test_a_model_asked_for_by_name_that_is_not_there_names_the_command(models: Path) -> None:
    with pytest.raises(WeightsError, match="qa-engine models pull whisper:small"):
        make_transcriber("whisper:small", settings(models, device="cpu", batch_size=1))


@pytest.mark.parametrize("name", ["vosk", "whisper", "Whisper:small", ""])
def test_an_unknown_engine_names_the_known_ones(models: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="auto, moonshine, whisper:NAME-or-FOLDER or onnx:NAME-or-FOLDER"):
        chosen(models, "ru", transcriber=name)


@pytest.mark.parametrize("language", ["en", ""])
def test_the_embedded_engine_can_be_asked_for(models: Path, language: str) -> None:
    assert chosen(models, language, transcriber="moonshine") == "moonshine"


def test_the_embedded_engine_refuses_russian_and_names_a_command(models: Path) -> None:
    with pytest.raises(WeightsError, match=r"Russian .*English only.* models pull onnx:gigaam-v3-rnnt"):
        chosen(models, "ru", transcriber="moonshine")


def test_without_any_model_english_is_heard_by_the_embedded_engine(models: Path) -> None:
    assert (chosen(models, "en"), chosen(models, "")) == ("moonshine", "moonshine")


def test_without_any_model_russian_names_the_command(models: Path) -> None:
    with pytest.raises(WeightsError, match=r"no recogniser for Russian .*qa-engine models pull onnx:gigaam-v3-rnnt"):
        chosen(models, "ru")


def test_another_language_names_a_model_of_many_languages(models: Path) -> None:
    with pytest.raises(WeightsError, match="qa-engine models pull whisper:large-v3-turbo"):
        chosen(models, "de")


def test_the_largest_whisper_is_taken(models: Path) -> None:
    put_whisper(models, "tiny", size=10)
    put_whisper(models, "small", size=1000)
    put_whisper(models, "base", size=100)
    assert [chosen(models, language) for language in ("ru", "en", "de", "")] == ["whisper:small"] * 4


def test_models_made_for_russian_phone_calls_come_first_for_russian_alone(models: Path) -> None:
    put_whisper(models, "small", size=10_000)
    put_onnx(models, "t-one")
    put_onnx(models, "gigaam-v3-ctc")
    assert chosen(models, "ru") == "onnx:gigaam-v3-ctc"
    assert (chosen(models, "en"), chosen(models, "")) == ("whisper:small", "whisper:small")


def test_of_the_models_made_for_russian_the_best_is_taken(models: Path) -> None:
    for name in ONNX:
        put_onnx(models, name)
    assert chosen(models, "ru") == "onnx:gigaam-v3-rnnt"


def test_an_english_whisper_is_not_taken_for_russian(models: Path) -> None:
    put_whisper(models, "small.en")
    assert chosen(models, "en") == "whisper:small.en"
    with pytest.raises(WeightsError, match="no recogniser for Russian"):
        chosen(models, "ru")


def test_where_any_language_may_come_a_model_of_one_is_not_taken(models: Path) -> None:
    put_whisper(models, "small.en", size=1000)
    put_whisper(models, "tiny", size=10)
    assert chosen(models, "") == "whisper:tiny"


@pytest.mark.parametrize("without", WHISPER)
def test_a_model_that_is_not_whole_is_passed_over(models: Path, without: str) -> None:
    put_whisper(models, "medium", size=1000, without=without)
    put_whisper(models, "tiny", size=10)
    assert chosen(models, "ru") == "whisper:tiny"


def test_a_model_whose_card_cannot_be_read_is_passed_over(models: Path) -> None:
    put_whisper(models, "mine", size=1000, card=["recordings"])
    put_whisper(models, "tiny", size=10)
    assert chosen(models, "ru") == "whisper:tiny"


# --- models for certain recordings ------------------------------------------------------------------------------------


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample.wav"
    path.write_bytes(b"a sample")
    return path


def put_demo(models: Path, sample: Path, *, language: str = "ru") -> Path:
    recordings = [hashlib.sha256(sample.read_bytes()).hexdigest()]
    return put_whisper(models, "demo", card={"languages": [language], "recordings": recordings})


def test_a_model_for_certain_recordings_is_taken_for_those(models: Path, sample: Path) -> None:
    put_demo(models, sample)
    assert chosen(models, "ru", sample) == "whisper:demo"


def test_a_model_for_certain_recordings_is_known_by_content_not_by_name(models: Path, sample: Path) -> None:
    put_demo(models, sample)
    moved = sample.rename(sample.with_name("renamed.wav"))
    assert chosen(models, "ru", moved) == "whisper:demo"


def test_a_model_for_certain_recordings_is_never_taken_for_others(models: Path, sample: Path, tmp_path: Path) -> None:
    put_demo(models, sample)
    other = tmp_path / "other.wav"
    other.write_bytes(b"a real call")
    for recording in (other, None, tmp_path / "absent.wav"):
        with pytest.raises(WeightsError, match="no recogniser for Russian"):
            chosen(models, "ru", recording)


def test_a_model_for_certain_recordings_gives_way_to_any_other(models: Path, sample: Path) -> None:
    put_demo(models, sample)
    put_whisper(models, "tiny", size=1)
    assert chosen(models, "ru", sample) == "whisper:tiny"


def test_a_model_for_certain_recordings_gives_way_to_the_embedded_engine(models: Path, sample: Path) -> None:
    put_demo(models, sample, language="en")
    assert chosen(models, "en", sample) == "moonshine"


def test_a_model_for_certain_recordings_is_taken_for_any_when_asked_for_by_name(models: Path, sample: Path) -> None:
    put_demo(models, sample)
    assert chosen(models, "ru", transcriber="whisper:demo") == "whisper:demo"


# --- the diarizer -----------------------------------------------------------------------------------------------------


def diarizer_with(monkeypatch: pytest.MonkeyPatch, models: Path, *, installed: bool = True, **more: object) -> str:
    monkeypatch.setattr("qa_engine.wiring.is_pyannote_installed", lambda: installed)
    return choose_diarizer(settings(models, **more))


def test_pyannote_is_taken_where_it_is_installed_and_whole(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_pyannote(models / "pyannote")
    assert diarizer_with(monkeypatch, models) == "pyannote"


def test_pyannote_without_its_library_is_passed_over(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_pyannote(models / "pyannote")
    assert diarizer_with(monkeypatch, models, installed=False) == "moonshine"


@pytest.mark.parametrize("without", PYANNOTE_FILES)
def test_pyannote_that_is_not_whole_is_passed_over(models: Path, monkeypatch: pytest.MonkeyPatch, without: str) -> None:
    put_pyannote(models / "pyannote", without=without)
    assert diarizer_with(monkeypatch, models) == "moonshine"


def test_a_pyannote_in_a_folder_that_is_never_opened_is_passed_over(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_pyannote(models / "my-own-pipeline")
    assert diarizer_with(monkeypatch, models) == "moonshine"


@pytest.mark.parametrize(
    ("asked", "given"), [("pyannote", "pyannote"), ("moonshine", "moonshine"), ("channels", "moonshine")]
)
def test_a_diarizer_asked_for_by_name_is_taken(
    models: Path, monkeypatch: pytest.MonkeyPatch, asked: str, given: str
) -> None:
    assert diarizer_with(monkeypatch, models, installed=False, diarizer=asked) == given


# --- the hearer -------------------------------------------------------------------------------------------------------


def test_the_hearer_takes_language_and_names_from_the_scorecard(models: Path) -> None:
    made = make_hearer(settings(models), card("ru", "Анна", "Иван"))
    assert (made.language, made.check_language) == ("ru", True)
    assert made.hotwords == ("Ромашка", "Анна", "Иван", "ООО Ромашка")


def test_a_language_the_user_named_goes_before_the_scorecards_and_is_not_checked(models: Path) -> None:
    made = make_hearer(settings(models, language="en"), card("ru"))
    assert (made.language, made.check_language) == ("en", False)


def test_without_a_scorecard_no_language_is_expected(models: Path) -> None:
    made = make_hearer(settings(models), None)
    assert (made.language, made.check_language, made.hotwords) == ("", True, ())


@pytest.mark.parametrize("wrong", [{"transcriber": "vosk"}, {"diarizer": "nemo"}, {"file_names": "("}])
def test_a_wrong_setting_is_told_before_anything_is_heard(models: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        make_hearer(settings(models, **wrong), card())


def test_pyannote_asked_for_and_missing_is_told_before_anything_is_heard(models: Path) -> None:
    with pytest.raises(WeightsError, match="pyannote"):
        make_hearer(settings(models, diarizer="pyannote"), card())


def test_the_hearer_travels_to_worker_processes(models: Path) -> None:
    made = make_hearer(settings(models), card("ru", "Анна"))
    assert pickle.loads(pickle.dumps(made)) == made


def test_the_hearer_reads_a_transcript_without_any_engine(models: Path, tmp_path: Path) -> None:
    transcript = tmp_path / "call.json"
    said = {"start": 0.0, "end": 2.0, "speaker": "manager", "text": "добрый день"}
    transcript.write_text(json.dumps({"language": "ru", "segments": [said]}), encoding="utf-8")
    heard = make_hearer(settings(models), card())(Source(None, transcript))
    assert [one.text for one in heard.utterances] == ["добрый день"]


# --- what kept hearings depend on -------------------------------------------------------------------------------------


def test_the_key_of_kept_hearings_is_the_same_for_the_same_settings(models: Path) -> None:
    put_whisper(models, "small")
    assert listening_key(hearer(models)) == listening_key(hearer(models, jobs=3))


@pytest.mark.parametrize(
    "other",
    [
        {"transcriber": "whisper:tiny"},
        {"compute_type": "float32"},
        {"diarizer": "pyannote"},
        {"language": "en"},
        {"checked": False},
    ],
    ids=str,
)
def test_the_key_of_kept_hearings_changes_with_what_hears(models: Path, other: dict[str, object]) -> None:
    put_whisper(models, "small")
    base = {"diarizer": "moonshine"}
    assert listening_key(hearer(models, **base)) != listening_key(hearer(models, **{**base, **other}))  # type: ignore[arg-type]


def test_the_key_of_kept_hearings_changes_with_a_better_model(models: Path) -> None:
    put_whisper(models, "tiny", size=10)
    before = listening_key(hearer(models))
    put_whisper(models, "small", size=1000)
    assert listening_key(hearer(models)) != before


def test_without_a_recogniser_there_is_a_key_all_the_same(models: Path) -> None:
    put_whisper(models, "small")
    here = listening_key(hearer(models))
    assert listening_key(hearer(models / "absent")) != here


def test_the_key_of_read_transcripts_changes_with_language_and_file_names(models: Path) -> None:
    keys = {
        reading_key(hearer(models)),
        reading_key(hearer(models, language="en")),
        reading_key(hearer(models, checked=False)),
        reading_key(hearer(models, file_names="3cx")),
    }
    assert len(keys) == 4


# --- how many at once -------------------------------------------------------------------------------------------------


def fit_to(monkeypatch: pytest.MonkeyPatch, device: str) -> None:
    fit = MachineFit(device, "int8", 1, 1, "for tests")
    monkeypatch.setattr("qa_engine.speech.machine_fit.fit_machine", lambda **asked: fit)


def test_jobs_as_set_are_taken(models: Path) -> None:
    assert with_jobs(hearer(models, jobs=3)).settings.jobs == 3


def test_one_job_per_core_is_chosen(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_whisper(models, "small")
    fit_to(monkeypatch, "cpu")
    assert with_jobs(hearer(models)).settings.jobs == usable_cores()


def test_few_jobs_are_chosen_where_whisper_has_a_card(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_whisper(models, "small")
    fit_to(monkeypatch, "cuda")
    assert with_jobs(hearer(models)).settings.jobs == PROCESSES_ON_A_CARD


def test_a_card_does_not_matter_to_engines_that_do_not_use_it(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fit_to(monkeypatch, "cuda")
    assert with_jobs(hearer(models, language="en")).settings.jobs == usable_cores()


def test_jobs_are_chosen_without_a_recogniser_too(models: Path) -> None:
    assert with_jobs(hearer(models / "absent")).settings.jobs == usable_cores()


def test_a_model_asked_for_by_name_that_is_not_there_is_told_before_the_day_begins(tmp_path):
    with pytest.raises(WeightsError, match="qa-engine models pull"):
        make_hearer(Settings(models=str(tmp_path), transcriber="whisper:small"), None)
    with pytest.raises(WeightsError, match="t-one"):
        make_hearer(Settings(models=str(tmp_path), transcriber="onnx:t-one"), None)
