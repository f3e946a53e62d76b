"""What is a listening noise and what takes a turn."""

from __future__ import annotations

import pytest
from talking import turns_taken

from qa_engine.domain.spans import Span


def test_short_speech_of_unknown_words_is_a_listening_noise() -> None:
    assert turns_taken(((0, 0.9), (5, 6.1)), ()).manager == (Span(5, 6.1),)


@pytest.mark.parametrize(
    ("words", "language"),
    [("угу", "ru"), ("да да понятно", "ru"), ("Ага, хорошо.", "ru"), ("uh-huh", "en"), ("yeah okay I see", "en")],
)
def test_listening_noises_take_no_turn(words: str, language: str) -> None:
    length = 0.4 * len(words.split())
    voices = turns_taken(((5, 5 + length),), (), f"5 manager: {words}", language=language)
    assert voices.manager == ()


@pytest.mark.parametrize(("words", "language"), [("тридцать два", "ru"), ("да но подождите", "ru"), ("no wait", "en")])
def test_short_words_that_say_something_take_a_turn(words: str, language: str) -> None:
    length = 0.4 * len(words.split())
    voices = turns_taken(((5, 5 + length),), (), f"5 manager: {words}", language=language)
    assert len(voices.manager) == 1


def test_long_speech_with_one_recognised_noise_takes_a_turn() -> None:
    assert turns_taken(((5, 9),), (), "5 manager: yeah").manager == (Span(5, 9),)


def test_words_of_the_other_party_say_nothing_about_ones_own_speech() -> None:
    assert turns_taken(((5, 5.8),), ((5, 6.2),), "5 customer: my number is").manager == ()


def test_a_hesitation_and_a_remark_of_the_recogniser_are_listening_noises() -> None:
    assert turns_taken(((5, 5.8),), (), "5 manager: [noise] uh").manager == ()


def test_without_a_language_only_length_tells() -> None:
    voices = turns_taken(((5, 5.4), (8, 10)), (), "5 manager: yeah", "8 manager: yeah yeah yeah yeah yeah", language="")
    assert len(voices.manager) == 2
