from __future__ import annotations

import pytest

from qa_engine.language import get_language


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("аней", "анна"), ("анной", "анна"), ("аню", "анна"), ("анечка", "анна"), ("anna", "анна"),
        ("сергею", "сергей"), ("сережа", "сергей"), ("иваном", "иван"), ("ваню", "иван"), ("марией", "мария"),
        ("ольге", "ольга"), ("петром", "петр"), ("льва", "лев"), ("игоря", "игорь"), ("ильей", "илья"),
        ("дмитрию", "дмитрий"), ("sergey", "сергей"), ("наташа", "наталья"), ("димой", "дмитрий"),
    ],
)  # fmt: skip
def test_russian_forms_lead_to_the_full_name(form: str, name: str) -> None:
    assert get_language("ru").canonical_name(form) == name


@pytest.mark.parametrize(("form", "name"), [("kate", "kate"), ("bob", "robert"), ("emma", "emma"), ("анна", "anna")])
def test_english_forms_lead_to_the_full_name(form: str, name: str) -> None:
    assert get_language("en").canonical_name(form) == name


@pytest.mark.parametrize(
    "word", ["стол", "здравствуйте", "компания", "менеджер", "вопрос", "свет", "тем", "ваш", "тему"]
)
def test_ordinary_russian_words_are_no_names(word: str) -> None:
    assert not get_language("ru").is_first_name(word)
    assert get_language("ru").canonical_name(word) == ""


@pytest.mark.parametrize("word", ["table", "hello", "company", "harper", "valley", "sunny", "sorry", "calling", "the"])
def test_ordinary_english_words_are_no_names(word: str) -> None:
    assert not get_language("en").is_first_name(word)


def test_forms_hold_cases_diminutives_and_the_other_alphabet() -> None:
    forms = get_language("ru").name_forms("Анна")
    assert {"анна", "анной", "анне", "аня", "аней", "анюта", "anna"} <= forms


def test_forms_of_a_diminutive_hold_the_full_name() -> None:
    assert {"анна", "анну", "аня"} <= get_language("ru").name_forms("Аня")


def test_shared_diminutive_belongs_to_both_names() -> None:
    russian = get_language("ru")
    assert "саша" in russian.name_forms("Александр") & russian.name_forms("Александра")


def test_forms_of_another_name_stay_away() -> None:
    russian = get_language("ru")
    assert "ольга" not in russian.name_forms("Анна")
    assert russian.name_forms("Иван").isdisjoint(russian.name_forms("Игорь"))


def test_full_name_comes_with_its_surname_and_without() -> None:
    forms = get_language("ru").name_forms("Анна Петрова")
    assert {"анна", "анна петрова", "петрова анна", "аня"} <= forms
    assert "петрова" not in forms


def test_latin_name_is_found_in_a_russian_call() -> None:
    assert {"анна", "анной"} <= get_language("ru").name_forms("Anna")


def test_russian_name_is_found_in_an_english_call() -> None:
    assert "anna" in get_language("en").name_forms("Анна")


def test_unknown_name_has_at_least_its_own_form_and_cases() -> None:
    assert {"гермиона", "гермионой"} <= get_language("ru").name_forms("Гермиона")


def test_empty_name_has_no_forms() -> None:
    assert get_language("ru").name_forms(" ") == frozenset()


@pytest.mark.parametrize(("code", "at_least"), [("ru", 150), ("en", 300)])
def test_there_are_enough_names(code: str, at_least: int) -> None:
    assert len(get_language(code).names.families) >= at_least
