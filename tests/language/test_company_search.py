from __future__ import annotations

import pytest

from qa_engine.language import get_language
from qa_engine.language.matching import MATCH_AT, NEAR_MISS_AT, PhraseHit, TokenText, find_company

BANK = ["Harper Valley National Bank"]
DAISY = ["Ромашка", "интернет-магазин Ромашка"]
WHEELS = ["74 колеса"]


def said(code: str, heard: str) -> TokenText:
    return TokenText.from_words(get_language(code), heard.split())


def best(code: str, heard: str, names: list[str]) -> float:
    hits = find_company(said(code, heard), names)
    return hits[0].similarity if hits else 0.0


@pytest.mark.parametrize(
    ("code", "heard", "names"),
    [
        ("en", "hello this is harper valley national bank my name is mary", BANK),
        ("en", "hello this is harper valley how can i help", BANK),
        ("en", "hello this is happy valley national thing my name is mary", BANK),
        ("en", "hello this is her provided national bank", BANK),
        ("en", "this is her profile international bank", BANK),
        ("en", "this is carpet valley national bank", BANK),
        ("en", "thanks for calling sunny garden", ["Sunny Garden"]),
        ("en", "thanks for calling sunny gardens", ["Sunny Garden"]),
        ("en", "thanks for calling sunnygarden", ["Sunny Garden"]),
        ("en", "hello this is ramashka", ["Ромашка"]),
        ("ru", "компания ромашка добрый день", DAISY),
        ("ru", "вы позвонили в ромашку", DAISY),
        ("ru", "интернет магазин рамашка слушаю", DAISY),
        ("ru", "компания romashka", DAISY),
        ("ru", "компания ромажка здравствуйте", DAISY),
        ("ru", "компания ро машка здравствуйте", DAISY),
        ("ru", "добрый день семьдесят четыре колеса меня зовут иван", WHEELS),
        ("ru", "магазин 74-х колес", WHEELS),
        ("ru", "вас приветствует компания 74 колеса", WHEELS),
        ("ru", "вы позвонили в магазин семидесяти четырех колес", WHEELS),
    ],
)
def test_company_is_heard(code: str, heard: str, names: list[str]) -> None:
    assert best(code, heard, names) >= MATCH_AT


@pytest.mark.parametrize(
    ("code", "heard", "names"),
    [
        ("en", "hello this is harper valley national bank", ["Happy Motors National"]),
        ("en", "hello this is harper valley national bank", ["Green Valley Garden"]),
        ("en", "hello this is harper valley national bank", ["First Republic Trust"]),
        ("en", "hello this is harper valley national bank", ["National Grid"]),
        ("en", "i went to the bank and to the national shop", BANK),
        ("en", "in the valley it is sunny today", BANK),
        ("en", "the customer has a card", ["Chase"]),
        ("en", "is this your home address", ["Happy Motors"]),
        ("en", "it is a sunny day in the garden", ["Sunny Garden"]),
        ("ru", "компания слушает магазин открыт", DAISY),
        ("ru", "у вас рубашка и рюкзак", DAISY),
        ("ru", "добрый день компания василек", DAISY),
        ("ru", "семьдесят три рубля", WHEELS),
        ("ru", "осталось четыре колеса", WHEELS),
        ("ru", "интернет магазин добрый день", DAISY),
    ],
)
def test_other_words_are_not_taken_for_the_company(code: str, heard: str, names: list[str]) -> None:
    assert best(code, heard, names) < MATCH_AT


@pytest.mark.parametrize(
    ("heard", "names"),
    [
        ("hello this is harper valley national bank", ["Platinum Motors"]),
        ("hello this is harper valley national bank", ["Sunny Garden"]),
        ("the customer has a card", ["Chase"]),
        ("we sell a shirt and a backpack", ["Sunny Garden"]),
    ],
)
def test_far_names_are_not_even_near(heard: str, names: list[str]) -> None:
    assert best("en", heard, names) < NEAR_MISS_AT


def test_name_mangled_beyond_recognition_goes_to_a_person() -> None:
    heard = "hello this is how provide me an external bank claim is linda"
    assert NEAR_MISS_AT <= best("en", heard, BANK) < MATCH_AT


def test_hit_tells_words_and_spelling() -> None:
    text = said("ru", "добрый день магазин ромашка меня зовут анна")
    assert find_company(text, ["Лютик", "Ромашка"]) == (PhraseHit(3, 3, 100.0, "Ромашка"),)


def test_search_stays_within_the_given_words() -> None:
    text = said("ru", "алло да спасибо ромашка")
    assert find_company(text, DAISY, last=2) == ()
    assert find_company(text, DAISY, first=3)[0].first_word == 3


def test_name_of_general_words_only_has_to_be_said_whole() -> None:
    assert best("en", "this is national bank", ["National Bank"]) >= MATCH_AT
    assert best("en", "go to the bank", ["National Bank"]) < MATCH_AT


def test_no_names_and_no_words_give_nothing() -> None:
    assert find_company(TokenText.from_words(get_language("en"), ["hello"]), []) == ()
    assert find_company(TokenText.from_words(get_language("en"), []), BANK) == ()
