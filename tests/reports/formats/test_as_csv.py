from __future__ import annotations

import csv
import io

import pytest
from report_builders import judged_call, make_card, match, report_on, result
from sample_audit import sample_report

from qa_engine.domain.evaluation import FailedRecording
from qa_engine.reports.formats.as_csv import COLUMNS, render


def rows_of(text, delimiter=","):
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=delimiter))


def test_one_row_per_call_and_criterion_then_the_failures():
    rows = rows_of(render(sample_report("en")))
    assert len(rows) == 12 * 8 + 2
    assert tuple(rows[0]) == COLUMNS
    assert rows[-1]["error"].startswith("unreadable: a damaged file")


def test_row_holds_verdict_points_and_quote():
    row = rows_of(render(report_on(judged_call(1, "Emma", result("hello", "partial", match("hi there", 2.5))))))[0]
    picked = {key: row[key] for key in ("manager", "started_at", "verdict", "points", "quote", "start", "score")}
    assert picked == {
        "manager": "Emma", "started_at": "2026-11-20 10:16:00", "verdict": "partial", "points": "5",
        "quote": "hi there", "start": "2.5", "score": "50",
    }  # fmt: skip


def test_verdict_that_does_not_count_has_no_points():
    row = rows_of(render(report_on(judged_call(1, "Emma", result("hello", "review")))))[0]
    assert (row["points"], row["score"], row["passed"]) == ("", "", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " ="])
def test_formulas_are_words(start):
    words = f"{start}HYPERLINK(1)"
    report = report_on(
        judged_call(1, words, result("hello", "fail", match(words), title=words, reason=words)),
        failures=[FailedRecording(words, "empty", "0 bytes")],
        card=make_card(),
    )
    rows = rows_of(render(report))
    assert all(rows[0][key].startswith("'") for key in ("manager", "title", "reason", "quote"))
    assert rows[1]["recording"].startswith("'")


def test_line_breaks_and_quotes_survive():
    rows = rows_of(render(report_on(judged_call(1, 'Em"ma,\nC', result("hello")))))
    assert rows[0]["manager"] == 'Em"ma, C'


def test_russian_spreadsheets_get_their_separator_and_decimal_comma():
    report = report_on(
        judged_call(1, "Анна", result("hello", "partial", share=0.25)), card=make_card("hello", language="ru")
    )
    row = rows_of(render(report), delimiter=";")[0]
    assert row["points"] == "2,5"


def test_same_report_gives_the_same_text():
    assert render(sample_report("ru")) == render(sample_report("ru"))
