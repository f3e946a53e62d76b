"""Asked before a hold, thanked after it: yes with the words, no, or cannot tell and why."""

from __future__ import annotations

from dataclasses import replace

import pytest
from talking import listener, listener_to, talking, told

import builders
from qa_engine.domain.timings import Hold
from qa_engine.domain.transcript import Role
from qa_engine.timings.courtesies import Listener
from qa_engine.timings.hold_manners import judge_manners
from qa_engine.timings.spoken import SpokenWords

ORDER = "2 customer: where is my order please"
ASKED = "6 manager: please hold the line for a moment"
NOT_ASKED = "6 manager: your order number is five three one eight"
THANKED = "31 manager: thank you for holding it is on its way"
NOT_THANKED = "31 manager: it is on its way to you now"


def held(ears: Listener, *, during_transfer: bool = False) -> Hold:
    hold = builders.hold(10.0, 30.0, during_transfer=during_transfer)
    return judge_manners([hold], ears, answered_at=0.0)[0]


def test_asking_and_thanking_are_quoted_with_their_seconds() -> None:
    hold = held(listener(ORDER, ASKED, THANKED))
    assert told(hold.asked) == (True, "please hold the line")
    assert told(hold.returned) == (True, "thank you for holding")
    assert hold.asked is not None
    assert hold.asked.quote is not None
    assert (hold.asked.quote.role, hold.asked.quote.start, hold.asked.quote.end) == (Role.MANAGER, 6.0, 7.6)


def test_what_was_not_said_and_heard_clearly_is_no() -> None:
    hold = held(listener(ORDER, NOT_ASKED, NOT_THANKED))
    assert (told(hold.asked), told(hold.returned)) == ((False, ""), (False, ""))


def test_an_announced_transfer_asks_to_wait_too() -> None:
    assert told(held(listener(ORDER, "6 manager: i will put you through to billing")).asked)[0] is True


def test_russian_manners() -> None:
    ears = listener(
        "2 customer: есть жёлтые тюльпаны",
        "5 manager: Сейчас уточню. Оставайтесь, пожалуйста, на линии.",
        "31 manager: Спасибо за ожидание.",
        language="ru",
    )
    hold = held(ears)
    assert told(hold.asked) == (True, "Оставайтесь, пожалуйста, на линии.")
    assert told(hold.returned) == (True, "Спасибо за ожидание.")


def test_words_recognised_uncertainly_leave_it_open() -> None:
    hold = held(listener(ORDER, NOT_ASKED, NOT_THANKED, probability=0.4))
    assert told(hold.asked) == (None, "the words there were recognised too uncertainly")
    assert told(hold.returned)[0] is None


@pytest.mark.parametrize(("doubtful", "said"), [(1, False), (2, None)])
def test_two_doubtful_words_in_a_row_leave_it_open(doubtful: int, said: bool | None) -> None:
    customer, manager = builders.turns(ORDER, NOT_ASKED)
    words = tuple(
        replace(word, probability=0.3) if 2 <= index < 2 + doubtful else word
        for index, word in enumerate(manager.words)
    )
    assert told(held(listener_to([customer, replace(manager, words=words)])).asked)[0] is said


def test_something_like_it_leaves_it_open() -> None:
    near = held(listener(ORDER, "6 manager: i transfer the money for you now", THANKED))
    assert told(near.asked) == (None, "something like it was heard there")


def test_words_that_are_certainly_something_else_are_nothing_like_it() -> None:
    assert told(held(listener(ORDER, "6 manager: thank you for holding", NOT_THANKED)).asked) == (False, "")


def test_speech_without_words_leaves_it_open() -> None:
    words = SpokenWords(builders.turns(ORDER, NOT_ASKED, NOT_THANKED), "en")
    voices = talking(((6, 9.6), (26.5, 29), (31, 35)), ((2, 4.4),))
    hold = builders.hold(10.0, 24.0)
    (judged,) = judge_manners([hold], Listener(words, voices), answered_at=0.0)
    assert told(judged.asked) == (False, "")
    assert told(judged.returned) == (None, "there is speech there without recognised words")


def test_a_phrase_under_the_customers_name_leaves_a_mix_open() -> None:
    lines = (ORDER, "6 customer: please hold the line for a moment")
    assert told(held(listener(*lines)).asked) == (None, "it was said there, but possibly by the customer")
    words = SpokenWords(builders.turns(*lines), "en")
    stereo = Listener(words, talking(((0, 1.5),), ((2, 4.4), (6, 9.2))))
    assert told(held(stereo).asked) == (False, "")


def test_unknown_words_leave_it_open() -> None:
    ears = Listener(SpokenWords((), "en"), talking(((0, 9), (31, 40)), ()))
    assert told(held(ears).asked) == (None, "the words of the call are not known")


def test_a_hold_before_anybody_spoke_is_open() -> None:
    ears = Listener(SpokenWords(builders.turns(THANKED), "en"), talking(((31, 35),), ()))
    assert told(held(ears).asked) == (None, "nobody speaks there")


def test_nobody_coming_back_is_not_held_against_the_manager() -> None:
    assert told(held(listener(ORDER, ASKED)).returned) == (None, "nobody came back before the recording ended")


def test_the_first_manager_need_not_thank_where_another_took_the_call() -> None:
    ears = listener(ORDER, ASKED, "31 manager: good morning my name is oliver")
    assert told(held(ears, during_transfer=True).returned) == (None, "somebody else took the call")
    assert told(held(ears).returned) == (False, "")


def test_thanks_of_the_second_manager_are_kept() -> None:
    assert told(held(listener(ORDER, ASKED, THANKED), during_transfer=True).returned)[0] is True


def test_words_of_one_hold_do_not_count_for_the_next() -> None:
    ears = listener(ORDER, ASKED, THANKED, "60 manager: it is on its way")
    first, second = judge_manners([builders.hold(10, 30), builders.hold(36, 59)], ears, answered_at=0.0)
    assert (told(first.asked)[0], told(first.returned)[0]) == (True, True)
    assert (told(second.asked)[0], told(second.returned)[0]) == (False, False)
