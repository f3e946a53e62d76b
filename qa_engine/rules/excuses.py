"""Words that take the sting out of what follows: a denial, or the other party's words repeated. All normalised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["BLAME", "DENIALS", "NEGATIONS", "ONESELF", "QUOTATIONS"]

NEGATIONS: Final[Mapping[str, frozenset[str]]] = {
    "ru": frozenset({"не", "ни"}),
    "en": frozenset(
        {"not", "never", "isn't", "aren't", "wasn't", "don't", "didn't", "won't", "wouldn't", "isnt", "arent"}
    ),
}
"""Directly before a phrase, or inside it where it has none itself, they turn it round: ``you are not to blame``."""

ONESELF: Final[Mapping[str, frozenset[str]]] = {"ru": frozenset({"мы", "я"}), "en": frozenset({"we", "i"})}
"""Directly before a phrase of blame: the speaker blames himself ("мы сами виноваты")."""

BLAME: Final[Mapping[str, tuple[str, ...]]] = {"ru": ("винов", "вина", "вину", "вине"), "en": ("blame", "fault")}
"""Beginnings of the words that make a phrase one of blame; "I" before any other offence excuses nothing."""

DENIALS: Final[Mapping[str, tuple[str, ...]]] = {
    "ru": (
        "не говорю",
        "не говорит",
        "не говорим",
        "не сказал",
        "не сказала",
        "не утверждаю",
        "не утверждаем",
        "не хочу сказать",
        "не хотел сказать",
        "не хотела сказать",
        "не считаю",
        "не считаем",
        "не думаю",
        "не думаем",
        "не думайте",
        "нельзя сказать",
        "не потому что",
        "не то чтобы",
        "никто не",
        "ни в коем случае не",
    ),
    "en": (
        "not saying",
        "never said",
        "didn't say",
        "did not say",
        "don't say",
        "do not say",
        "don't mean",
        "do not mean",
        "didn't mean",
        "did not mean",
        "not suggesting",
        "not implying",
        "don't think",
        "do not think",
        "don't believe",
        "do not believe",
        "would never say",
        "wouldn't say",
        "would not say",
        "nobody says",
        "nobody is saying",
        "no one is saying",
        "not because",
        "it's not that",
        "it is not that",
    ),
}

QUOTATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "ru": (
        "вы сказали",
        "вы говорите",
        "вы говорили",
        "вы написали",
        "вы пишете",
        "вам сказали",
        "вам ответили",
        "вам нагрубили",
        "вы считаете",
        "вы думаете",
        "по вашим словам",
        "с ваших слов",
        "цитирую",
        "вы выразились",
        "вас назвали",
        "как вы сказали",
    ),
    "en": (
        "you said",
        "you say",
        "you are saying",
        "you're saying",
        "you told us",
        "you told me",
        "you wrote",
        "you were told",
        "they told you",
        "he told you",
        "she told you",
        "somebody told you",
        "someone told you",
        "you feel that",
        "you think that",
        "in your words",
        "quote",
        "you called it",
    ),
}
