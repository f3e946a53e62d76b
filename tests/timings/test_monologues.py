"""Monologues and pace from dialogues with known answers."""

from __future__ import annotations

import pytest
from talking import Spans, spoken, talking, turns_taken

from qa_engine.domain.spans import Span
from qa_engine.timings.conversation import find_voices
from qa_engine.timings.monologues import measure_monologues, measure_pace


def longest(manager: Spans, customer: Spans, *lines: str, waiting: tuple[Span, ...] = ()) -> Span | None:
    voices = talking(manager, customer).without(waiting)
    return measure_monologues(voices, turns_taken(manager, customer, *lines), waiting).manager


def test_pauses_inside_a_monologue_belong_to_it() -> None:
    assert longest(((0, 10), (12, 20), (40, 45)), ((30, 35),)) == Span(0, 20)


def test_a_turn_of_the_other_party_breaks_it() -> None:
    assert longest(((0, 10), (14, 30)), ((11, 13),)) == Span(14, 30)


def test_a_turn_spoken_over_it_breaks_it_too() -> None:
    assert longest(((0, 30),), ((10, 12),)) == Span(12, 30)


def test_a_listening_noise_does_not_break_it() -> None:
    assert longest(((0, 10), (12, 20)), ((10.5, 11.2),)) == Span(0, 20)
    assert longest(((0, 10), (12, 20)), ((10.2, 11.8),), "10.2 customer: yeah okay i see") == Span(0, 20)
    assert longest(((0, 9), (12, 20)), ((10.2, 11.8),), "10.2 customer: that is my brother") == Span(0, 9)


def test_a_hold_and_dead_air_end_it() -> None:
    assert longest(((0, 10), (20, 28)), (), waiting=(Span(10.5, 19.5),)) == Span(0, 10)
    assert longest(((0, 10), (15, 23)), ()) == Span(0, 10)
    assert longest(((0, 10), (14.9, 23)), ()) == Span(0, 23)


def test_who_does_not_speak_has_no_monologue() -> None:
    monologues = measure_monologues(talking(((0, 10),), ()), turns_taken(((0, 10),), ()), ())
    assert (monologues.manager, monologues.customer) == (Span(0, 10), None)


def test_a_mix_of_both_is_an_estimate() -> None:
    mono = talking(((0, 10),), (), exact=False)
    assert measure_monologues(mono, mono, ()).estimate


SENTENCE = "this is a sentence of ten words for the test"  # 4.0 s: 150 words a minute


def test_words_per_minute_of_own_speech() -> None:
    lines = [f"{10 * i} manager: {SENTENCE}" for i in range(4)]
    words = spoken(*lines, "45 customer: yes please")
    voices = find_voices(None, words.turns, 0.0)
    assert voices is not None
    pace = measure_pace(voices, words)
    assert pace.manager == pytest.approx(150, abs=1)
    assert (pace.customer, pace.source) == (None, "words")


def test_little_speech_has_no_pace() -> None:
    words = spoken(*[f"{10 * i} manager: {SENTENCE}" for i in range(3)])
    voices = find_voices(None, words.turns, 0.0)
    assert voices is not None
    assert measure_pace(voices, words).manager is None


def test_speech_without_words_does_not_slow_the_pace() -> None:
    words = spoken(*[f"{10 * i} manager: {SENTENCE}" for i in range(4)])
    voices = talking((*((10.0 * i, 10.0 * i + 4) for i in range(4)), (50, 90)), ())
    pace = measure_pace(voices, words)
    assert pace.manager == pytest.approx(150, abs=1)
    assert pace.source == "audio+words"


def test_remarks_of_the_recogniser_are_no_words() -> None:
    lines = [f"{10 * i} manager: this is a sentence [noise] [noise] words for the test" for i in range(5)]
    words = spoken(*lines)
    voices = find_voices(None, words.turns, 0.0)
    assert voices is not None
    assert measure_pace(voices, words).manager == pytest.approx(120, abs=1)
