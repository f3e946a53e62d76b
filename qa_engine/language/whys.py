"""Why a time could not be measured, in the language of the reader; programs get the English sentence."""

from __future__ import annotations

__all__ = ["say_why"]

_RUSSIAN = {
    "the company called: how long it rings is up to the customer": "звонит компания: гудки зависят от клиента",
    "the recording is of a colleague's part, after a transfer": "запись относится к части коллеги, после перевода",
    "no sound: only a transcript was given": "нет звука: дана только расшифровка",
    "the recording starts at the answer": "запись начинается с ответа",
    "the recording starts in the middle of the call": "запись начинается посреди разговора",
    "music is played instead of ringing tones": "вместо гудков играет музыка",
    "the recording starts with silence instead of ringing tones": "вместо гудков в начале записи тишина",
    "nobody answers: no speech follows the ringing": "никто не ответил: после гудков нет речи",
    "there is no speech in the recording": "в записи нет речи",
    "the recording starts inside a ring: it rang for longer than was recorded": (
        "запись начинается посреди гудка: звонок шёл дольше, чем записано"
    ),
    "the words of the call are not known": "слова разговора не известны",
    "the words there were recognised too uncertainly": "слова там распознаны слишком неуверенно",
    "there is speech there without recognised words": "там есть речь, слова которой не распознаны",
    "something like it was heard there": "там слышно что-то похожее",
    "it was said there, but possibly by the customer": "это там прозвучало, но, возможно, сказал клиент",
    "nobody speaks there": "там никто не говорит",
    "nobody came back before the recording ended": "до конца записи никто не вернулся",
    "somebody else took the call": "разговор принял другой сотрудник",
}


def say_why(why: str, language: str) -> str:
    """`why` (a sentence of `qa_engine.timings`) in `language`; as it is where there is no translation."""
    return _RUSSIAN.get(why, why) if language == "ru" else why
