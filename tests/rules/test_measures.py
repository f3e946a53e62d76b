"""Times and the balance of a call against limits."""

from __future__ import annotations

from pathlib import Path

import pytest
from rule_cards import card

from builders import call, events_for, hold, ringing, timings
from qa_engine.domain.evaluation import CriterionResult, Verdict
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Interruptions, Ringing, Talk, Timings, Transfer
from qa_engine.rules.evaluate import evaluate

DURATION = 120.0


@pytest.fixture
def judge(tmp_path: Path):
    def judged(times: Timings, **criterion: object) -> CriterionResult:
        made = call("manager: hello", "customer: hi", times=times, duration=DURATION)
        return evaluate(made, card(tmp_path, criterion)).criteria[0]

    return judged


def rings(seconds: float, uncertainty: float = 0.1) -> Timings:
    return timings(DURATION, ringing=ringing(seconds, rings=2, uncertainty=uncertainty))


@pytest.mark.parametrize(
    ("seconds", "uncertainty", "verdict", "share"),
    [
        (9.0, 0.1, "pass", 1.0),
        (14.8, 0.1, "pass", 1.0),
        (22.5, 0.1, "partial", 0.5),
        (40.0, 0.1, "fail", 0.0),
        (14.95, 0.1, "review", None),  # straddles the limit
        (15.05, 0.1, "review", None),
        (29.95, 0.1, "review", None),  # straddles the point where nothing is left
        (13.0, 2.5, "review", None),
        (20.0, 2.5, "partial", pytest.approx(0.667, abs=0.001)),
    ],
)
def test_the_wait_for_the_answer_is_judged_with_its_uncertainty(judge, seconds, uncertainty, verdict, share):
    result = judge(rings(seconds, uncertainty), check="timing", measure="ring_seconds", at_most=15, zero_at=30)
    assert (result.verdict, result.share) == (verdict, share)


def test_without_zero_at_there_is_nothing_between(judge):
    assert judge(rings(15.5), check="timing", measure="ring_seconds", at_most=15).verdict is Verdict.FAIL


def test_the_reason_tells_figure_limit_and_rings(judge):
    result = judge(rings(9.0), check="timing", measure="ring_seconds", at_most=15)
    assert result.reason == "9 s (wanted: at most 15 s). Rings: 2."
    assert result.evidence[0].note == "ringing from 0:00, 9 s"
    assert result.source == "audio"


def test_what_was_not_measured_says_why_in_the_timings_own_words(judge):
    times = timings(DURATION, ringing=Ringing(measured=False, why="the recording starts at the answer"))
    for measure in ("ring_seconds", "rings"):
        result = judge(times, check="timing", measure=measure, at_most=3)
        assert (result.verdict, result.reason) == (Verdict.NOT_MEASURED, "the recording starts at the answer")


def test_rings_are_counted(judge):
    assert judge(rings(9.0), check="timing", measure="rings", at_most=3).verdict is Verdict.PASS
    assert judge(rings(9.0), check="timing", measure="rings", at_most=1).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("measure", "at_most", "verdict"),
    [
        ("hold_longest", 30, "pass"),
        ("hold_longest", 15, "fail"),
        ("hold_longest", 20.2, "review"),
        ("hold_total", 40, "pass"),
        ("hold_total", 25, "fail"),
        ("holds", 2, "pass"),
        ("holds", 1, "fail"),
        ("transfers", 1, "pass"),
        ("transfers", 0, "fail"),
        ("transfer_hold", 30, "pass"),
        ("transfer_hold", 5, "fail"),
    ],
)
def test_holds_and_transfers_are_judged(judge, measure: str, at_most: float, verdict: str):
    times = timings(
        DURATION,
        holds=[hold(10, 30), hold(50, 60, during_transfer=True)],
        transfers=[Transfer(60.0, True, "audio+words")],
    )
    assert judge(times, check="timing", measure=measure, at_most=at_most).verdict == verdict


def test_a_call_without_holds_has_waited_zero_seconds(judge):
    assert judge(timings(DURATION), check="timing", measure="hold_longest", at_most=0).verdict is Verdict.PASS


def test_without_sound_holds_and_transfers_are_not_measured(judge):
    times = timings(DURATION, holds_measured=False)
    for measure in ("hold_longest", "hold_total", "holds", "transfers", "transfer_hold"):
        assert judge(times, check="timing", measure=measure, at_most=30).verdict is Verdict.NOT_MEASURED


def test_a_call_that_was_not_transferred_is_not_asked_about_the_wait(judge):
    result = judge(timings(DURATION), check="timing", measure="transfer_hold", at_most=30)
    assert result.verdict is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("limits", "verdict"),
    [
        ({"at_most": 0.7}, "pass"),
        ({"at_most": 0.5}, "fail"),
        ({"at_least": 0.3, "at_most": 0.7}, "pass"),
        ({"at_least": 0.65}, "fail"),
        ({"at_least": 0.7, "zero_at": 0.5}, "partial"),
    ],
)
def test_the_share_of_talk_is_judged(judge, limits, verdict: str):
    times = timings(DURATION, talk=Talk(60.0, 40.0, 2.0, 10.0, estimate=False, source="audio"))
    result = judge(times, check="talk", measure="talk_ratio", **limits)
    assert result.verdict == verdict
    assert result.reason.startswith("60 %")


def test_interruptions_are_counted_where_they_can_be(judge):
    heard = timings(DURATION, interruptions=Interruptions(3, 0))
    assert judge(heard, check="talk", measure="interruptions", at_most=1, zero_at=5).share == 0.5
    mono = timings(DURATION, interruptions=Interruptions(0, 0, measured=False))
    assert judge(mono, check="talk", measure="interruptions", at_most=1).verdict is Verdict.NOT_MEASURED


def test_overlap_of_an_estimate_is_not_measured(judge):
    for estimate, verdict in ((False, Verdict.PASS), (True, Verdict.NOT_MEASURED)):
        times = timings(DURATION, talk=Talk(60.0, 40.0, 2.0, 10.0, estimate=estimate, source="audio"))
        assert judge(times, check="talk", measure="overlap", at_most=5).verdict is verdict


@pytest.mark.parametrize(
    ("measure", "at_most", "verdict"),
    [
        ("dead_air_longest", 10, "pass"),
        ("dead_air_longest", 6, "fail"),
        ("dead_air_total", 12, "fail"),
        ("dead_air", 2, "pass"),
    ],
)
def test_silences_are_judged(judge, measure: str, at_most: float, verdict: str):
    times = timings(DURATION, dead_air=[Span(20, 27.5), Span(50, 56)])
    result = judge(times, check="talk", measure=measure, at_most=at_most)
    assert result.verdict == verdict
    assert result.evidence[0].note == "silence from 0:20, 7.5 s"


def test_a_silence_is_not_measured_in_a_transcript_alone(tmp_path: Path):
    from qa_engine.domain.timings import Beginning

    made = call("manager: hello", times=timings(DURATION, beginning=Beginning.UNKNOWN, holds_measured=False))
    criterion = {"check": "talk", "measure": "dead_air_longest", "at_most": 5}
    assert evaluate(made, card(tmp_path, criterion)).criteria[0].verdict is Verdict.NOT_MEASURED
    assert events_for(made.turns, DURATION).num_channels == 2
