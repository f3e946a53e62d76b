"""The real onnx-asr path on tiny models that hear tones as letters: words and times are known."""

import socket

import numpy as np
import pytest
import tiny_onnx
from tiny_onnx import melody

from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform
from qa_engine.errors import WeightsError
from qa_engine.speech.onnx_transcriber import OnnxTranscriber
from qa_engine.speech.phantoms import LOOP
from qa_engine.speech.protocols import SpeechRequest

pytestmark = pytest.mark.weights
MAKERS = {
    "gigaam-v3-ctc": tiny_onnx.save_gigaam_ctc,
    "gigaam-v3-rnnt": tiny_onnx.save_gigaam_rnnt,
    "t-one": tiny_onnx.save_t_one,
    "nemo-ctc": tiny_onnx.save_nemo_ctc,
    "parakeet-tdt-0.6b-v3": tiny_onnx.save_parakeet,
}
LETTER_MODELS = ("gigaam-v3-ctc", "gigaam-v3-rnnt", "t-one")
SPACE, A, B, V = range(4)
# "аб", a space, "в"; then, as nothing but a space ends a word of letters, a space and "ба"
LETTER_NOTES = (
    (A, 0.5, 0.66),
    (B, 0.66, 0.82),
    (SPACE, 1.3, 1.46),
    (V, 1.5, 1.66),
    (SPACE, 2.0, 2.16),
    (B, 2.2, 2.36),
    (A, 2.36, 2.52),
)
LETTER_WORDS = (("аб", 0.5, 0.82), ("в", 1.5, 1.66), ("ба", 2.2, 2.52))
PIECE_NOTES = ((0, 0.5, 0.66), (1, 0.7, 0.86), (2, 1.5, 1.66), (3, 2.2, 2.36))  # "▁а" "б", "▁в", "▁word"
PIECE_WORDS = (("аб", 0.5, 0.8), ("в", 1.5, 1.6), ("word", 2.2, 2.5))
CLIP = Span(100.2, 103.0)


@pytest.fixture(scope="module")
def transcribers(tmp_path_factory):
    models = tmp_path_factory.mktemp("models")
    return {name: OnnxTranscriber(make(models / name)) for name, make in MAKERS.items()}


def sung(name: str, *, rate: int = 8000) -> Waveform:
    notes = LETTER_NOTES if name in LETTER_MODELS else PIECE_NOTES
    return Waveform(melody(notes, seconds=3.2, rate=rate), rate, 100.0)


def request(*spans: Span) -> SpeechRequest:
    return SpeechRequest(spans, "ru", ("Ромашка",))


def words_of(utterances):
    return [word for utterance in utterances for word in utterance.words]


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("rate", [8000, 16000, 48000])
def test_words_and_their_times_are_heard_in_seconds_of_the_recording(transcribers, name, rate):
    words = words_of(transcribers[name].transcribe(sung(name, rate=rate), request(CLIP)))
    expected = LETTER_WORDS if name in LETTER_MODELS else PIECE_WORDS
    assert [word.text for word in words] == [text for text, _, _ in expected]
    for word, (_, start, end) in zip(words, expected, strict=True):
        assert word.start == pytest.approx(100.0 + start, abs=0.08)  # a frame of NeMo is 0.08 s
        assert word.end == pytest.approx(100.0 + end, abs=0.16)


def test_the_delay_of_t_one_is_taken_off(transcribers):
    words = words_of(transcribers["t-one"].transcribe(sung("t-one"), request(CLIP)))
    assert words[0].start == pytest.approx(100.5, abs=0.04)  # the tiny model answers 0.33 s late, as the real one does


@pytest.mark.parametrize("name", MAKERS)
def test_words_lie_in_their_clip_and_never_go_back(transcribers, name):
    spans = (Span(100.55, 101.55), Span(101.6, 102.45))  # cut through notes on purpose
    words = words_of(transcribers[name].transcribe(sung(name), request(*spans)))
    assert words
    borders = [at for word in words for at in (word.start, word.end)]
    assert borders == sorted(borders)
    assert all(any(span.start <= word.start <= word.end <= span.end for span in spans) for word in words)


@pytest.mark.parametrize("name", MAKERS)
def test_words_have_times_and_probabilities_of_their_own(transcribers, name):
    words = words_of(transcribers[name].transcribe(sung(name), request(CLIP)))
    assert all(word.probability is not None and 0.5 < word.probability <= 1.0 for word in words)
    assert not any(word.interpolated for word in words)


@pytest.mark.parametrize("name", MAKERS)
def test_the_same_sound_gives_the_same_words(transcribers, name, tmp_path):
    heard = transcribers[name].transcribe(sung(name), request(CLIP))
    assert transcribers[name].transcribe(sung(name), request(CLIP)) == heard
    assert OnnxTranscriber(MAKERS[name](tmp_path / name)).transcribe(sung(name), request(CLIP)) == heard


@pytest.mark.parametrize("name", MAKERS)
def test_without_speech_or_on_digital_silence_nothing_is_heard(transcribers, name):
    silence = Waveform(np.zeros((1, 8000), np.float32), 8000)
    assert transcribers[name].transcribe(silence, request()) == ()
    assert transcribers[name].transcribe(silence, request(Span(0.0, 1.0))) == ()
    assert transcribers[name].transcribe(silence, request(Span(5.0, 6.0))) == ()


@pytest.mark.parametrize("name", LETTER_MODELS)
def test_noise_is_no_word(transcribers, name):
    noise = Waveform(melody((), seconds=3.0, rate=8000), 8000)
    assert transcribers[name].transcribe(noise, request(Span(0.0, 3.0))) == ()


@pytest.mark.parametrize("name", MAKERS)
def test_a_clip_of_a_hundredth_of_a_second_is_no_trouble(transcribers, name):
    assert len(transcribers[name].transcribe(sung(name), request(Span(100.55, 100.56)))) <= 1


@pytest.mark.parametrize("name", LETTER_MODELS)
def test_a_long_clip_is_cut_where_nothing_sounds_and_loses_no_word(transcribers, name):
    """100 s in one clip, more than any of them hears at once: a note of 3 s, then half a second of nothing."""
    starts = [round(0.5 + 3.5 * at, 1) for at in range(28)]
    notes = [note for start in starts for note in ((SPACE, start, start + 0.1), (A, start + 0.1, start + 3.0))]
    waveform = Waveform(melody(notes, seconds=100.0, rate=8000), 8000)
    heard = transcribers[name].transcribe(waveform, request(Span(0.0, 100.0)))
    assert [word.text for word in words_of(heard)] == ["а"] * 28
    assert [word.start for word in words_of(heard)] == pytest.approx([start + 0.1 for start in starts], abs=0.06)
    assert len(heard) >= (4 if name == "t-one" else 5)


@pytest.mark.parametrize("name", LETTER_MODELS)
def test_clips_heard_together_are_heard_as_alone(transcribers, name):
    rng = np.random.default_rng(3)
    notes, spans, at = [], [], 1.0
    for length in rng.uniform(0.4, 3.0, 60).round(2).tolist():
        notes.append((int(rng.integers(1, 4)), at + 0.1, at + 0.3))
        spans.append(Span(at, at + length))
        at += length + 0.2
    waveform = Waveform(melody(notes, seconds=at, rate=8000), 8000)
    together = transcribers[name].transcribe(waveform, request(*spans))
    alone = [transcribers[name].transcribe(waveform, request(span)) for span in spans]
    assert len(together) == 60
    assert together == tuple(utterance for one in alone for utterance in one)


@pytest.mark.parametrize(("name", "most_clips", "most_seconds"), [("gigaam-v3-ctc", 1, 24.0), ("t-one", 30, 30.0)])
def test_little_sound_is_heard_at_once(tmp_path, monkeypatch, name, most_clips, most_seconds):
    transcriber = OnnxTranscriber(MAKERS[name](tmp_path / name))
    library = transcriber._load()
    real, batches = library.recognize, []

    def listened(sounds, sample_rate):
        batches.append((len(sounds), len(sounds) * max(sound.size for sound in sounds) / sample_rate))
        return real(sounds, sample_rate)

    monkeypatch.setattr(library, "recognize", listened)
    waveform = Waveform(melody(((A, 0.5, 0.7),), seconds=600.0, rate=8000), 8000)
    transcriber.transcribe(waveform, request(*(Span(float(at), at + 1.0 + at % 28) for at in range(0, 570, 30))))
    assert 1 <= max(clips for clips, _ in batches) <= most_clips
    assert max(seconds for _, seconds in batches) <= most_seconds
    assert (max(clips for clips, _ in batches) > 1) == (name == "t-one")


def test_resampled_sound_stays_in_range(tmp_path, monkeypatch):
    transcriber = OnnxTranscriber(tiny_onnx.save_t_one(tmp_path / "t-one"))
    library = transcriber._load()
    real, peaks = library.recognize, []

    def listened(sounds, sample_rate):
        peaks.extend(float(np.abs(sound).max()) for sound in sounds)
        return real(sounds, sample_rate)

    monkeypatch.setattr(library, "recognize", listened)
    square = np.sign(np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)).astype(np.float32)[None, :]
    transcriber.transcribe(Waveform(square, 48_000), request(Span(0.0, 1.0)))
    assert peaks == [1.0]  # filtered, a square wave overshoots by a tenth


def test_what_repeats_without_end_is_left_out_and_kept_apart(transcribers):
    notes = [note for at in range(12) for note in ((SPACE, 1 + at / 2, 1.1 + at / 2), (A, 1.1 + at / 2, 1.3 + at / 2))]
    waveform = Waveform(melody(notes, seconds=8.0, rate=8000), 8000)
    heard = transcribers["gigaam-v3-ctc"].transcribe(waveform, request(Span(0.0, 8.0)))
    assert [(len(utterance.words), utterance.left_out) for utterance in heard] == [(1, ""), (11, LOOP)]


def test_nothing_reaches_for_the_network(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    transcriber = OnnxTranscriber(tiny_onnx.save_t_one(tmp_path / "t-one"))
    assert transcriber.transcribe(sung("t-one"), request(CLIP))


def test_a_model_understands_its_languages_and_only_one_of_several_detects(transcribers):
    asked = ("ru", "en", "de", "")
    assert [transcribers["t-one"].understands(code) for code in asked] == [True, False, False, False]
    assert [transcribers["nemo-ctc"].understands(code) for code in asked] == [True, True, False, True]
    assert all(transcribers["parakeet-tdt-0.6b-v3"].understands(code) for code in asked)


def test_the_name_says_model_quantization_and_version(tmp_path):
    made = tiny_onnx.save_gigaam_ctc(tmp_path / "gigaam-v3-ctc", quantization=".int8")
    transcriber = OnnxTranscriber(made)
    assert transcriber.name.startswith("onnx:gigaam-v3-ctc int8 onnx-asr 0.")
    assert [word.text for word in words_of(transcriber.transcribe(sung("gigaam-v3-ctc"), request(CLIP)))]


def test_a_missing_file_is_named_before_anything_is_heard(tmp_path):
    folder = tiny_onnx.save_gigaam_rnnt(tmp_path / "gigaam-v3-rnnt")
    (folder / "v3_rnnt_joint.onnx").unlink()
    with pytest.raises(WeightsError, match=r"v3_rnnt_joint\.onnx missing .*models pull onnx:gigaam-v3-rnnt"):
        OnnxTranscriber(folder)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("v3_ctc.onnx", "not a model"),
        ("v3_vocab.txt", "а\n"),
        ("config.json", "{"),
        ("config.json", '{"version": "v9"}'),
    ],
)
def test_a_damaged_file_is_told(tmp_path, file, text):
    folder = tiny_onnx.save_gigaam_ctc(tmp_path / "gigaam-v3-ctc")
    (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(WeightsError, match=r"gigaam-v3-ctc: the model cannot be loaded .*copy it anew"):
        OnnxTranscriber(folder).transcribe(sung("gigaam-v3-ctc"), request(CLIP))
