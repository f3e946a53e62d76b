from __future__ import annotations

import pytest

from qa_engine.language import get_language
from qa_engine.language.matching import MATCH_AT, NEAR_MISS_AT, PhraseHit, TokenText, find_any, find_phrase


def said(code: str, heard: str) -> TokenText:
    return TokenText.from_words(get_language(code), heard.split())


def best(code: str, heard: str, phrase: str) -> float:
    hits = find_phrase(said(code, heard), phrase)
    return hits[0].similarity if hits else 0.0


RUSSIAN_MATCH = [
    ("добрый день", "добрый день"),
    ("Добрый, день!", "добрый день"),
    ("алло день добрый слушаю", "добрый день"),
    ("доброго дня вам", "добрый день"),
    ("добрыйдень", "добрый день"),
    ("досвидания", "до свидания"),
    ("до свиданья", "до свидания"),
    ("до свидание", "до свидания"),
    ("здраствуйте", "здравствуйте"),
    ("здравствуйти", "здравствуйте"),
    ("здравствуй те", "здравствуйте"),
    ("чем могу вам помочь", "чем могу помочь"),
    ("чем я могу помочь", "чем могу помочь"),
    ("чем могу помоч", "чем могу помочь"),
    ("спасибо вам за звонок", "спасибо за звонок"),
    ("спасибо звонок", "спасибо за звонок"),
    ("благодарю за обращения", "благодарю за обращение"),
    ("остались ли у вас еще вопросы", "остались ли у вас вопросы"),
    ("подождите э-э минутку", "подождите минутку"),
    ("семьдесят четыре рубля", "74 рубля"),
    ("74-х рублей", "семьдесят четыре рубля"),
    ("пока", "пока"),
    ("оставайтесь пожалуйста на линии", "оставайтесь на линии"),
]
RUSSIAN_NOT = [
    ("покой нам только снится", "пока"),
    ("кивок", "пока"),
    ("день рождения", "добрый день"),
    ("добрый человек", "добрый день"),
    ("я не могу помочь", "я могу помочь"),
    ("могу", "чем могу помочь"),
    ("за звонок", "спасибо за звонок"),
    ("до вторника", "до свидания"),
    ("свидание вслепую", "всего доброго"),
    ("все доброе", "всего хорошего"),
    ("дай", "да"),
    ("тридцать рублей", "74 рубля"),
    ("никому не помогу", "всем помогу"),
]
ENGLISH_MATCH = [
    ("hello", "hello"),
    ("good bye", "goodbye"),
    ("goodbye", "good bye"),
    ("have great day", "have a great day"),
    ("have a very great day", "have a great day"),
    ("thank you for falling", "thank you for calling"),
    ("thanks you for calling", "thank you for calling"),
    ("thank you so much for calling", "thank you for calling"),
    ("how may i um help you", "how may i help you"),
    ("how can help you today", "how can i help you today"),
    ("how can i helped you", "how can i help you"),
    ("what's your address", "what is your address"),
    ("seventy four dollars", "74 dollars"),
    ("is there any thing else", "is there anything else"),
    ("is there anything else that i can help you with", "is there anything else i can help you with"),
    ("day good", "good day"),
    ("hi", "hi"),
    ("i apologise for it", "i apologise"),
    ("transfering you now", "transferring you now"),
]
ENGLISH_NOT = [
    ("hell", "hello"),
    ("his", "hi"),
    ("high", "hi"),
    ("saturday", "bastard"),
    ("think", "thanks"),
    ("amount", "just a moment"),
    ("i can help you", "can i help you"),
    ("i can not help you", "i can help you"),
    ("so that", "so what"),
    ("is there anything else i can do", "there is nothing i can do"),
    ("to help you with", "to hell with you"),
    ("are you", "you are lying"),
    ("great", "have a great one"),
    ("water", "whatever"),
    ("calling", "thank you for calling"),
    ("have a day", "have a great weekend"),
]
RUSSIAN_NEAR = [
    ("добрый вам день", "добрый день"),
    ("всего вам доброго", "всего доброго вам"),
]
ENGLISH_NEAR = [("great day", "have a great day"), ("i can help you", "can i help you"), ("hallo", "hello")]


@pytest.mark.parametrize(("heard", "phrase"), RUSSIAN_MATCH)
def test_russian_phrase_is_heard(heard: str, phrase: str) -> None:
    assert best("ru", heard, phrase) >= MATCH_AT


@pytest.mark.parametrize(("heard", "phrase"), RUSSIAN_NOT)
def test_russian_phrase_is_not_taken_for_another(heard: str, phrase: str) -> None:
    assert best("ru", heard, phrase) < MATCH_AT


@pytest.mark.parametrize(("heard", "phrase"), ENGLISH_MATCH)
def test_english_phrase_is_heard(heard: str, phrase: str) -> None:
    assert best("en", heard, phrase) >= MATCH_AT


@pytest.mark.parametrize(("heard", "phrase"), ENGLISH_NOT)
def test_english_phrase_is_not_taken_for_another(heard: str, phrase: str) -> None:
    assert best("en", heard, phrase) < MATCH_AT


@pytest.mark.parametrize(
    ("code", "heard", "phrase"), [("ru", *row) for row in RUSSIAN_NEAR] + [("en", *row) for row in ENGLISH_NEAR]
)
def test_near_miss_goes_to_a_person(code: str, heard: str, phrase: str) -> None:
    assert NEAR_MISS_AT <= best(code, heard, phrase) < MATCH_AT


def test_hit_gives_the_words_it_covers() -> None:
    text = said("en", "well, um, thank you so much for calling. Bye")
    assert find_phrase(text, "thank you so much for calling") == (
        PhraseHit(2, 7, 100.0, "thank you so much for calling"),
    )


def test_repeated_phrase_is_found_each_time() -> None:
    text = said("ru", "добрый день алло добрый день меня слышно добрый день")
    assert sorted(hit.first_word for hit in find_phrase(text, "добрый день")) == [0, 3, 7]


def test_best_hit_comes_first() -> None:
    text = said("ru", "день добрый ромашка добрый день")
    hits = find_phrase(text, "добрый день")
    assert [hit.first_word for hit in hits] == [3, 0]
    assert hits[0].similarity > hits[1].similarity


def test_search_stays_within_the_given_words() -> None:
    text = said("ru", "добрый день да добрый день")
    assert [hit.first_word for hit in find_phrase(text, "добрый день", first=1)] == [3]
    assert [hit.first_word for hit in find_phrase(text, "добрый день", last=2)] == [0]
    assert find_phrase(text, "добрый день", first=1, last=3) == ()


def test_find_any_keeps_the_better_of_overlapping_phrases() -> None:
    text = said("en", "thank you for calling")
    hits = find_any(text, ("thank you", "thank you for calling"))
    assert [hit.phrase for hit in hits] == ["thank you for calling"]


def test_find_any_agrees_with_find_phrase() -> None:
    text = said("ru", "алло добрый день чем могу вам помочь до свиданья всего доброго")
    phrases = get_language("ru").lexicon("greeting") + get_language("ru").lexicon("farewell")
    singly = {hit for phrase in phrases for hit in find_phrase(text, phrase)}
    assert set(find_any(text, phrases)) <= singly
    assert max(hit.similarity for hit in singly) == find_any(text, phrases)[0].similarity


def test_text_without_words_holds_nothing() -> None:
    text = TokenText.from_words(get_language("en"), [])
    assert find_phrase(text, "hello") == () == find_any(text, ("hello",))


def test_phrase_without_words_is_nowhere() -> None:
    assert find_phrase(TokenText.from_words(get_language("en"), ["hello"]), "...") == ()


def test_phrase_that_appears_after_the_text_was_built_is_found() -> None:
    text = said("en", "the zorblatt arrived")
    assert find_phrase(text, "hello") == ()
    assert find_phrase(text, "zorblatt arrived")[0].similarity == 100.0


def test_similarity_does_not_depend_on_what_was_searched_before() -> None:
    heard = "спосибо за зваонок всево доброго"
    first = find_phrase(said("ru", heard), "спасибо за звонок")
    get_language("ru").lexicon("thanks")
    find_any(said("ru", heard), get_language("ru").lexicon("thanks"))
    assert find_phrase(said("ru", heard), "спасибо за звонок") == first
