from __future__ import annotations

import string
from datetime import datetime

import pytest
from report_builders import report_on
from sample_audit import sample_report

from qa_engine.domain.evaluation import Verdict
from qa_engine.errors import RecordingErrorKind
from qa_engine.reports.figures import mean_of, rate_of
from qa_engine.reports.labels import LABELS
from qa_engine.reports.labels_en import ENGLISH
from qa_engine.reports.labels_ru import RUSSIAN
from qa_engine.reports.wording import MARKS, Wording, plural_form


def fields_of(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_things():
    assert list(ENGLISH) == list(RUSSIAN)
    # (the order too, so that a translator can go line by line)


@pytest.mark.parametrize("key", ENGLISH)
def test_both_languages_fill_the_same_fields(key):
    dates = {"month", "month_short", "day", "year", "clock"}
    assert fields_of(ENGLISH[key]) - dates == fields_of(RUSSIAN[key]) - dates


@pytest.mark.parametrize("key", [key for key in ENGLISH if key.startswith("n_") or key.endswith("_noun")])
def test_nouns_have_all_plural_forms(key):
    assert ENGLISH[key].count("|") == RUSSIAN[key].count("|") == 2


@pytest.mark.parametrize(
    ("num", "words"),
    [
        (0, "0 звонков"), (1, "1 звонок"), (2, "2 звонка"), (5, "5 звонков"), (11, "11 звонков"),
        (12, "12 звонков"), (21, "21 звонок"), (22, "22 звонка"), (111, "111 звонков"), (101, "101 звонок"),
    ],
)  # fmt: skip
def test_russian_plurals(num, words):
    assert Wording("ru").count(num).replace("\u00a0", " ") == words


@pytest.mark.parametrize(("num", "words"), [(0, "0 calls"), (1, "1 call"), (2, "2 calls"), (21, "21 calls")])
def test_english_plurals(num, words):
    assert Wording("en").count(num).replace("\u00a0", " ") == words


def test_shares_of_calls_take_the_genitive_in_russian():
    say = Wording("ru")
    assert say.of_calls(1, 1).replace("\u00a0", " ") == "1 из 1 звонка"
    assert say.of_calls(7, 9).replace("\u00a0", " ") == "7 из 9 звонков"
    assert plural_form("ru", 21) == 0


@pytest.mark.parametrize(
    ("value", "english", "russian"),
    [
        (87.5, "87.5", "87,5"),
        (90.0, "90", "90"),
        (100.0, "100", "100"),
        (-0.04, "0", "0"),
        (-2.5, "−2.5", "−2,5"),
        (0.25, "0.2", "0,2"),
    ],
)
def test_numbers_have_the_decimal_mark_of_the_language(value, english, russian):
    assert (Wording("en").number(value), Wording("ru").number(value)) == (english, russian)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.6, "0:00"), (65.99, "1:05"), (3661, "1:01:01"), (None, "–"), (-1, "0:00")]
)
def test_seconds_of_a_recording_as_a_clock(seconds, shown):
    assert Wording("en").clock(seconds) == shown


def test_dates_in_both_languages():
    moment = datetime(2026, 1, 5, 9, 7)
    assert Wording("en").day(moment) == "5 January 2026"
    assert Wording("ru").day(moment) == "5 января 2026 г."
    assert Wording("en").moment(moment) == "5 Jan 2026, 09:07"
    assert Wording("ru").moment(moment) == "05.01.2026, 09:07"
    assert Wording("ru").moment(None) == "дата неизвестна"


def test_rate_is_said_with_its_number_of_calls_and_its_interval():
    assert Wording("en").rate(rate_of(7, 9)).replace("\u00a0", " ") == "7 of 9 calls, 95% between 45 and 94%"
    assert Wording("ru").rate(rate_of(7, 9)).replace("\u00a0", " ") == "7 из 9 звонков, 95 %: от 45 до 94 %"
    assert Wording("en").rate(rate_of(0, 0)) == "not judged on any call"


def test_wide_intervals_of_a_mean_have_no_decimals():
    assert Wording("ru").interval(mean_of([60.0, 80.0, 95.5])).endswith("34–123")
    assert Wording("en").interval(mean_of([5.0, 5.2, 5.5])) == "95%:\u00a04.6–5.9"


def test_period_is_the_one_asked_for_else_the_days_of_the_calls():
    assert Wording("en").period(report_on(period="November")) == "November"
    assert Wording("en").period(report_on()) == "dates of the calls not known"
    assert Wording("en").period(sample_report("en")) == "20 November 2026"


def test_long_quotes_are_cut():
    assert Wording("en").quoted("word " * 500).endswith("…”")
    assert len(Wording("en").quoted("word " * 500)) <= 402


def test_unknown_language_is_answered_in_english():
    assert Wording("de").say("managers") == "Managers"


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_word_and_a_sign(verdict):
    assert Wording("ru").verdict(verdict)
    assert MARKS[verdict]


@pytest.mark.parametrize("kind", RecordingErrorKind)
def test_every_kind_of_failure_has_words(kind):
    assert f"error_{kind.value}" in LABELS.tables["ru"]
