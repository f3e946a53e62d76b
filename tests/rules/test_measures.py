"""Times and the balance of a call against limits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rule_cards import card

from builders import call, events_for, hold, ringing, timings
from qa_engine.domain.call_identity import Direction
from qa_engine.domain.conversation import Interruption, Monologues, Pace
from qa_engine.domain.evaluation import CriterionResult, Verdict
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Comparison, Interruptions, RecordedTimes, Ringing, Talk, Timings, Transfer
from qa_engine.domain.transcript import Role
from qa_engine.errors import ScorecardError
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


def with_figures(*, monologues: Monologues | None = None, pace: Pace | None = None) -> Timings:
    return replace(timings(DURATION), monologues=monologues, pace=pace)


@pytest.mark.parametrize(
    ("seconds", "estimate", "verdict"),
    [(40.0, False, "pass"), (59.7, False, "review"), (59.2, False, "pass"), (59.2, True, "review"), (80, True, "fail")],
)
def test_the_longest_monologue_is_judged(judge, seconds: float, estimate: bool, verdict: str):
    spoken = Monologues(Span(10.0, 10.0 + seconds), None, estimate, "audio")
    result = judge(with_figures(monologues=spoken), check="talk", measure="monologue_longest", at_most=60)
    assert result.verdict == verdict
    assert result.evidence[0].note.startswith("speaks alone from 0:10")


def test_who_said_nothing_has_no_monologue_to_judge(judge):
    silent = with_figures(monologues=Monologues(None, Span(0, 10), False, "audio"))
    for times in (silent, timings(DURATION)):
        result = judge(times, check="talk", measure="monologue_longest", at_most=60)
        assert result.verdict is Verdict.NOT_MEASURED


@pytest.mark.parametrize(
    ("pace", "verdict"),
    [(150.0, "pass"), (195.0, "review"), (205.0, "review"), (240.0, "fail"), (None, "not_measured")],
)
def test_the_pace_is_judged_as_an_estimate(judge, pace: float | None, verdict: str):
    times = with_figures(pace=Pace(pace, 120.0, "audio+words"))
    result = judge(times, check="talk", measure="words_per_minute", at_most=200)
    assert (result.verdict, result.source) == (verdict, "audio+words" if pace else "audio")


def test_the_reason_tells_the_pace_with_its_unit(judge):
    times = with_figures(pace=Pace(240.0, None, "audio+words"))
    result = judge(times, check="talk", measure="words_per_minute", at_most=200)
    assert result.reason == "240 words per minute (wanted: at most 200 words per minute)."


def test_the_share_of_silence_is_judged(judge):
    times = timings(DURATION, talk=Talk(40.0, 41.0, 1.0, 20.0, estimate=False, source="audio"))
    assert judge(times, check="talk", measure="silence_share", at_most=0.3).verdict is Verdict.PASS
    assert judge(times, check="talk", measure="silence_share", at_most=0.1).reason.startswith("20 %")


def test_a_share_above_one_is_refused(tmp_path: Path):
    with pytest.raises(ScorecardError, match="silence_share is a share between 0 and 1"):
        card(tmp_path, {"check": "talk", "measure": "silence_share", "at_most": 30})


def cut(at: float, by: Role) -> Interruption:
    return Interruption(at, by, 1.0)


def test_interruptions_are_cited_with_their_seconds(judge):
    moments = (cut(20.0, Role.MANAGER), cut(30.0, Role.CUSTOMER), cut(70.0, Role.MANAGER))
    result = judge(
        timings(DURATION, interruptions=Interruptions(2, 1, moments=moments)),
        check="talk", measure="interruptions", at_most=1,
    )  # fmt: skip
    assert result.verdict is Verdict.FAIL
    assert [evidence.start for evidence in result.evidence] == [20.0, 70.0]
    assert result.evidence[0].note == "cuts in at 0:20, both speak for 1 s"


def test_what_the_second_manager_does_is_not_held_against_the_first(judge):
    moments = (cut(20.0, Role.MANAGER), cut(90.0, Role.MANAGER))
    times = timings(
        DURATION,
        transfers=[Transfer(60.0, True, "audio+words")],
        interruptions=Interruptions(2, 0, moments=moments),
        dead_air=[Span(30, 37), Span(80, 110)],
    )
    assert judge(times, check="talk", measure="interruptions", at_most=1).verdict is Verdict.PASS
    longest = judge(times, check="talk", measure="dead_air_longest", at_most=10)
    assert (longest.verdict, len(longest.evidence)) == (Verdict.PASS, 1)
    assert judge(times, check="talk", measure="dead_air", at_most=1).verdict is Verdict.PASS


def test_a_silence_is_not_measured_in_a_transcript_alone(tmp_path: Path):
    from qa_engine.domain.timings import Beginning

    pause = [Span(20, 40)]  # between the words: a hold, or dead air
    times = timings(DURATION, beginning=Beginning.UNKNOWN, holds_measured=False, dead_air=pause)
    made = call("manager: hello", times=times)
    criterion = {"check": "talk", "measure": "dead_air_longest", "at_most": 5}
    assert evaluate(made, card(tmp_path, criterion)).criteria[0].verdict is Verdict.NOT_MEASURED
    assert events_for(made.turns, DURATION).num_channels == 2


def recorded(times: Timings, measure: str, figure: float, *, counts: str = "records") -> Timings:
    compared = Comparison(measure, None if counts == "records" else 0.0, figure, counts, "because")
    return replace(times, recorded=RecordedTimes("asterisk cel", "1", "id", (compared,)))


def test_transfers_that_only_the_record_knows_are_judged_by_it(judge):
    times = recorded(timings(DURATION), "transfers", 2.0)
    result = judge(times, check="timing", measure="transfers", at_most=0)
    assert (result.verdict, result.source) == (Verdict.FAIL, "records")


def test_transfers_that_were_heard_are_judged_by_the_sound(judge):
    times = recorded(timings(DURATION), "transfers", 2.0, counts="audio")
    assert judge(times, check="timing", measure="transfers", at_most=0).verdict is Verdict.PASS


def test_hold_time_without_sound_is_judged_by_the_record(judge):
    times = recorded(timings(DURATION, holds_measured=False), "hold_seconds", 45.0)
    result = judge(times, check="timing", measure="hold_total", at_most=60)
    assert (result.verdict, result.source) == (Verdict.PASS, "records")
    assert judge(times, check="timing", measure="hold_total", at_most=45.5).verdict is Verdict.REVIEW


@pytest.mark.parametrize("measure", ["ring_seconds", "rings"])
def test_how_long_an_outbound_call_rings_is_not_the_managers_doing(tmp_path: Path, measure: str):
    made = call("manager: hello", times=rings(40.0), duration=DURATION, direction=Direction.OUTBOUND)
    result = evaluate(made, card(tmp_path, {"check": "timing", "measure": measure, "at_most": 3})).criteria[0]
    assert result.verdict is Verdict.NOT_APPLICABLE
    assert "outbound" in result.reason
