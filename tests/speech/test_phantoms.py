import time

import pytest

from qa_engine.domain.transcript import Word
from qa_engine.speech import phantoms
from qa_engine.speech.phantoms import Evidence, mean_probability, sift_words

CLEAR = 0.9


def said(text, *, start=10.0, each=0.4, probability=CLEAR):
    """Words of `each` seconds one behind the other."""
    return tuple(
        Word(one, round(start + at * each, 3), round(start + (at + 1) * each, 3), probability)
        for at, one in enumerate(text.split())
    )


def speech(words, **more):
    """A clip as long as its words, in which the recogniser has no doubt."""
    return Evidence(0.3 + 0.4 * len(words), **{"no_speech": 0.01, "mean_logprob": -0.2, "level_db": -20.0, **more})


def sift(text, *, probability=CLEAR, hotwords=(), **more):
    words = said(text, probability=probability)
    return sift_words(words, speech(words, **more), hotwords=hotwords)


def kept(text, **more):
    return " ".join(one.text for one in sift(text, **more) if not one.left_out)


def reasons(text, **more):
    return {one.left_out for one in sift(text, **more)}


CREDITS = [
    "Субтитры сделал DimaTorzok",
    "Субтитры сделал Дима Торжок.",
    "Субтитры зделал DimaTorzok",
    "субтитры создавал dimatorzok",
    "Субтитры подготовил А.Синецкий",
    "Субтитры добавил DimaTorzok.",
    "Редактор субтитров А.Семкин Корректор А.Егорова",
    "Редактор субтитров А. Семкин. Корректор А. Егорова.",
    "Редактор субтитров А.Синецкая Корректор А.Егорова",
    "Subtitles by the Amara.org community",
    "Subtitles by the Amara.org community.",
    "Subtitled by Jane Doe",
    "Transcription by CastingWords",
    "Transcript Emily Beynon",
    "www.mooji.org",
]
CLOSINGS = [
    "Продолжение следует...",
    "Спасибо за просмотр!",
    "Спасибо за просмотр! Спасибо за просмотр!",
    "Подписывайтесь на канал.",
    "Ставьте лайки и подписывайтесь на канал!",
    "Не забудьте подписаться на канал",
    "Thanks for watching!",
    "Thank you for watching.",
    "Please subscribe",
    "Don’t forget to like and subscribe!",
    "To be continued...",
    "you",
    "You. You.",
]
SPOKEN = [
    "Спасибо.",
    "Спасибо большое, до свидания.",
    "Спасибо за внимание.",
    "До свидания.",
    "Thank you.",
    "Thank you very much.",
    "Thank you for waiting.",
    "You too.",
    "You are welcome.",
    "Thanks for calling.",
    "Okay.",
    "Bye.",
    "Bye-bye.",
    "I'm sorry.",
    "Подписывайтесь на наш канал, там все акции.",
    "Подписывайтесь на наш телеграм канал.",
    "Продолжение следует на следующей неделе, мы вам перезвоним.",
    "Да, продолжение следует. Я перезвоню вам завтра.",
    "Спасибо за просмотр квартиры, мы подумаем.",
    "Мне нужны субтитры к обучающему видео.",
    "Субтитры можно сделать за два дня.",
    "Кто редактор субтитров у вас в компании?",
    "Здравствуйте, компания Ромашка, меня зовут Анна.",
    "Do you make subtitles for videos?",
    "I would like to subscribe to your newsletter.",
    "Thank you for watching my dog while I was away.",
    "Да да да да.",
    "Нет нет нет.",
    "Алло. Алло. Алло.",
    "No no no no.",
]


@pytest.mark.parametrize("text", CREDITS)
def test_a_credit_of_subtitles_is_never_speech(text):
    assert kept(text) == ""
    assert reasons(text) == {phantoms.CREDIT}


@pytest.mark.parametrize("text", CLOSINGS)
def test_the_closing_of_a_video_by_itself_is_no_speech(text):
    assert reasons(text) == {phantoms.CLOSING}


@pytest.mark.parametrize("text", SPOKEN)
def test_what_people_say_on_the_phone_stays(text):
    (one,) = sift(text)
    assert (one.text, one.left_out) == (text, "")


@pytest.mark.parametrize("text", ["Спасибо.", "Большое спасибо!", "Thank you.", "Thank you very much.", "Bye."])
@pytest.mark.parametrize(
    "doubt", [{"no_speech": 0.8}, {"mean_logprob": -1.4}, {"level_db": -58.0}, {"probability": 0.2}]
)
def test_a_courtesy_alone_goes_where_something_more_speaks_against_speech(text, doubt):
    assert reasons(text, **doubt) == {phantoms.COURTESY}


def test_a_courtesy_alone_in_a_long_clip_goes():
    (one,) = sift_words(said("Thank you."), Evidence(6.0, 0.1, -0.3, -20.0))
    assert one.left_out == phantoms.COURTESY


@pytest.mark.parametrize("doubt", [{"no_speech": 0.8}, {"mean_logprob": -1.4}, {"level_db": -58.0}])
def test_doubt_alone_leaves_no_sentence_out(doubt):
    assert kept("Спасибо, что позвонили в нашу компанию.", **doubt) == "Спасибо, что позвонили в нашу компанию."


def test_a_window_that_whisper_itself_takes_for_silence_is_left_out():
    assert reasons("Добрый день, чем помочь?", no_speech=0.9, mean_logprob=-1.5) == {phantoms.NO_SPEECH}


def test_a_credit_behind_speech_is_cut_off_and_the_speech_stays():
    spoken, credit = sift("Всего доброго, до свидания. Субтитры сделал DimaTorzok")
    assert (spoken.text, spoken.left_out) == ("Всего доброго, до свидания.", "")
    assert (credit.text, credit.left_out) == ("Субтитры сделал DimaTorzok", phantoms.CREDIT)
    assert spoken.end <= credit.start


def test_a_credit_is_found_without_a_full_stop_before_it():
    assert kept("До свидания Субтитры сделал DimaTorzok") == "До свидания"
    assert kept("До свидания Редактор субтитров А.Семкин Корректор А.Егорова") == "До свидания"


def test_a_closing_behind_speech_goes_only_where_the_recogniser_guesses():
    words = said("Я поняла.") + said("Продолжение следует...", start=12.0, probability=0.1)
    assert [one.left_out for one in sift_words(words, speech(words))] == ["", phantoms.CLOSING]
    assert kept("Я поняла. Продолжение следует...") == "Я поняла. Продолжение следует..."


def test_a_closing_behind_a_courtesy_goes_and_the_courtesy_stays():
    assert kept("До свидания. Продолжение следует...") == "До свидания."


@pytest.mark.parametrize("text", ["[музыка]", "(applause)", "♪ ♪", "*звонит телефон*"])
def test_a_label_of_a_sound_is_no_speech(text):
    assert reasons(text) == {phantoms.LABEL}


def test_of_a_loop_the_first_time_stays_and_the_rest_is_told():
    said_once, loop = sift("Одну минуту пожалуйста я посмотрю " + "вот здесь " * 7)
    assert said_once.text == "Одну минуту пожалуйста я посмотрю вот здесь"
    assert (loop.text.split(), loop.left_out) == (["вот", "здесь"] * 6, phantoms.LOOP)
    assert loop.start >= said_once.end


def test_speech_behind_a_loop_stays():
    heard = sift("вот здесь " * 7 + "сто рублей")
    assert [one.text for one in heard if not one.left_out] == ["вот здесь сто рублей"]


def test_a_courtesy_in_a_loop_is_no_speech_at_all():
    assert kept("Thank you. " * 9) == ""


def test_more_words_than_anybody_can_say_are_left_out():
    words = said("а у нас в квартире газ а у вас вот так", each=0.1)
    assert {one.left_out for one in sift_words(words, Evidence(1.1))} == {phantoms.TOO_FAST}
    assert {one.left_out for one in sift_words(words, Evidence(2.5))} == {""}


def test_a_few_short_words_in_a_short_clip_stay():
    (one,) = sift_words(said("да да да ну да", each=0.1), Evidence(0.5))
    assert one.left_out == ""


NAMES = ("Ромашка", "Анна Петрова", "Иван Сидоров", "Ольга Ким")


def test_the_list_of_names_read_back_is_no_speech():
    assert reasons("Ромашка, Анна Петрова, Иван Сидоров", hotwords=NAMES) == {phantoms.READ_BACK}


def test_a_greeting_by_company_and_name_stays_unless_in_doubt():
    assert reasons("Ромашка, Анна Петрова.", hotwords=NAMES) == {""}
    assert reasons("Ромашка, Анна Петрова.", hotwords=NAMES, no_speech=0.9) == {phantoms.READ_BACK}


def test_names_said_in_another_order_stay():
    assert reasons("Иван Сидоров, Анна Петрова, Ольга Ким", hotwords=NAMES) == {""}


def test_an_empty_name_counts_for_nothing():
    assert reasons("Ромашка", hotwords=("Ромашка", "", "-", "")) == {""}
    assert reasons("Анна", hotwords=("", "Анна"), no_speech=0.9) == {""}


def test_a_long_roster_costs_no_time():
    roster = tuple(f"Имя{at} Фамилия{at}" for at in range(300))
    begun = time.perf_counter()
    assert kept("добрый день компания ромашка", hotwords=roster) == "добрый день компания ромашка"
    assert reasons(" ".join(roster[100:103]), hotwords=roster) == {phantoms.READ_BACK}
    assert time.perf_counter() - begun < 0.5  # seconds; trying every stretch of the roster took three for each clip


def test_no_words_no_utterances():
    assert sift_words((), Evidence(2.0)) == ()
    assert mean_probability(()) is None


def test_every_word_comes_back_exactly_once():
    words = said("До свидания. Субтитры сделал DimaTorzok. " + "ну вот " * 8 + "[музыка]")
    back = sorted((word for one in sift_words(words, speech(words)) for word in one.words), key=lambda one: one.start)
    assert back == list(words)


@pytest.mark.parametrize("reason", phantoms.REASONS)
def test_reasons_are_short_enough_for_a_line(reason):
    assert 0 < len(reason) < 50
