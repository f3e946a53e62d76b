from __future__ import annotations

import pytest

from qa_engine.language import get_language
from qa_engine.language.matching import MATCH_AT, NEAR_MISS_AT, NameHit, TokenText, find_own_name

RUSSIANS = ("Анна Петрова", "Аня", "Иван Смирнов", "Ольга Кузнецова")
ENGLISH = ("Emma Clark", "Oliver Hughes", "Sophie Turner")


def said(code: str, heard: str) -> TokenText:
    return TokenText.from_words(get_language(code), heard.split())


def hits(code: str, heard: str, roster: tuple[str, ...] = ()) -> tuple[NameHit, ...]:
    return find_own_name(said(code, heard), roster=roster)


@pytest.mark.parametrize(
    ("code", "heard", "name"),
    [
        ("ru", "меня зовут анна", "Анна"),
        ("ru", "Меня зовут Анна, чем могу помочь?", "Анна"),
        ("ru", "зовут меня алексей", "Алексей"),
        ("ru", "анна слушаю вас", "Анна"),
        ("ru", "менеджер алексей добрый день", "Алексей"),
        ("ru", "с вами говорит роман", "Роман"),
        ("ru", "это анна компания ромашка", "Анна"),
        ("ru", "компания ромашка анна слушаю", "Анна"),
        ("ru", "меня зовут анна сергеевна", "Анна Сергеевна"),
        ("ru", "меня зовут петрова анна", "Анна"),
        ("ru", "оператор ольга", "Ольга"),
        ("ru", "на связи дмитрий", "Дмитрий"),
        ("ru", "мое имя сергей", "Сергей"),
        ("ru", "вас приветствует мария", "Мария"),
        ("ru", "меня зовут фрося", "Фрося"),
        ("en", "this is dave speaking", "Dave"),
        ("en", "my name is alyssa", "Alyssa"),
        ("en", "my <unk> name is robert", "Robert"),
        ("en", "might make name is robert", "Robert"),
        ("en", "i'm michelle", "Michelle"),
        ("en", "you're through to sophie", "Sophie"),
        ("en", "emma speaking", "Emma"),
        ("en", "emma here", "Emma"),
        ("en", "hello sunny garden this is emma", "Emma"),
        ("en", "my name is zephyrine", "Zephyrine"),
        ("en", "this is emma clark speaking", "Emma Clark"),
        ("en", "good afternoon this is sophie how can i help", "Sophie"),
        ("en", "an external bank claim is linda how can i help you today", "Linda"),
    ],
)
def test_own_name_is_heard(code: str, heard: str, name: str) -> None:
    found = hits(code, heard)
    assert found[0].name == name
    assert found[0].similarity >= MATCH_AT


@pytest.mark.parametrize(
    ("code", "heard"),
    [
        ("ru", "соединяю с иваном"),
        ("ru", "соединяю вас с менеджером алексеем"),
        ("ru", "ваш менеджер алексей вам перезвонит"),
        ("ru", "моя коллега анна вам ответит"),
        ("ru", "анна здравствуйте"),
        ("ru", "анна добрый день чем могу помочь"),
        ("ru", "как вас зовут анна"),
        ("ru", "вас зовут анна"),
        ("ru", "да слушаю вас"),
        ("ru", "я слушаю"),
        ("ru", "это магазин ромашка"),
        ("ru", "это вера в лучшее"),
        ("ru", "спасибо анна я передам ивану"),
        ("ru", "имя клиента анна"),
        ("en", "my colleague anna will call you"),
        ("en", "this is for john"),
        ("en", "am i speaking with john"),
        ("en", "is this john speaking"),
        ("en", "is dave here"),
        ("en", "your name is linda"),
        ("en", "the company name is linda"),
        ("en", "thank you linda"),
        ("en", "okay linda how can i help you today"),
        ("en", "i will transfer you"),
        ("en", "this is grant money"),
        ("en", "this is harper valley national bank"),
        ("en", "i'm sorry"),
        ("en", "this is john's account"),
    ],
)
def test_other_names_are_not_taken_for_ones_own(code: str, heard: str) -> None:
    assert [hit for hit in hits(code, heard) if hit.similarity >= MATCH_AT] == []


@pytest.mark.parametrize(
    ("code", "heard", "roster", "name"),
    [
        ("ru", "меня зовут анна", RUSSIANS, "Анна Петрова"),
        ("ru", "меня зовут аня", ("Анна Петрова",), "Анна Петрова"),
        ("ru", "меня зовут онна", RUSSIANS, "Анна Петрова"),
        ("ru", "меня зовут anna", RUSSIANS, "Анна Петрова"),
        ("ru", "петрова слушаю", RUSSIANS, "Анна Петрова"),
        ("ru", "меня зовут смирнов иван", RUSSIANS, "Иван Смирнов"),
        ("en", "my name is emma", ENGLISH, "Emma Clark"),
        ("en", "my name is ema", ENGLISH, "Emma Clark"),
        ("en", "my name is sofie", ENGLISH, "Sophie Turner"),
        ("en", "this is grant", ("Grant Hill",), "Grant Hill"),
        ("en", "sunny garden emma how can i help you", ENGLISH, "Emma Clark"),
        ("ru", "магазин ромашка иван смирнов чем могу помочь", RUSSIANS, "Иван Смирнов"),
    ],
)
def test_name_on_the_roster_is_given_in_its_spelling(code: str, heard: str, roster: tuple[str, ...], name: str) -> None:
    found = hits(code, heard, roster)
    assert (found[0].name, found[0].similarity >= MATCH_AT) == (name, True)


def test_another_name_than_the_roster_stays_itself() -> None:
    assert hits("en", "my name is linda", ENGLISH)[0].name == "Linda"


def test_unknown_name_is_less_sure_than_a_known_one() -> None:
    assert hits("en", "my name is zephyrine")[0].similarity < hits("en", "my name is emma")[0].similarity


def test_namesakes_are_told_apart_by_the_surname() -> None:
    roster = ("Анна Петрова", "Анна Белова")
    assert hits("ru", "меня зовут анна белова", roster)[0].name == "Анна Белова"
    assert hits("ru", "меня зовут анна", roster)[0].name == "Анна"


def test_colleagues_name_before_a_greeting_goes_to_a_person() -> None:
    found = hits("ru", "компания ромашка анна здравствуйте", RUSSIANS)
    assert found[0].name == "Анна Петрова"
    assert NEAR_MISS_AT <= found[0].similarity < MATCH_AT


def test_announced_but_unreadable_name_goes_to_a_person() -> None:
    found = hits("en", "my name is how can i help you")
    assert NEAR_MISS_AT <= found[0].similarity < MATCH_AT


def test_hit_covers_the_introduction() -> None:
    found = hits("en", "hello there my name is emma thank you")[0]
    assert (found.first_word, found.last_word) == (2, 5)


def test_search_stays_within_the_given_words() -> None:
    text = said("en", "hello my name is emma")
    assert find_own_name(text, last=3) == ()
    assert find_own_name(text, first=2)[0].name == "Emma"
