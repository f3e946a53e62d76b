"""Talk-over and interruptions from spans with known answers."""

from __future__ import annotations

import pytest
from talking import Spans, talking, turns_taken

from qa_engine.domain.transcript import Role
from qa_engine.timings.interruptions import measure_interruptions, measure_overlaps


def interruptions(manager: Spans, customer: Spans, *lines: str) -> tuple[int, int]:
    found = measure_interruptions(turns_taken(manager, customer, *lines))
    return found.by_manager, found.by_customer


def test_who_goes_on_after_an_overlap_has_interrupted() -> None:
    assert interruptions(((4, 9),), ((0, 5),)) == (1, 0)
    assert interruptions(((0, 5),), ((4, 9),)) == (0, 1)


def test_an_interruption_tells_when_by_whom_and_how_long_both_spoke() -> None:
    found = measure_interruptions(turns_taken(((0, 5), (14, 20)), ((4, 9), (11, 15.5))))
    moments = [(moment.at, moment.by, moment.seconds) for moment in found.moments]
    assert moments == [(4, Role.CUSTOMER, 1), (14, Role.MANAGER, 1.5)]


@pytest.mark.parametrize(
    ("breaking_in", "why"),
    [
        ((4.7, 9.0), "overlap of less than half a second"),
        ((2.0, 2.8), "back-channel"),
        ((2.0, 4.5), "the other goes on"),
        ((1.0, 9.0), "both speak for long before one stops"),
        ((5.2, 9.0), "a turn of its own"),
        ((0.1, 6.0), "both begin at once"),
    ],
)
def test_what_is_no_interruption(breaking_in: tuple[float, float], why: str) -> None:
    assert interruptions((breaking_in,), ((0, 5),)) == (0, 0), why


def test_speaking_after_a_listening_noise_of_the_other_interrupts_nobody() -> None:
    assert interruptions(((1.0, 9.0),), ((0, 1.8),), "0 customer: okay yeah right i see") == (0, 0)


def test_listening_noises_in_a_row_interrupt_nobody() -> None:
    assert interruptions(((0, 5),), ((4, 6.4),), "4 customer: yeah okay okay i see sure") == (0, 0)
    assert interruptions(((0, 5),), ((4, 6.4),), "4 customer: no that is not my order") == (0, 1)


def test_one_speech_interrupts_once() -> None:
    assert interruptions(((3, 12),), ((0, 4), (6, 7.5), (9, 11))) == (1, 0)


def test_who_goes_on_after_a_pause_in_the_sentence_has_not_given_way() -> None:
    assert interruptions(((3, 8),), ((0, 4), (4.5, 9.5))) == (0, 0)
    assert interruptions(((3, 8),), ((0, 4), (4.7, 9.5))) == (1, 0)


def test_a_short_word_begins_an_interruption_that_goes_on() -> None:
    assert interruptions(((4, 4.3), (4.7, 9)), ((0, 5),)) == (1, 0)


def test_a_mix_of_both_is_not_measured() -> None:
    mono = talking(((0, 5),), ((4, 9),), exact=False)
    assert not measure_interruptions(mono).measured
    assert measure_overlaps(mono) is None


def overlaps(manager: Spans, customer: Spans, *lines: str) -> list[tuple[float, float, Role, bool]]:
    found = measure_overlaps(turns_taken(manager, customer, *lines))
    assert found is not None
    return [(one.start, one.end, one.by, one.severe) for one in found]


def test_half_a_second_of_both_is_talk_over_by_who_came_in() -> None:
    assert overlaps(((0, 5),), ((4.5, 9),)) == [(4.5, 5, Role.CUSTOMER, False)]
    assert overlaps(((0, 5),), ((4.6, 9),)) == []


def test_three_seconds_of_both_are_severe() -> None:
    assert overlaps(((4, 10),), ((0, 7),)) == [(4, 7, Role.MANAGER, True)]
    assert overlaps(((4.1, 10),), ((0, 7),)) == [(4.1, 7, Role.MANAGER, False)]


def test_listening_noises_are_no_talk_over() -> None:
    assert overlaps(((0, 9),), ((4, 4.9),)) == []
    assert overlaps(((0, 9),), ((4, 6),), "4 customer: yeah yeah okay i see") == []


def test_when_both_begin_at_once_nobody_came_in() -> None:
    assert overlaps(((0, 5),), ((0.05, 3),)) == [(0.05, 3, Role.UNKNOWN, False)]


def test_a_long_call_meets_every_pair_once() -> None:
    manager = tuple((10.0 * i, 10.0 * i + 6) for i in range(5000))
    customer = tuple((10.0 * i + 5, 10.0 * i + 9) for i in range(5000))
    assert len(overlaps(manager, customer)) == 5000
    assert interruptions(manager, customer) == (0, 5000)
