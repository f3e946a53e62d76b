from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_engine.reports.cleaning import clean_text, encodable, mask_customer, mask_name, mask_text, tame_formula


@pytest.mark.parametrize(
    ("customer", "shown"),
    [("+7 916 555-01-01", "•••0101"), ("4955550101", "•••0101"), ("102", "102"), ("", ""), ("anonymous", "anonymous")],
)
def test_only_the_last_four_digits_of_a_number_are_shown(customer, shown):
    assert mask_customer(customer) == shown


def test_number_in_the_name_of_a_recording_is_hidden_and_the_times_stay():
    path = "day/external-101-4955550101-20261120-101502-1763622902.11.wav"
    assert mask_name(path, "4955550101") == "external-101-•••0101-20261120-101502-1763622902.11.wav"


def test_number_is_hidden_however_the_file_name_writes_its_country_code():
    assert mask_name("in_+74955550101_x.wav", "84955550101") == "in_•••0101_x.wav"


def test_short_number_of_the_customer_is_hidden_in_the_name():
    assert mask_name("a-5550101-b.wav", "5550101") == "a-•••0101-b.wav"


def test_number_is_hidden_where_the_customer_is_not_known():
    assert mask_name("call_79165550101.wav") == "call_•••0101.wav"


@pytest.mark.parametrize("stamp", ["20261120101502", "202611201015", "1763622902", "1763622902123"])
def test_times_in_names_are_no_phone_numbers(stamp):
    assert mask_name(f"q-{stamp}.wav") == f"q-{stamp}.wav"


def test_windows_folders_are_left_out_of_the_name():
    assert mask_name(r"C:\calls\a.wav") == "a.wav"


def test_numbers_in_messages_are_hidden():
    assert mask_text("day/79165550101.wav: damaged") == "day/•••0101.wav: damaged"


def test_terminal_and_direction_controls_are_taken_out():
    assert clean_text("a\x1b[31mb\u202ec\nd\x00") == "a [31mbc d"


@pytest.mark.parametrize("text", ["=1+1", "+7916", "-1", "@SUM(A1)", " =1", "\t=1", "＝1"])
def test_formula_starts_are_led_in_by_an_apostrophe(text):
    assert tame_formula(text) == "'" + text


def test_plain_words_stay_as_they_are():
    assert tame_formula("good day = fine") == "good day = fine"


@given(st.text(st.characters(codec=None)))
def test_cleaned_text_can_be_written_and_cleaning_twice_changes_nothing(text):
    cleaned = clean_text(text)
    assert isinstance(cleaned.encode("utf-8"), bytes)
    assert clean_text(cleaned) == cleaned


def test_undecodable_bytes_of_a_file_name_are_written_out():
    assert encodable("a\udcff.wav") == "a\\udcff.wav"
