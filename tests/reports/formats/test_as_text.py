from __future__ import annotations

import io

import pytest
from report_builders import judged_call, make_card, report_on, result
from rich.console import Console
from sample_audit import sample_report

from qa_engine.domain.evaluation import FailedRecording
from qa_engine.reports.formats.as_text import render, render_plain


def on_terminal(report):
    buffer = io.StringIO()
    Console(file=buffer, width=80, force_terminal=True, color_system="standard").print(render(report))
    return buffer.getvalue()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_fits_80_columns_with_every_column_there(language):
    lines = render_plain(sample_report(language)).splitlines()
    assert max(map(len, lines)) <= 80
    head = next(line for line in lines if line.startswith(("Manager", "Менеджер")))
    assert head.split()[-1] in ("Review", "Вручную")


def test_row_of_a_manager():
    row = next(line for line in render_plain(sample_report()).splitlines() if line.startswith("Emma Clark  "))
    assert row.split() == ["Emma", "Clark", "5", "90", "(77–100)", "4/5", "9.8", "s", "4/5", "3/5", "0", "5"]


def test_what_to_improve_is_told_with_advice():
    text = render_plain(sample_report())
    assert "1. Followed the dialogue rules: 3 of 5 calls." in text.replace("\u00a0", " ")
    assert "Write the four words" in text


def test_fatal_calls_and_unreadable_recordings_are_listed():
    text = render_plain(sample_report())
    assert "With a fatal fault: 1" in text
    assert "Recordings that could not be scored: 2" in text
    assert "0 bytes; leave it out or copy it again" in text


def test_speed_of_answer_says_where_it_was_not_measured():
    text = render_plain(sample_report()).replace("\u00a0", " ")
    assert "measured on 9 of 12 calls" in text
    assert "3 calls: the recording starts at the answer" in text


def test_colour_only_on_a_terminal():
    report = sample_report()
    assert "\x1b[" in on_terminal(report)
    assert "\x1b" not in render_plain(report)


def test_names_cannot_move_the_cursor_or_be_read_as_markup():
    report = report_on(
        judged_call(1, "[red]\x1b[2JEve[/red]", result("hello")),
        failures=[FailedRecording("\x1b[2J.wav", "empty", "[bold]\x1b]0;title\x07")],
        card=make_card("hello", company="[link=x]"),
    )
    text = render_plain(report)
    assert "\x1b" not in text
    assert "\x1b[2J" not in on_terminal(report)
    assert "[red]" in text


def test_customers_numbers_are_hidden():
    assert "4955550" not in render_plain(sample_report())


def test_report_without_calls_says_so():
    assert "No call was judged." in render_plain(report_on())
