"""Calls and invented text: what may be judged, and what must be stopped."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Utterance, Word
from qa_engine.domain.waveform import Waveform
from qa_engine.language.lexicons import load_lines
from qa_engine.speech.language_check import LanguageJudgement, check_language, judge_language, measure_agreement
from qa_engine.speech.protocols import SpeechRequest

HARPER_VALLEY = Path(__file__).resolve().parents[3] / "shared" / "data" / "harper_valley" / "asr"

ENGLISH_CALL = """Thank you for calling Sunny Garden, this is Emma, how can I help you? Hi, I ordered two apple trees
last week and they have not arrived yet. I'm sorry to hear that, could you give me the number of your order, please?
Yes, it's four seven one nine. Thank you, let me check. Your parcel left our warehouse on Tuesday, it should be there
tomorrow. Okay, great. Is there anything else I can do for you? No, that's all, thanks. Have a lovely day, bye."""
# What the embedded English recogniser made of Russian, French and Spanish, in its three ways of going wrong.
LOOPS = """The most important thing is to have a relationship with the person. The person is a relationship with the
person. The teachers, who are preparing to participate in the training of the students, enter the study of the
students' study of the students' study of the students. The students' study of the students' study of the students'
study of the students' study of the students' study of the students' study of the students' study"""
NO_WORDS = """Persever los mensajes presione uno para aquivar undesativar el modo de minuro. Para achivar o desatyvar
el modo gesem ut esero incriminator marquette, parentise los yanto correspondencia. Parre nicaea suvorium abla
al-mijal bodifecto, para uno confirients."""
WRITTEN = """He was very upset after the first day of the conference. The return of the two votes is the last part of
the party. The opposition of the region introduced the mission of the council. This is the term of the political
conflict. The proposal of the members was the beginning of the end of the peace, and the people of the town
were told about the return of the king."""
TALKATIVE = """And if you don't know how to do it, you're going to be able to do it. You know, if you don't have a lot
of money, you'll have to pay for it. Messi, your melody also tells the economy to that part of the news. Yes, because
you're a bit shocked, like, I'm not really my mobile. More than even because I've only had a fact of life"""


def judge(
    text: str, *, seconds: float = 30.0, language: str = "en", agreement: float | None = None
) -> LanguageJudgement:
    return judge_language(text.split(), speech_seconds=seconds, language=language, agreement=agreement)


def test_an_english_call_is_plausible() -> None:
    judgement = judge(ENGLISH_CALL)
    assert judgement.plausible
    assert judgement.confidence > 0.9


@pytest.mark.parametrize("text", [LOOPS, NO_WORDS, WRITTEN], ids=["loops", "no words", "written text"])
def test_invented_text_is_noticed(text: str) -> None:
    judgement = judge(text)
    assert not judgement.plausible
    assert judgement.confidence > 0.9


def test_little_speech_is_never_blocked() -> None:
    judgement = judge(NO_WORDS, seconds=5.9)
    assert judgement.plausible
    assert judgement.confidence == 0.0


def test_few_words_are_never_blocked() -> None:
    judgement = judge("Dada. Persever los mensajes presione uno", seconds=10.0)
    assert judgement.plausible
    assert judgement.confidence == 0.0


def test_hardly_a_word_in_much_speech_is_noticed() -> None:
    judgement = judge("Dada. Hello? Yet in Gimme", seconds=40.0)
    assert not judgement.plausible
    assert "5 words in 40 s" in judgement.why


def test_no_words_in_much_speech_are_noticed() -> None:
    assert not judge("", seconds=60.0).plausible


def test_a_short_call_is_less_certain_than_a_long_one() -> None:
    short = judge(" ".join(LOOPS.split()[:14]), seconds=6.0)
    assert short.confidence < judge(LOOPS).confidence


@pytest.mark.parametrize("language", ["ru", "fr", ""])
def test_languages_without_a_list_are_not_judged(language: str) -> None:
    judgement = judge(NO_WORDS, language=language)
    assert judgement.plausible
    assert judgement.confidence == 0.0


def test_spelled_letters_and_numbers_do_not_count_against_a_call() -> None:
    spelled = "It's S as in Sam, M I T H, and the number is four seven one nine, 4719, double 0 three. " * 2
    assert judge(ENGLISH_CALL + " " + spelled).plausible


def test_names_do_not_count_much_against_a_call() -> None:
    assert judge(
        ENGLISH_CALL + " Krzysztof Wojciechowski, Przemysl. Giuseppe Bartolomeo, Castelfranco Veneto."
    ).plausible


def test_saying_yes_four_times_is_no_loop() -> None:
    assert judge(ENGLISH_CALL + " yeah yeah yeah yeah yeah yeah okay bye bye bye bye bye bye").plausible


def test_a_queue_announcement_heard_over_and_over_is_plausible_when_heard_alike_twice() -> None:
    announcement = "All our operators are busy at the moment. Please hold the line, your call is important to us. "
    assert judge(announcement * 6, seconds=80.0).doubtful
    assert judge(announcement * 6, seconds=80.0, agreement=0.9).plausible


def test_loops_are_stopped_even_when_heard_alike_twice() -> None:
    assert not judge(LOOPS, agreement=0.76).plausible


def test_the_reason_is_told_without_words_of_the_call() -> None:
    why = judge(NO_WORDS).why
    assert "unknown" in why
    assert "mensajes" not in why


def test_hearing_the_same_again_speaks_for_the_language() -> None:
    assert judge(WRITTEN, agreement=0.97).confidence < judge(WRITTEN).confidence


def test_hearing_something_else_speaks_against_the_language() -> None:
    assert judge(TALKATIVE).plausible
    assert not judge(TALKATIVE, agreement=0.23).plausible


def test_agreement_ignores_case_and_punctuation() -> None:
    assert measure_agreement(("Hello,", "how", "are", "you?"), ("hello", "how", "are", "you")) == 1.0


def test_agreement_is_the_share_of_words_heard_alike() -> None:
    assert measure_agreement(("one", "two", "three", "four"), ("one", "two", "five", "six")) == pytest.approx(0.5)


def test_agreement_of_nothing_is_none() -> None:
    assert measure_agreement((), ()) is None


def test_the_word_list_names_its_source() -> None:
    import qa_engine.language

    file = Path(qa_engine.language.__file__).parent / "data" / "en" / "common_words.txt"
    header = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert any("SCOWL" in line for line in header)
    assert any("Permission to use" in line for line in header)
    assert 8_000 < len(load_lines("en", "common_words")) < 15_000


@pytest.mark.shared
@pytest.mark.skipif(not HARPER_VALLEY.is_dir(), reason="the labelled transcripts are not beside the project")
@pytest.mark.parametrize("file", sorted(HARPER_VALLEY.glob("*.json")), ids=lambda file: file.stem)
def test_a_real_english_bank_call_is_plausible(file: Path) -> None:
    segments = json.loads(file.read_text(encoding="utf-8"))["segments"]
    text = " ".join(segment["text"] for segment in segments)
    assert judge(text, seconds=sum(segment["end"] - segment["start"] for segment in segments)).plausible


class Ears:
    """A recogniser that says one thing first and another thing when the sound is played slower."""

    name = "fake"

    def __init__(self, slower: str) -> None:
        self.slower = slower
        self.requests: list[SpeechRequest] = []

    def understands(self, language: str) -> bool:
        return True

    def transcribe(self, waveform: Waveform, request: SpeechRequest) -> tuple[Utterance, ...]:
        self.requests.append(request)
        return tuple(utterance(self.slower, span) for span in request.spans)


def utterance(text: str, span: Span) -> Utterance:
    return Utterance(span.start, span.end, tuple(Word(word, span.start, span.end) for word in text.split()))


SPANS = (Span(0.0, 20.0), Span(25.0, 45.0), Span(50.0, 70.0))
SOUND = Waveform(np.zeros((1, 80 * 100), dtype=np.float32), 100)
DOUBTFUL = """To record your own message, press the pound key. The conference is locked. Enter the number of the
extension followed by the pound key. Press two to increase the volume of the other participants."""


def check(text: str, ears: Ears, *, language: str = "en") -> LanguageJudgement:
    heard = tuple(utterance(text, span) for span in SPANS)
    return check_language(ears, SOUND, SpeechRequest(SPANS, language), heard)


def test_a_clear_call_is_not_heard_twice() -> None:
    ears = Ears("")
    assert check(ENGLISH_CALL, ears).plausible
    assert ears.requests == []


def test_a_doubtful_recording_is_heard_again_slower() -> None:
    ears = Ears(DOUBTFUL)
    check(DOUBTFUL, ears)
    (request,) = ears.requests
    assert [span.duration for span in request.spans] == pytest.approx([20 / 0.95, 20 / 0.95])


def test_a_doubtful_recording_heard_alike_twice_is_plausible() -> None:
    assert check(DOUBTFUL, Ears(DOUBTFUL)).plausible


def test_a_doubtful_recording_heard_differently_is_noticed() -> None:
    assert not check(DOUBTFUL, Ears("He was the king of a country and a little of the story was in a letter")).plausible


def test_another_language_is_not_heard_twice() -> None:
    ears = Ears("")
    assert check(NO_WORDS, ears, language="ru").plausible
    assert ears.requests == []
