"""The real faster-whisper path on a model of random numbers: words make no sense, everything else must."""

import numpy as np
import pytest
from tiny_whisper import save_tiny_whisper

from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform
from qa_engine.errors import WeightsError
from qa_engine.speech.protocols import SpeechRequest
from qa_engine.speech.whisper_transcriber import WhisperTranscriber

pytestmark = pytest.mark.weights
SPANS = (Span(101.0, 103.0), Span(110.0, 112.0))


@pytest.fixture(scope="module")
def transcriber(tmp_path_factory):
    return WhisperTranscriber(
        save_tiny_whisper(tmp_path_factory.mktemp("models") / "tiny-random"), threads=1, device="cpu"
    )


@pytest.fixture(scope="module")
def waveform():
    return Waveform(np.random.default_rng(0).normal(0, 0.1, (1, 8000 * 13)).astype(np.float32), 8000, 100.0)


@pytest.fixture(scope="module")
def heard(transcriber, waveform):
    return transcriber.transcribe(waveform, SpeechRequest(SPANS, "ru", ("Ромашка", "Анна Петрова")))


def test_words_lie_inside_the_spans_in_seconds_of_the_recording(heard):
    assert heard
    for utterance in heard:
        assert any(span.start <= utterance.start <= utterance.end <= span.end for span in SPANS)
        assert all(utterance.start <= word.start <= word.end <= utterance.end for word in utterance.words)


def test_words_have_probabilities_and_times_of_their_own(heard):
    words = [word for utterance in heard for word in utterance.words]
    assert all(word.probability is not None and 0.0 <= word.probability <= 1.0 for word in words)
    assert not any(word.interpolated for word in words)


def test_the_same_sound_gives_the_same_words(transcriber, waveform, heard):
    assert transcriber.transcribe(waveform, SpeechRequest(SPANS, "ru", ("Ромашка", "Анна Петрова"))) == heard


def test_without_speech_nothing_is_heard(transcriber, waveform):
    assert transcriber.transcribe(waveform, SpeechRequest((), "ru")) == ()


def test_languages_come_from_the_tokenizer(transcriber):
    assert [transcriber.understands(code) for code in ("ru", "en", "de", "")] == [True, True, False, True]


def test_a_damaged_model_is_told(tmp_path):
    folder = save_tiny_whisper(tmp_path / "broken")
    (folder / "model.bin").write_bytes(b"not a model")
    with pytest.raises(WeightsError, match="cannot be loaded"):
        WhisperTranscriber(folder).transcribe(
            Waveform(np.zeros((1, 16000), np.float32), 16000), SpeechRequest((Span(0.0, 1.0),), "ru")
        )
