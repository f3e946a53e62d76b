"""Pauses with their grade and whose turn it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from talking import spans, talking

from qa_engine.domain.conversation import PauseGrade
from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Role
from qa_engine.timings.pauses import measure_pauses


@pytest.mark.parametrize(
    ("seconds", "grade"),
    [
        (2.9, None),
        (3.0, "noticeable"),
        (4.9, "noticeable"),
        (5.0, "dead_air"),
        (9.9, "dead_air"),
        (10.0, "long"),
        (29.9, "long"),
        (30.0, "severe"),
        (300.0, "severe"),
    ],
)
def test_a_pause_has_the_grade_of_its_length(seconds: float, grade: str | None) -> None:
    pauses = measure_pauses(talking(((0, 8), (8 + seconds, 400)), ()), ())
    assert [pause.grade.value for pause in pauses] == ([grade] if grade else [])


def test_dead_air_is_every_grade_but_the_first() -> None:
    voices = talking(((0, 10), (14, 20), (26, 30)), ())
    assert [pause.is_dead_air for pause in measure_pauses(voices, ())] == [False, True]


def test_a_pause_tells_who_spoke_last_and_who_speaks_next() -> None:
    (pause,) = measure_pauses(talking(((0, 8),), ((2, 9), (19, 22))), ())
    assert (pause.after, pause.before) == (Role.CUSTOMER, Role.CUSTOMER)
    (pause,) = measure_pauses(talking(((0, 9),), ((19, 22),)), ())
    assert (pause.after, pause.before) == (Role.MANAGER, Role.CUSTOMER)


def test_somebody_unknown_may_have_spoken_last() -> None:
    voices = replace(talking(((0, 4), (30, 32)), ()), anybody=spans(((0, 4), (6, 10), (30, 32))))
    (pause,) = measure_pauses(voices, ())
    assert (pause.after, pause.before) == (Role.UNKNOWN, Role.MANAGER)


def test_word_times_that_end_before_the_sound_still_tell_the_party() -> None:
    voices = replace(talking(((0, 9.4),), ((20, 22),)), anybody=spans(((0, 10), (19.6, 22))))
    (pause,) = measure_pauses(voices, ())
    assert (pause.start, pause.after, pause.before) == (10, Role.MANAGER, Role.CUSTOMER)


def test_hold_is_no_pause() -> None:
    assert measure_pauses(talking(((0, 10),), ((30, 40),)), [Span(11, 29)]) == ()


def test_the_rest_after_a_hold_is_a_pause_after_who_spoke_before_it() -> None:
    (pause,) = measure_pauses(talking(((0, 10), (36, 40)), ()), [Span(11, 29)])
    assert (pause.start, pause.end, pause.grade, pause.after) == (29, 36, PauseGrade.DEAD_AIR, Role.MANAGER)


def test_silence_before_the_first_and_after_the_last_word_is_no_pause() -> None:
    assert measure_pauses(talking(((20, 30),), ()), ()) == ()


def test_nobody_heard_makes_no_pause() -> None:
    assert measure_pauses(talking((), ()), ()) == ()
