"""To whom a call is transferred, from the words of the announcement."""

from __future__ import annotations

from dataclasses import replace

import pytest

import builders
from qa_engine.language import get_language
from qa_engine.timings.destinations import find_destination
from qa_engine.timings.spoken import SpokenWords


def destination(text: str, language: str) -> str:
    words = SpokenWords(builders.turns(f"manager: {text}"), language)
    (said, *_) = (one for one in words.find("transfer") if one.certain)
    return find_destination(said, get_language(language))


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("Сейчас перевожу на отдел доставки.", "отдел доставки"),
        ("Сейчас переведу вас на Ольгу, оставайтесь на линии.", "Ольгу"),
        ("я вас переключу на технический отдел одну минуту", "технический отдел"),
        ("соединяю вас с бухгалтерией пожалуйста", "бухгалтерией"),
        ("оставайтесь на линии переключаю вас на склад", "склад"),
        ("перевожу вас в отдел продаж и не кладите трубку", "отдел продаж"),
        ("я вас соединю с ним", ""),
        ("сейчас переключу", ""),
        ("перевожу вас. На складе ответят.", ""),
    ],
)
def test_russian_announcements(text: str, to: str) -> None:
    assert destination(text, "ru") == to


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("I'll put you through to billing.", "billing"),
        ("let me transfer you to the sales department please hold", "the sales department"),
        ("I will connect you with my colleague Oliver, one moment", "my colleague Oliver"),
        ("I'm going to hand you over to technical support", "technical support"),
        ("I will put you through to him. Please hold the line.", ""),
        ("I am transferring you now", ""),
    ],
)
def test_english_announcements(text: str, to: str) -> None:
    assert destination(text, "en") == to


def test_a_pause_ends_the_sentence() -> None:
    (turn,) = builders.turns("manager: перевожу вас на склад коробки готовы")
    late = (replace(word, start=word.start + 2, end=word.end + 2) for word in turn.words[4:])
    words = SpokenWords([replace(turn, words=(*turn.words[:4], *late))], "ru")
    (said, *_) = (one for one in words.find("transfer") if one.certain)
    assert find_destination(said, get_language("ru")) == "склад"
