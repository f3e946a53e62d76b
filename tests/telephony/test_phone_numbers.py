from qa_engine.domain.record_keys import number_key
from qa_engine.telephony.reader import ReadingOptions
from qa_engine.telephony.record_files import digits_of, is_extension


def test_digits_are_what_is_left():
    assert digits_of("+7 (916) 123-45-67") == "79161234567"


def test_spellings_of_one_number_have_one_key():
    assert len({number_key(text) for text in ("+7 916 123-45-67", "89161234567", "9161234567", "0079161234567")}) == 1


def test_short_digits_are_an_extension():
    assert is_extension("101", ReadingOptions())
    assert not is_extension("123456", ReadingOptions())
    assert is_extension("123456", ReadingOptions(extension_digits=6))


def test_no_number_and_no_digits_are_no_extension():
    assert not any(is_extension(text, ReadingOptions()) for text in ("", "*97", "anna", "+101", "١٠١"))
