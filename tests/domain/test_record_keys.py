import pytest

from qa_engine.domain.record_keys import is_telling, number_key, recording_key, recording_stem


@pytest.mark.parametrize(
    "number",
    [
        "+7 (999) 000-00-01",
        "89990000001",
        "9990000001",
        "8 999 000 00 01",
        "+79990000001,102",
        "sip:+79990000001@10.0.0.17:5060",
        "79990000001;user=phone",
        "<sip:79990000001@host>",
    ],
)
def test_spellings_of_a_number_have_one_key(number):
    assert number_key(number) == "9990000001"


@pytest.mark.parametrize("number", ["", "anonymous", "Restricted", "+", "0", "0000000000", "sip:anonymous@10.0.0.17"])
def test_a_hidden_number_has_no_key(number):
    assert number_key(number) == ""


def test_a_short_number_is_its_own_key():
    assert number_key("101") == "101"
    assert number_key("1234567") != number_key("+7 999 123-45-67")


@pytest.mark.parametrize(
    ("path", "stem"),
    [
        ("call.wav", "call"),
        ("day/call.WAV", "call"),
        ("C:\\day\\call.wav49", "call"),
        ("call.wav.mp3", "call"),
        ("call.wav.json", "call"),
        ("1732087200.25", "1732087200.25"),
        ("1732087200.25.gsm", "1732087200.25"),
        ("out.anna", "out.anna"),
        ("Q-2024.sln16", "Q-2024"),
        (".wav", ".wav"),
        ("", ""),
    ],
)
def test_the_stem_of_a_recording_has_no_folder_and_no_suffix_of_sound(path, stem):
    assert recording_stem(path) == stem


def test_the_key_of_a_recording_survives_case_and_decomposed_letters():
    assert recording_key("день/Звонок-Й.WAV") == recording_key("звонок-и\u0306.mp3")


@pytest.mark.parametrize(("record_id", "telling"), [("2", False), ("12345", False), ("123456", True), ("", False)])
def test_short_counters_tell_nothing(record_id, telling):
    assert is_telling(record_id) is telling
