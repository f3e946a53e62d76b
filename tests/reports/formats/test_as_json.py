from __future__ import annotations

import json
from dataclasses import replace

import pytest
from report_builders import judge, judged_call, make_call, match, report_on, result
from sample_audit import sample_report

from qa_engine.domain.conversation import Interruption, Monologues, Overlap, Pace, Pause, PauseGrade
from qa_engine.domain.evaluation import FailedRecording
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import (
    Beginning,
    Comparison,
    Courtesy,
    Hold,
    HoldKind,
    Interruptions,
    Quote,
    RecordedTimes,
    Ringing,
    Talk,
    Timings,
    Transfer,
)
from qa_engine.domain.transcript import Role
from qa_engine.reports.formats.as_json import call_line, failure_line, render, timings_object

ASKED = Quote("one moment please", Role.MANAGER, 59.0, 60.204)


def full_timings():
    return Timings(
        duration=183.4,
        beginning=Beginning.BEFORE_ANSWER,
        ringing=Ringing(True, "", 0.4, 9.40444, 2, 9.00444, 0.1, "425 Hz 1.0/4.0", "audio"),
        answered_at=9.40444,
        holds=(
            Hold(61.2, 84.0, HoldKind.MUSIC, True, "audio", Courtesy(True, ASKED), Courtesy(None, why="nobody knows")),
        ),
        transfers=(
            Transfer(84.0, True, "audio+words", "billing", 22.8, ASKED, Courtesy(False), Courtesy(None, why="unsure")),
        ),
        talk=Talk(70.1, 51.3, 2.2, 20.4, False, "audio"),
        dead_air=(Span(120.0, 127.5),),
        interruptions=Interruptions(1, 0, moments=(Interruption(30.004, Role.MANAGER, 1.2),)),
        pauses=(
            Pause(100.0, 103.0, PauseGrade.NOTICEABLE, Role.CUSTOMER, Role.MANAGER),
            Pause(120.0, 127.5, PauseGrade.DEAD_AIR, Role.MANAGER, Role.MANAGER),
        ),
        overlaps=(Overlap(30.0, 33.5, Role.MANAGER),),
        monologues=Monologues(Span(10.0, 31.25), None, False, "audio"),
        pace=Pace(151.5, None, "audio+words"),
    )


def test_timings_are_the_object_of_the_contract():
    talk = {
        "manager": 70.1, "customer": 51.3, "overlap": 2.2, "silence": 20.4, "estimate": False, "source": "audio",
        "ratio": 0.577, "silence_share": 0.146, "second_manager": 0.0,
    }  # fmt: skip
    words = {"quote": "one moment please", "role": "manager", "start": 59.0, "end": 60.2}
    assert timings_object(full_timings()) == {
        "duration": 183.4,
        "ringing": {
            "measured": True, "start": 0.4, "end": 9.4, "rings": 2, "seconds": 9.0, "uncertainty": 0.1,
            "tone": "425 Hz 1.0/4.0", "source": "audio",
        },
        "answered_at": 9.4,
        "holds": [
            {
                "start": 61.2, "end": 84.0, "seconds": 22.8, "kind": "music", "during_transfer": True,
                "source": "audio",
                "asked": {"said": True, **words}, "returned": {"said": None, "why": "nobody knows"},
            }
        ],
        "transfers": [
            {
                "at": 84.0, "announced": True, "source": "audio+words", "to": "billing", "wait": 22.8, "words": words,
                "greeted": {"said": False}, "introduced": {"said": None, "why": "unsure"},
            }
        ],
        "talk": talk,
        "dead_air": [{"start": 120.0, "end": 127.5, "seconds": 7.5, "grade": "dead_air", "after": "manager"}],
        "interruptions": {
            "by_manager": 1, "by_customer": 0, "moments": [{"at": 30.0, "by": "manager", "seconds": 1.2}],
        },
        "pauses": {"noticeable": 1, "dead_air": 1, "long": 0, "severe": 0},
        "overlaps": [{"start": 30.0, "end": 33.5, "seconds": 3.5, "by": "manager", "severe": True}],
        "monologues": {
            "manager": {"start": 10.0, "end": 31.25, "seconds": 21.25}, "customer": None, "estimate": False,
            "source": "audio",
        },
        "words_per_minute": {"manager": 151.5, "customer": None, "estimate": True, "source": "audio+words"},
    }  # fmt: skip


def test_timings_keys_keep_their_order():
    keys = ["duration", "ringing", "answered_at", "holds", "transfers", "talk", "dead_air", "interruptions"]
    assert list(timings_object(full_timings()))[: len(keys)] == keys


def test_a_transfer_of_which_nothing_is_known_is_null_and_never_false():
    unsure = Timings(10.0, Beginning.UNKNOWN, Ringing(measured=False), None, transfers=(Transfer(5.0, None, "audio"),))
    (written,) = timings_object(unsure)["transfers"]
    assert (written["announced"], written["to"], written["wait"], written["greeted"]) == (None, None, None, None)


def test_records_stand_beside_the_times_where_there_are_any():
    comparisons = (
        Comparison("ring_seconds", 9.0, 10.25, "records", "they differ"),
        Comparison("transfers", None, 1.0, "records", "the sound does not tell it"),
    )
    recorded = RecordedTimes("asterisk cdr", "1795158902.4", "id", comparisons)
    assert timings_object(replace(full_timings(), recorded=recorded))["records"] == {
        "system": "asterisk cdr",
        "id": "1795158902.4",
        "matched_by": "id",
        "comparisons": [
            {
                "measure": "ring_seconds", "audio": 9.0, "records": 10.25, "difference": 1.25, "counts": "records",
                "why": "they differ",
            },
            {
                "measure": "transfers", "audio": None, "records": 1.0, "difference": None, "counts": "records",
                "why": "the sound does not tell it",
            },
        ],
    }  # fmt: skip
    assert "records" not in timings_object(full_timings())


def test_a_call_stored_by_an_older_version_says_that_it_has_no_such_figures():
    older = Timings(
        60.0, Beginning.AT_ANSWER, Ringing(measured=False), 0.0,
        talk=Talk(20.0, 20.0, 0.0, 20.0, False, "audio"), dead_air=(Span(20.0, 31.0),),
    )  # fmt: skip
    written = timings_object(older)
    for key in ("pauses", "overlaps", "monologues", "words_per_minute"):
        assert "older version" in written[key]["why"]
    assert written["dead_air"] == [{"start": 20.0, "end": 31.0, "seconds": 11.0, "grade": "long", "after": None}]


def test_what_was_not_measured_says_so_and_is_never_zero():
    unmeasured = Ringing(measured=False, why="the recording starts at the answer")
    nothing = Timings(10.0, Beginning.UNKNOWN, unmeasured, None, holds_measured=False)
    written = timings_object(nothing)
    assert written["ringing"] == {"measured": False, "why": "the recording starts at the answer"}
    for key in ("holds", "talk", "dead_air", "interruptions", "pauses", "overlaps", "monologues", "words_per_minute"):
        assert written[key]["measured"] is False
        assert written[key]["why"]
    assert written["answered_at"] is None


def test_holds_that_were_listened_for_and_not_found_are_an_empty_list():
    quiet = Timings(10.0, Beginning.UNKNOWN, Ringing(measured=False), None, holds_measured=True)
    assert timings_object(quiet)["holds"] == []


def test_interruptions_of_a_mono_mix_are_not_measured():
    mono = Timings(10.0, Beginning.UNKNOWN, Ringing(measured=False), None, interruptions=Interruptions(0, 0, False))
    assert timings_object(mono)["interruptions"]["measured"] is False


def test_reasons_are_in_the_language_asked_for():
    nothing = Timings(10.0, Beginning.UNKNOWN, Ringing(measured=False), None)
    assert "речи" in timings_object(nothing, language="ru")["talk"]["why"]


def test_call_line_has_the_keys_of_the_contract_in_order():
    call = make_call(timings=full_timings())
    line = call_line(call, judge(call, result("hello", "pass", match("good day", 0.60444, similarity=99.96))))
    assert list(line) == [
        "call", "recording", "manager", "customer", "started_at", "direction", "language", "duration", "scorecard",
        "score", "passed", "fatal", "criteria", "timings", "roles", "engines", "score_without_fatal", "arithmetic",
    ]  # fmt: skip
    assert list(line["criteria"][0]) == [
        "id", "title", "section", "weight", "verdict", "points", "max_points", "reason", "evidence", "source",
    ]  # fmt: skip
    assert line["criteria"][0]["evidence"] == [
        {
            "kind": "match", "quote": "good day", "role": "manager", "start": 0.6, "end": 1.85, "similarity": 100,
            "note": "",
        }
    ]  # fmt: skip
    assert line["scorecard"] == {"id": "card", "version": "sha256:1"}
    assert line["roles"] == {"confidence": 0.97, "by": "greeting"}
    assert line["started_at"] == "2026-11-20T10:16:00"
    assert (line["score"], line["passed"], line["direction"]) == (100, True, "inbound")


@pytest.mark.parametrize(
    ("verdict", "points"),
    [("pass", 10), ("partial", 5), ("fail", 0), ("review", None), ("not_applicable", None), ("not_measured", None)],
)
def test_points_are_null_where_the_verdict_does_not_count(verdict, points):
    call = make_call()
    criterion = call_line(call, judge(call, result("hello", verdict)))["criteria"][0]
    assert criterion["points"] == points
    assert criterion["max_points"] == 10


def test_fatal_lists_ids_and_keeps_the_score_it_would_have_been():
    call = make_call()
    line = call_line(call, judge(call, result("hello"), result("politeness", "fail", fatal=True)))
    assert (line["score"], line["fatal"], line["score_without_fatal"]) == (0, ["politeness"], 50)


def test_unknown_manager_and_score_are_null():
    call = make_call(manager="")
    line = call_line(call, judge(call, result("hello", "review")))
    assert line["manager"] is None
    assert line["score"] is None
    assert line["passed"] is None


def test_failure_line():
    failed = FailedRecording("day/b.wav", "unreadable", "damaged")
    assert failure_line(failed) == {
        "recording": "day/b.wav",
        "error": {"kind": "unreadable", "message": "damaged"},
    }


def test_file_name_that_is_no_text_can_still_be_written():
    call = make_call(path="day/a\udcff.wav")
    line = call_line(call, judge(call, result("hello")))
    assert json.dumps(line, ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_whole_report_is_json_and_the_same_every_time(language):
    text = render(sample_report(language))
    assert text == render(sample_report(language))
    report = json.loads(text)
    assert report["totals"]["num_calls"] == 12
    assert report["managers"][0]["calls"][0]["criteria"][0]["id"] == "hello"
    assert report["managers"][-1]["name"] == ""
    assert report["failures"][0]["error"]["kind"] == "empty"


def test_report_keeps_rates_with_their_numbers():
    report = json.loads(render(report_on(judged_call(1, "Emma", result("hello", "fail")))))
    rate = report["managers"][0]["criteria"][0]["rate"]
    assert rate == {"num_pass": 0, "num_judged": 1, "percent": 0, "low": 0, "high": 79.35}
