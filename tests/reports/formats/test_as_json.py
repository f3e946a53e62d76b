from __future__ import annotations

import json

import pytest
from report_builders import judge, judged_call, make_call, match, report_on, result
from sample_audit import sample_report

from qa_engine.domain.evaluation import FailedRecording
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Beginning, Hold, HoldKind, Interruptions, Ringing, Talk, Timings, Transfer
from qa_engine.reports.formats.as_json import call_line, failure_line, render, timings_object


def full_timings():
    return Timings(
        duration=183.4,
        beginning=Beginning.BEFORE_ANSWER,
        ringing=Ringing(True, "", 0.4, 9.40444, 2, 9.00444, 0.1, "425 Hz 1.0/4.0", "audio"),
        answered_at=9.40444,
        holds=(Hold(61.2, 84.0, HoldKind.MUSIC, True, "audio"),),
        transfers=(Transfer(84.0, True, "audio+words"),),
        talk=Talk(70.1, 51.3, 2.2, 20.4, False, "audio"),
        dead_air=(Span(120.0, 127.5),),
        interruptions=Interruptions(1, 0),
    )


def test_timings_are_the_object_of_the_contract():
    talk = {"manager": 70.1, "customer": 51.3, "overlap": 2.2, "silence": 20.4, "estimate": False, "source": "audio"}
    assert timings_object(full_timings()) == {
        "duration": 183.4,
        "ringing": {
            "measured": True, "start": 0.4, "end": 9.4, "rings": 2, "seconds": 9.0, "uncertainty": 0.1,
            "tone": "425 Hz 1.0/4.0", "source": "audio",
        },
        "answered_at": 9.4,
        "holds": [
            {"start": 61.2, "end": 84.0, "seconds": 22.8, "kind": "music", "during_transfer": True, "source": "audio"}
        ],
        "transfers": [{"at": 84.0, "announced": True, "source": "audio+words"}],
        "talk": talk,
        "dead_air": [{"start": 120.0, "end": 127.5}],
        "interruptions": {"by_manager": 1, "by_customer": 0},
    }  # fmt: skip


def test_timings_keys_keep_their_order():
    keys = ["duration", "ringing", "answered_at", "holds", "transfers", "talk", "dead_air", "interruptions"]
    assert list(timings_object(full_timings())) == keys


def test_what_was_not_measured_says_so_and_is_never_zero():
    unmeasured = Ringing(measured=False, why="the recording starts at the answer")
    nothing = Timings(10.0, Beginning.UNKNOWN, unmeasured, None, holds_measured=False)
    written = timings_object(nothing)
    assert written["ringing"] == {"measured": False, "why": "the recording starts at the answer"}
    for key in ("holds", "talk", "dead_air", "interruptions"):
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
