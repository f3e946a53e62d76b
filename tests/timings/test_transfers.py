"""Transfers: heard, announced, to whom, how long the wait was, and how the new party begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from talking import listener, listener_to, told

import builders
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Hold, HoldKind, Transfer
from qa_engine.domain.transcript import Turn
from qa_engine.timings.courtesies import Listener
from qa_engine.timings.transfers import find_transfers, mark_transfers

GREETING = "1 manager: good morning sunny garden emma speaking"
ORDER = "5 customer: good morning where is my invoice please"
ANNOUNCED = "9 manager: i will put you through to billing"
NOT_ANNOUNCED = "9 manager: your order number is five three one eight"
NEW = "31 manager: hello my name is oliver how can i help"
HOLD = builders.hold(14.0, 30.0)


def transfers(
    *lines: str, rings: Sequence[Span] = (), hold: Hold = HOLD, probability: float = 0.95, language: str = "en"
) -> tuple[Transfer, ...]:
    return find_transfers([hold], listener(*lines, probability=probability, language=language), rings)


def test_an_announced_transfer_tells_all_about_it() -> None:
    (transfer,) = transfers(GREETING, ORDER, ANNOUNCED, NEW)
    assert (transfer.at, transfer.announced, transfer.to, transfer.wait) == (31.0, True, "billing", 16.0)
    assert transfer.words is not None
    assert (transfer.words.text, transfer.words.start) == ("i will put you through", 9.0)
    assert told(transfer.greeted) == (True, "hello")
    assert told(transfer.introduced) == (True, "my name is oliver")


def test_russian_transfer() -> None:
    (transfer,) = transfers(
        "1 manager: добрый день компания ромашка меня зовут иван",
        "5 customer: мне нужен счёт",
        "8 manager: сейчас перевожу на отдел продаж",
        "31 manager: отдел продаж ольга слушаю",
        language="ru",
    )
    assert (transfer.announced, transfer.to) == (True, "отдел продаж")
    assert told(transfer.greeted) == (False, "")
    assert told(transfer.introduced)[0] is True


def test_a_name_nobody_gave_before_is_a_new_party() -> None:
    (transfer,) = transfers(GREETING, ORDER, NOT_ANNOUNCED, NEW)
    assert (transfer.announced, transfer.to, transfer.words) == (False, "", None)


def test_the_manager_who_says_his_name_again_is_no_new_party() -> None:
    assert transfers(GREETING, ORDER, NOT_ANNOUNCED, "31 manager: this is emma again it is on its way") == ()


def test_a_second_ringing_is_a_transfer() -> None:
    (transfer,) = transfers(GREETING, ORDER, NOT_ANNOUNCED, "31 manager: billing", rings=[Span(20, 29)])
    assert (transfer.announced, transfer.source) == (False, "audio")


def test_beeps_of_a_hold_are_no_second_ringing() -> None:
    hold = replace(HOLD, kind=HoldKind.TONE)
    assert transfers(GREETING, ORDER, NOT_ANNOUNCED, "31 manager: it is on its way", hold=hold) == ()


@pytest.mark.parametrize("back", ["thank you for holding", "the line is busy i am afraid", "they are not answering"])
def test_a_manager_who_comes_back_after_ringing_a_colleague_has_not_transferred(back: str) -> None:
    assert transfers(GREETING, ORDER, ANNOUNCED, f"31 manager: {back}", rings=[Span(20, 29)]) == ()


def test_a_new_party_may_thank_for_waiting_too() -> None:
    assert len(transfers(GREETING, ORDER, ANNOUNCED, "31 manager: thank you for holding my name is oliver")) == 1


def test_an_announced_hold_from_which_the_manager_does_not_come_back_is_a_transfer() -> None:
    assert len(transfers(GREETING, ORDER, ANNOUNCED, "31 manager: billing what is it about")) == 1


def test_a_hold_alone_is_no_transfer() -> None:
    assert transfers(GREETING, ORDER, "9 manager: please hold the line", "31 manager: it is on its way") == ()


def test_an_announced_hold_after_which_only_the_customer_speaks_is_none() -> None:
    assert transfers(GREETING, ORDER, ANNOUNCED, "31 customer: hello is anybody there") == ()


def test_words_alone_are_no_transfer() -> None:
    assert find_transfers([], listener(GREETING, ORDER, ANNOUNCED, NEW), ()) == ()


def test_words_heard_uncertainly_leave_open_whether_it_was_announced() -> None:
    (transfer,) = transfers(
        GREETING, ORDER, NOT_ANNOUNCED, "31 manager: billing", rings=[Span(20, 29)], probability=0.4
    )
    assert transfer.announced is None
    assert told(transfer.greeted) == (None, "the words there were recognised too uncertainly")


def test_a_misheard_announcement_leaves_it_open() -> None:
    (transfer,) = transfers(
        "5 customer: мне нужен счёт",
        "8 manager: сейчас перевожу на бухгалтерию",
        "31 manager: здравствуйте меня зовут ольга",
        language="ru",
    )
    assert transfer.announced in (True, None)


def voiced(*speakers: str) -> Listener:
    lines = (GREETING, ORDER, NOT_ANNOUNCED, "31 manager: hello how can i help you with that invoice", "36 manager: ok")
    turns: list[Turn] = [
        replace(turn, speaker=speaker) for turn, speaker in zip(builders.turns(*lines), speakers, strict=True)
    ]
    return listener_to(turns)


def test_a_new_voice_after_a_hold_is_a_transfer() -> None:
    assert len(find_transfers([HOLD], voiced("one", "two", "one", "three", "three"), ())) == 1


def test_a_new_label_for_a_word_beside_the_old_manager_is_none() -> None:
    assert find_transfers([HOLD], voiced("one", "two", "one", "one", "three"), ()) == ()


def test_holds_that_end_in_a_transfer_are_marked() -> None:
    holds = [builders.hold(5, 8), HOLD]
    marked = mark_transfers(holds, [Transfer(31.0, True, "audio")])
    assert [hold.during_transfer for hold in marked] == [False, True]


def test_a_remnant_of_the_announcement_beside_a_doubtful_word_leaves_it_open() -> None:
    announced = "9 manager: oliver can answer that i will pursue through to him"  # "put you through"
    lines = builders.turns(GREETING, ORDER, announced, NEW)
    for doubtful, expected in ((0.95, False), (0.3, None)):
        words = tuple(replace(word, probability=doubtful) if word.text == "pursue" else word for word in lines[2].words)
        ears = listener_to([*lines[:2], replace(lines[2], words=words), lines[3]])
        (transfer,) = find_transfers([HOLD], ears, ())
        assert transfer.announced is expected
