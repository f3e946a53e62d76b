"""The small Russian Whisper beside the project: whole, small, for the sample day alone, and it hears that day."""

import hashlib
import json
from pathlib import Path

import jiwer
import pytest

from qa_engine.audio.decoding import decode_blocks
from qa_engine.domain.spans import Span
from qa_engine.language import get_language
from qa_engine.settings import Settings
from qa_engine.speech.protocols import SpeechRequest
from qa_engine.speech.weights import check_weights
from qa_engine.wiring import choose_transcriber

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "models" / "demo-ru"
DAY = ROOT / "samples" / "day_ru"
LARGEST = 8_000_000  # bytes, all files that the recogniser needs
MODEL_FILES = ("model.bin", "config.json", "tokenizer.json", "vocabulary.json", "preprocessor_config.json")
PADDING = 0.15  # seconds around a turn, as clips have


def truth() -> list[dict]:
    return json.loads((DAY / "truth.json").read_text(encoding="utf-8"))["recordings"]


def test_the_model_is_whole_and_small():
    weights = check_weights("whisper:demo-ru", ROOT / "models")
    assert weights.ready
    assert weights.languages == ("ru",)
    assert sum((MODEL / name).stat().st_size for name in MODEL_FILES) < LARGEST


def test_its_card_names_the_recordings_of_the_sample_day_and_no_others():
    listed = check_weights("whisper:demo-ru", ROOT / "models").only_for
    assert listed == {hashlib.sha256((DAY / one["file"]).read_bytes()).hexdigest() for one in truth()}


def test_it_is_chosen_by_itself_for_the_sample_day_only(tmp_path):
    settings = Settings(models=str(ROOT / "models"))
    sample = DAY / truth()[0]["file"]
    assert choose_transcriber(settings, "ru", sample) == "whisper:demo-ru"
    other = tmp_path / "call.wav"
    other.write_bytes(sample.read_bytes() + b"\0")
    with pytest.raises(Exception, match="no recogniser for Russian"):
        choose_transcriber(settings, "ru", other)


@pytest.mark.weights
def test_most_words_of_a_sample_call_are_heard_and_twice_alike():
    from qa_engine.speech.whisper_transcriber import WhisperTranscriber

    call = next(one for one in truth() if one["channels"] == ["manager", "customer"])
    (waveform,) = decode_blocks(DAY / call["file"], sample_rate=16_000, block_seconds=600.0)
    turns = [turn for turn in call["turns"] if turn["role"] == "manager"]
    request = SpeechRequest(tuple(Span(turn["start"] - PADDING, turn["end"] + PADDING) for turn in turns), "ru")
    heard, again = (WhisperTranscriber(MODEL).transcribe(waveform.channel(0), request) for _ in range(2))
    assert heard == again
    said, recognised = (
        " ".join(get_language("ru").tokens(text))
        for text in (" ".join(turn["text"] for turn in turns), " ".join(one.text for one in heard))
    )
    assert jiwer.wer(said, recognised) < LARGEST_WORD_ERROR
    for one in heard:
        assert all(word.probability is not None and not word.interpolated for word in one.words)


LARGEST_WORD_ERROR = 0.35
