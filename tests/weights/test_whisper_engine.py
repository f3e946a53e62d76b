"""The real faster-whisper path on a model of random numbers: words make no sense, everything else must."""

from dataclasses import replace

import numpy as np
import pytest
from tiny_whisper import save_tiny_whisper

from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform
from qa_engine.errors import WeightsError
from qa_engine.speech.machine_fit import MachineFit, fit_machine
from qa_engine.speech.phantoms import REASONS, mean_probability
from qa_engine.speech.protocols import SpeechRequest
from qa_engine.speech.whisper_model import PROMPT_TOKENS, fit_hotwords, hotword_prompt
from qa_engine.speech.whisper_transcriber import WhisperTranscriber

pytestmark = pytest.mark.weights
SPANS = (Span(101.0, 103.0), Span(110.0, 112.0))
FIT = MachineFit("cpu", "int8", 1, 1, "for tests")
REQUEST = SpeechRequest(SPANS, "ru", ("Ромашка", "Анна Петрова"))
BABBLE = 18  # a seed whose model writes several words per clip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tiny_whisper(tmp_path_factory.mktemp("models") / "tiny-random", seed=BABBLE)


@pytest.fixture(scope="module")
def transcriber(folder):
    return WhisperTranscriber(folder, fit=FIT)


@pytest.fixture(scope="module")
def waveform():
    return Waveform(np.random.default_rng(0).normal(0, 0.1, (1, 8000 * 13)).astype(np.float32), 8000, 100.0)


@pytest.fixture(scope="module")
def heard(transcriber, waveform):
    return transcriber.transcribe(waveform, REQUEST)


def words_of(utterances):
    return [word for utterance in utterances for word in utterance.words]


def test_words_lie_inside_the_spans_in_seconds_of_the_recording(heard):
    assert len(words_of(heard)) > len(SPANS)
    for utterance in heard:
        assert any(span.start <= utterance.start <= utterance.end <= span.end for span in SPANS)
        assert all(utterance.start <= word.start <= word.end <= utterance.end for word in utterance.words)


def test_every_clip_is_heard_and_in_order(heard):
    assert [any(span.overlap(one.span) for one in heard) for span in SPANS] == [True, True]
    assert sorted(heard, key=lambda one: one.start) == list(heard)


def test_words_have_probabilities_and_times_of_their_own(heard):
    words = words_of(heard)
    assert all(word.probability is not None and 0.0 <= word.probability <= 1.0 for word in words)
    assert not any(word.interpolated for word in words)


def test_a_model_without_alignment_heads_gets_times_that_are_marked(tmp_path, waveform):
    folder = save_tiny_whisper(tmp_path / "unaligned", seed=BABBLE, aligned=False)
    words = words_of(WhisperTranscriber(folder, fit=FIT).transcribe(waveform, REQUEST))
    assert words
    assert all(word.interpolated and 0.0 < word.probability <= 1.0 for word in words)
    assert all(any(span.start <= word.start <= word.end <= span.end for span in SPANS) for word in words)


def test_babble_faster_than_speech_comes_back_with_its_reason(heard):
    assert {utterance.left_out for utterance in heard} <= {"", *REASONS}
    assert any(utterance.left_out == "faster than anybody speaks" for utterance in heard)


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_sound_gives_the_same_words_whatever_the_threads(folder, waveform, heard, threads):
    again = WhisperTranscriber(folder, fit=replace(FIT, threads=threads))
    assert again.transcribe(waveform, REQUEST) == heard


def test_a_batch_of_two_gives_the_same_text_and_repeats_itself(folder, waveform, heard):
    pair = WhisperTranscriber(folder, fit=replace(FIT, batch_size=2))
    first = pair.transcribe(waveform, REQUEST)
    assert [one.text for one in first] == [one.text for one in heard]
    assert pair.transcribe(waveform, REQUEST) == first


def test_a_clip_does_not_depend_on_its_neighbours(transcriber, waveform, heard):
    alone = [transcriber.transcribe(waveform, replace(REQUEST, spans=(span,))) for span in SPANS]
    assert alone[0] + alone[1] == heard


def test_nothing_outside_the_spans_is_listened_to(transcriber, waveform, heard):
    samples = np.zeros_like(waveform.samples)
    for span in SPANS:
        first, last = (round((second - waveform.start) * 8000) for second in (span.start, span.end))
        samples[:, first:last] = waveform.samples[:, first:last]
    assert transcriber.transcribe(Waveform(samples, 8000, 100.0), REQUEST) == heard


def test_without_speech_nothing_is_heard(transcriber, waveform):
    assert transcriber.transcribe(waveform, SpeechRequest((), "ru")) == ()
    assert transcriber.transcribe(waveform, SpeechRequest((Span(900.0, 902.0),), "ru")) == ()


def test_a_clip_shorter_than_a_spectrum_window_is_no_error(transcriber, waveform):
    heard = transcriber.transcribe(waveform, SpeechRequest((Span(101.0, 101.01),), "ru"))
    assert all(101.0 <= word.start <= word.end <= 101.01 for word in words_of(heard))


def test_a_doubtful_greeting_is_heard_again_and_the_surer_words_stay(transcriber, waveform, heard):
    greeted = transcriber.transcribe(waveform, replace(REQUEST, greeting=Span(100.0, 105.0)))
    before, after = ([one for one in said if one.start < 105.0] for said in (heard, greeted))
    assert mean_probability(words_of(before)) < 0.6
    assert after == before or mean_probability(words_of(after)) > mean_probability(words_of(before))
    assert [one for one in greeted if one.start > 105.0] == [one for one in heard if one.start > 105.0]


def test_the_language_is_told_with_how_sure_it_is(transcriber, waveform):
    guess = transcriber.detect_language(waveform, SPANS)
    assert guess.language in {"en", "ru"}
    assert 0.5 <= guess.probability <= 1.0
    assert transcriber.detect_language(waveform, ()) is None


def test_without_a_language_the_detected_one_is_used(transcriber, waveform):
    guess = transcriber.detect_language(waveform, SPANS)
    said = transcriber.transcribe(waveform, SpeechRequest(SPANS, guess.language))
    assert transcriber.transcribe(waveform, SpeechRequest(SPANS)) == said


def test_heard_again_a_clip_keeps_the_language_of_the_whole(transcriber, waveform):
    unknown = SpeechRequest(SPANS, greeting=Span(100.0, 115.0))
    known = replace(unknown, language=transcriber.detect_language(waveform, SPANS).language)
    assert transcriber.transcribe(waveform, unknown) == transcriber.transcribe(waveform, known)


def test_languages_come_from_the_tokenizer(transcriber):
    assert [transcriber.understands(code) for code in ("ru", "en", "de", "")] == [True, True, False, True]


def test_an_english_only_model_is_known_though_its_tokenizer_lists_all_languages(tmp_path, waveform):
    english = WhisperTranscriber(save_tiny_whisper(tmp_path / "tiny.en", multilingual=False), fit=FIT)
    assert [english.understands(code) for code in ("ru", "en", "")] == [False, True, False]
    assert english.detect_language(waveform, SPANS) is None
    with pytest.raises(WeightsError, match=r"has not the language 'ru', only en; get one .*models pull"):
        english.transcribe(waveform, REQUEST)


def test_names_fit_the_prompt_counted_in_the_models_own_tokens(transcriber):
    tokenizer = transcriber._model.hf_tokenizer
    names = ["Ромашка", *(f"Анна Петрова {number}" for number in range(40)), "Ян"]
    chosen = fit_hotwords(names, tokenizer)
    assert chosen[0] == "Ромашка"
    assert chosen[-1] == "Ян"  # passed over names do not keep a shorter one out
    assert 5 < len(chosen) < 40
    assert len(tokenizer.encode(" " + hotword_prompt(chosen)).ids) <= PROMPT_TOKENS


def test_more_names_than_the_prompt_holds_are_no_error(transcriber, waveform):
    crowd = tuple(f"Анна Петрова {number}" for number in range(100))
    assert transcriber.transcribe(waveform, replace(REQUEST, hotwords=crowd))


def test_the_name_says_engine_model_and_compute_type(transcriber):
    assert transcriber.name.startswith("whisper:tiny-random faster-whisper ")
    assert transcriber.name.endswith(" int8")


def test_a_damaged_model_is_told(tmp_path):
    folder = save_tiny_whisper(tmp_path / "broken")
    (folder / "model.bin").write_bytes(b"not a model")
    with pytest.raises(WeightsError, match=r"cannot be loaded on cpu as int8 .*copy it anew"):
        WhisperTranscriber(folder, fit=FIT).transcribe(
            Waveform(np.zeros((1, 16000), np.float32), 16000), SpeechRequest((Span(0.0, 1.0),), "ru")
        )


def test_a_model_cut_off_in_the_middle_is_told(tmp_path):
    folder = save_tiny_whisper(tmp_path / "cut")
    whole = (folder / "model.bin").read_bytes()
    (folder / "model.bin").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WeightsError, match="copy it anew"):
        WhisperTranscriber(folder, fit=FIT).detect_language(
            Waveform(np.ones((1, 16000), np.float32), 16000), (Span(0.0, 1.0),)
        )


def test_a_broken_tokenizer_is_told(tmp_path):
    folder = save_tiny_whisper(tmp_path / "garbled")
    (folder / "tokenizer.json").write_text("{", encoding="utf-8")
    with pytest.raises(WeightsError, match=r"tokenizer\.json: no tokenizer can be read"):
        WhisperTranscriber(folder, fit=FIT).understands("ru")


def test_this_machine_can_run_what_is_chosen_for_it(folder, waveform):
    assert WhisperTranscriber(folder, fit=fit_machine()).transcribe(waveform, REQUEST)
