from __future__ import annotations

import re

import pytest

from qa_engine.language import get_language
from qa_engine.language.lexicons import LEXICON_NAMES, load_lines
from qa_engine.language.matching import TokenText, find_phrase

EVERY = [(code, name) for code in ("ru", "en") for name in LEXICON_NAMES]
SMALLEST = 15


@pytest.mark.parametrize(("code", "name"), EVERY)
def test_lexicon_has_phrases_without_duplicates(code: str, name: str) -> None:
    language = get_language(code)
    normal = [language.normalize(phrase) for phrase in language.lexicon(name)]
    assert len(normal) >= SMALLEST
    assert all(normal)
    assert sorted(normal) == sorted(set(normal))


@pytest.mark.parametrize(("code", "name"), [pair for pair in EVERY if pair[1] != "own_name_intro"])
def test_every_phrase_finds_itself(code: str, name: str) -> None:
    language = get_language(code)
    for phrase in language.lexicon(name):
        words = phrase.split()
        hit = find_phrase(TokenText.from_words(language, words), phrase)[0]
        assert (hit.similarity, hit.first_word, hit.last_word) == (100.0, 0, len(words) - 1), phrase


@pytest.mark.parametrize("code", ["ru", "en"])
def test_every_introduction_has_one_place_for_the_name(code: str) -> None:
    assert all(len(re.findall(r"\{name\}", line)) == 1 for line in get_language(code).lexicon("own_name_intro"))


@pytest.mark.parametrize("code", ["ru", "en"])
def test_no_name_stands_twice(code: str) -> None:
    names = [line.partition(":")[0].strip() for line in load_lines(code, "first_names")]
    assert len(names) == len(set(names))
    assert all(
        get_language(code).normalize(line.replace(":", "")) == " ".join(line.replace(":", " ").split())
        for line in load_lines(code, "first_names")
    )


def test_unknown_lexicon_names_the_known_ones() -> None:
    with pytest.raises(KeyError, match="greeting"):
        get_language("ru").lexicon("jokes")


@pytest.mark.parametrize("code", ["ru", "en"])
def test_lexicon_names_are_the_same_in_every_language(code: str) -> None:
    assert get_language(code).lexicon_names == LEXICON_NAMES


INNOCENT = {
    "ru": [
        "здравствуйте компания ромашка меня зовут анна чем могу помочь",
        "да конечно сейчас я проверю ваш заказ подождите пожалуйста",
        "ваш заказ приедет завтра в первой половине дня курьер вам позвонит",
        "у нас есть дорогой вариант и вариант подешевле какой вам удобнее",
        "к сожалению этого товара сейчас нет но я могу предложить замену",
        "я прошу прощения за задержку это наша вина мы все исправим",
        "нет ничего страшного мы можем вам помочь с возвратом",
        "вы можете посмотреть на сайте или я отправлю вам ссылку",
        "девушка которая принимала заказ записала ваш адрес неправильно",
        "больной зуб лучше показать врачу а у нас только щетки",
        "скажите пожалуйста вы читали условия доставки я могу рассказать",
        "спасибо за звонок всего доброго до свидания",
        "давайте я вам помогу оформить заказ как вас зовут",
        "все равно какой цвет или хотите именно красный",
        "тупой нож можно заточить у нас в мастерской",
        "вы сами выберете время доставки или вам подсказать",
    ],
    "en": [
        "hello this is sunny garden my name is emma how can i help you today",
        "thank you for calling have a great day",
        "i am sorry about that it is our mistake and we will fix it",
        "that is no problem at all i can help you with that",
        "you should have received an email with the tracking number",
        "i do care about your order and i will call the driver",
        "there is nothing to worry about your order is on its way",
        "you can look it up on our website or i can send you the link",
        "the crazy sale starts on saturday and ends on sunday",
        "could you tell me what you would like to do",
        "did you read the instructions or shall i go through them with you",
        "let me check that for you one moment please",
        "is there anything else i can help you with today",
        "we have got other colours if you like",
        "do you want me to send it to you again",
        "the lawn mower is dumb proof and very easy to use",
    ],
}  # fmt: skip
OFFENCES = [name for name in LEXICON_NAMES if name.startswith("offence_")]


@pytest.mark.parametrize(("code", "sentence"), [(code, one) for code, those in INNOCENT.items() for one in those])
def test_innocent_sentences_hold_no_offence(code: str, sentence: str) -> None:
    language = get_language(code)
    text = TokenText.from_words(language, sentence.split())
    phrases = [phrase for name in OFFENCES for phrase in language.lexicon(name)]
    found = [hit for phrase in phrases for hit in find_phrase(text, phrase) if hit.similarity >= 85]
    assert found == []
