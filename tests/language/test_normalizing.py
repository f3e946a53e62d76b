from __future__ import annotations

import pytest

from qa_engine.errors import SettingsError
from qa_engine.language import get_language
from qa_engine.language.matching import TokenText


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("Добрый ДЕНЬ!", "добрый день"),
        ("Ёлка, ещё", "елка еще"),
        ("интернет-магазин", "интернет магазин"),
        ("э-э ммм здравствуйте", "здравствуйте"),
        ("Pомашкa", "ромашка"),  # Latin P and a
        ("за́мок", "замок"),
        ("здрасьте", "здравствуйте"),
        ("щас", "сейчас"),
        ("семьдесят четыре колеса", "74 колеса"),
        ("74-х колёс", "74 колес"),
        ("семидесяти четырёх", "74"),
        ("семьюдесятью четырьмя", "74"),
        ("двадцать пятого", "25"),
        ("сто два", "102"),
        ("пять тысяч двадцать", "5020"),
        ("5 тысяч", "5000"),
        ("две тысячи двадцать шестой год", "2026 год"),
        ("два пять", "2 5"),
        ("[шум] алло <unk>", "алло"),
        ("угу", "угу"),
    ],
)
def test_russian_is_brought_to_one_form(heard: str, expected: str) -> None:
    assert get_language("ru").normalize(heard) == expected


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("Hello, World!", "hello world"),
        ("I'm", "i am"),
        ("I’m", "i am"),
        ("don't", "do not"),
        ("what's", "what is"),
        ("cannot", "can not"),
        ("Sainsbury's", "sainsbury"),
        ("O'Brien", "obrien"),
        ("um uh hello", "hello"),
        ("uh huh", "mhm"),
        ("mm hmm", "mhm"),
        ("seventy four", "74"),
        ("seventy-four", "74"),
        ("the 74th", "the 74"),
        ("twenty second", "22"),
        ("one second please", "1 second please"),
        ("two hundred and five", "205"),
        ("salt and five", "salt and 5"),
        ("a hundred and one dollars", "a 101 dollars"),
        ("zero seven five", "0 7 5"),
        ("1,200", "1200"),
        ("café", "cafe"),
        ("nаme", "name"),  # Cyrillic а
        ("[noise] hello <unk>", "hello"),
    ],
)
def test_english_is_brought_to_one_form(heard: str, expected: str) -> None:
    assert get_language("en").normalize(heard) == expected


def test_tokens_remember_their_words() -> None:
    text = TokenText.from_words(get_language("ru"), ["э-э,", "семьдесят", "четыре", "интернет-магазин", "[шум]", "да"])
    assert text.texts == ["74", "интернет", "магазин", "да"]
    assert (text.firsts, text.lasts) == ([1, 3, 3, 5], [2, 3, 3, 5])


def test_back_channel_of_two_words_keeps_both_indices() -> None:
    text = TokenText.from_words(get_language("en"), ["okay", "uh", "huh", "um", "yes"])
    assert (text.texts, text.firsts, text.lasts) == (["okay", "mhm", "yes"], [0, 1, 4], [0, 2, 4])


def test_stem_follows_the_alphabet_of_the_word() -> None:
    russian = get_language("ru")
    assert russian.stem("магазином") == russian.stem("магазин")
    assert russian.stem("calling") == "call"
    assert russian.stem("74") == "74"


def test_languages_are_singletons() -> None:
    assert get_language("ru") is get_language("ru")


def test_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(SettingsError, match=r"'de'.*en, ru"):
        get_language("de")
