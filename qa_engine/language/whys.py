"""Why a time could not be measured, in the language of the reader; programs get the English sentence."""

from __future__ import annotations

__all__ = ["say_why"]

_RUSSIAN = {
    "no sound: only a transcript was given": "нет звука: дана только расшифровка",
    "the recording starts at the answer": "запись начинается с ответа",
    "the recording starts in the middle of the call": "запись начинается посреди разговора",
    "music is played instead of ringing tones": "вместо гудков играет музыка",
    "the recording starts with silence instead of ringing tones": "вместо гудков в начале записи тишина",
    "nobody answers: no speech follows the ringing": "никто не ответил: после гудков нет речи",
    "there is no speech in the recording": "в записи нет речи",
}


def say_why(why: str, language: str) -> str:
    """`why` (a sentence of `qa_engine.timings`) in `language`; as it is where there is no translation."""
    return _RUSSIAN.get(why, why) if language == "ru" else why
