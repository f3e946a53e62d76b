"""Holds, transfers and all times together, from sounds and dialogues with known answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

import builders
from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation, EventKind, Ringback, SoundEvent
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import HoldKind, Timings
from qa_engine.domain.transcript import Turn
from qa_engine.timings.answer import measure_answer
from qa_engine.timings.measuring import measure_timings

MUSIC, SILENCE = EventKind.MUSIC, EventKind.SILENCE
GREETING = "1 manager: good morning sunny garden emma speaking"
ORDER = "5 customer: good morning where is my order please"
BACK = "30 manager: thank you for holding it is on its way"


def sounds_of(
    said: Sequence[Turn],
    *,
    extra: Sequence[tuple[EventKind, float, float]] = (),
    rings: tuple[Ringback, ...] = (),
    length: float = 60.0,
) -> AudioEvents:
    """A mono recording in which every turn is heard."""
    activity = Activity(None, tuple(turn.span for turn in said), -20, -60)
    sounds = tuple(SoundEvent(*each) for each in extra)
    return AudioEvents(length, 1, ChannelRelation.MONO, (activity,), rings, sounds)


def measure(*lines: str, language: str = "en", **sounds: object) -> Timings:
    said = builders.turns(*lines)
    events = sounds_of(said, **sounds)  # type: ignore[arg-type]
    return measure_timings(events, said, measure_answer(events, None), language=language, duration=events.duration)


def holds(timings: Timings) -> list[tuple[float, float, str, str]]:
    return [(hold.start, hold.end, hold.kind.value, hold.source) for hold in timings.holds]


def test_music_after_the_answer_is_a_hold() -> None:
    timings = measure(GREETING, ORDER, BACK, extra=[(MUSIC, 10.0, 29.0)])
    assert holds(timings) == [(10.0, 29.0, "music", "audio")]
    assert timings.dead_air == ()


def test_music_before_the_answer_is_no_hold() -> None:
    assert holds(measure("21 manager: good morning", extra=[(MUSIC, 0.3, 20.0)])) == []


def test_gap_between_two_tunes_is_one_hold() -> None:
    timings = measure(GREETING, ORDER, BACK, extra=[(MUSIC, 10.0, 18.0), (MUSIC, 20.0, 29.0)])
    assert holds(timings) == [(10.0, 29.0, "music", "audio")]


def test_talk_between_two_tunes_makes_two_holds() -> None:
    timings = measure(
        GREETING,
        ORDER,
        "16 manager: thank you for holding one more minute",
        BACK,
        extra=[(MUSIC, 9.0, 15.5), (MUSIC, 20.0, 29.0)],
    )
    assert len(timings.holds) == 2


def test_announcement_in_the_music_belongs_to_the_hold() -> None:
    timings = measure(
        GREETING,
        ORDER,
        "16 ivr: your call is important to us",
        BACK,
        extra=[(MUSIC, 9.0, 15.5), (MUSIC, 20.0, 29.0)],
    )
    ((start, end, kind, _),) = holds(timings)
    assert (start, end, kind) == (9.0, 29.0, "music")


def test_long_silence_of_the_line_is_a_hold() -> None:
    timings = measure(GREETING, ORDER, BACK, extra=[(SILENCE, 9.0, 29.5)])
    assert holds(timings) == [(9.0, 29.5, "silence", "audio")]
    assert timings.dead_air == ()


def test_short_silence_is_dead_air_without_words() -> None:
    timings = measure(GREETING, ORDER, "17 manager: it is on its way", extra=[(SILENCE, 8.6, 16.8)])
    assert holds(timings) == []
    assert len(timings.dead_air) == 1


def test_short_silence_is_a_hold_after_asking_to_wait() -> None:
    timings = measure(
        GREETING,
        ORDER,
        "9 manager: one moment please",
        "18 manager: it is on its way",
        extra=[(SILENCE, 10.5, 17.8)],
    )
    assert holds(timings) == [(10.5, 17.8, "silence", "audio+words")]


def test_pause_in_a_live_room_is_a_hold_after_asking_to_wait() -> None:
    timings = measure(GREETING, ORDER, "9 manager: one moment please", "20 manager: it is on its way")
    ((start, end, kind, source),) = holds(timings)
    assert (start, end) == (pytest.approx(10.2, abs=0.1), pytest.approx(20.0, abs=0.1))
    assert (kind, source) == ("silence", "audio+words")


def test_russian_words_ask_to_wait_too() -> None:
    timings = measure(
        "1 manager: добрый день компания ромашка",
        "4 customer: где мой заказ",
        "7 manager: минуточку оставайтесь на линии",
        "20 manager: заказ в пути",
        language="ru",
    )
    assert [hold.kind for hold in timings.holds] == [HoldKind.SILENCE]


def test_pause_without_asking_is_dead_air() -> None:
    timings = measure(GREETING, ORDER, "20 manager: it is on its way")
    assert timings.holds == ()
    assert [(round(pause.start, 1), pause.end) for pause in timings.dead_air] == [(7.8, 20.0)]


def test_silence_at_the_end_is_no_hold() -> None:
    assert holds(measure(GREETING, ORDER, extra=[(SILENCE, 10.0, 60.0)])) == []


def ring(start: float, rings: int = 2) -> Ringback:
    return Ringback(start, start + 5.0 * (rings - 1) + 1.0, rings, "425 Hz 1.0/4.0", 5.0, 1.0)


def test_ringing_during_a_transfer_is_a_hold_and_not_the_wait_for_the_answer() -> None:
    timings = measure(
        GREETING,
        ORDER,
        "9 customer: I have been waiting for it since monday and nobody calls me back about it at all today",
        "20 manager: I will transfer you to our delivery department",
        "37 manager: delivery department this is oliver how can I help",
        rings=(ring(26.0),),
    )
    assert not timings.ringing.measured
    assert timings.answered_at == 0.0
    ((start, end, kind, _),) = holds(timings)
    assert (start, kind) == (26.0, "tone")
    assert 32.0 <= end <= 37.0
    (transfer,) = timings.transfers
    assert transfer.announced
    assert transfer.at == pytest.approx(37.0)
    assert timings.holds[0].during_transfer


def test_new_party_that_introduces_itself_after_music_is_a_transfer() -> None:
    timings = measure(
        GREETING,
        ORDER,
        "9 manager: I will transfer you to our delivery department",
        "30 manager: good morning my name is oliver",
        extra=[(MUSIC, 14.0, 29.0)],
    )
    (transfer,) = timings.transfers
    assert (transfer.announced, transfer.source) == (True, "audio+words")
    assert [hold.during_transfer for hold in timings.holds] == [True]


def test_transfer_nobody_announced_is_one_all_the_same() -> None:
    timings = measure(GREETING, ORDER, "30 manager: good morning my name is oliver", extra=[(MUSIC, 10.0, 29.0)])
    assert [transfer.announced for transfer in timings.transfers] == [False]


def test_same_manager_coming_back_is_no_transfer() -> None:
    timings = measure(GREETING, ORDER, "9 manager: one moment please", BACK, extra=[(MUSIC, 11.0, 29.0)])
    assert timings.transfers == ()
    assert [hold.during_transfer for hold in timings.holds] == [False]


def test_talking_of_a_transfer_is_none() -> None:
    timings = measure(GREETING, ORDER, "9 manager: I will transfer you to them", "13 customer: no thank you")
    assert timings.transfers == ()


def test_new_speaker_after_the_hold_is_a_transfer() -> None:
    said = builders.turns(GREETING, ORDER, "30 manager: hello how can I help you with that order")
    voices = ("speaker 0", "speaker 1", "speaker 2")
    said = tuple(replace(turn, speaker=voice) for turn, voice in zip(said, voices, strict=True))
    events = sounds_of(said, extra=[(MUSIC, 10.0, 29.0)])
    timings = measure_timings(events, said, measure_answer(events, None), language="en", duration=60)
    assert len(timings.transfers) == 1


def test_transcript_alone_measures_no_holds() -> None:
    said = builders.turns(GREETING, ORDER, BACK)
    timings = measure_timings(None, said, measure_answer(None, said[0].start), language="en", duration=40)
    assert (timings.holds, timings.holds_measured, timings.ringing.measured) == ((), False, False)
    assert timings.answered_at == 1.0
    assert timings.talk is not None
    assert timings.talk.source == "words"


def test_call_without_a_word_has_no_talk() -> None:
    events = AudioEvents(30, 1, ChannelRelation.MONO, (Activity(None, (), -120, -60),))
    timings = measure_timings(events, (), measure_answer(events, None), language="en", duration=30)
    assert timings.answered_at is None
    assert timings.talk is None or timings.talk.manager == 0


def test_two_channels_are_exact() -> None:
    said = builders.turns(GREETING, ORDER)
    one, two = (Activity(i, (turn.span,), -20, -60) for i, turn in enumerate(said))
    events = AudioEvents(30, 2, ChannelRelation.DISTINCT, (one, two))
    timings = measure_timings(events, said, measure_answer(events, None), language="en", duration=30)
    assert timings.talk is not None
    assert not timings.talk.estimate
    assert timings.interruptions is not None
    assert timings.interruptions.measured


def test_unknown_language_finds_no_words_and_no_error() -> None:
    assert measure(GREETING, ORDER, language="").transfers == ()


def test_sounds_of_both_sides_are_one_wait() -> None:
    said = builders.turns(GREETING, ORDER, BACK)
    events = replace(sounds_of(said), sounds=(SoundEvent(MUSIC, 10.0, 28.0, 0), SoundEvent(MUSIC, 12.0, 29.0, 1)))
    timings = measure_timings(events, said, measure_answer(events, None), language="en", duration=60)
    assert [hold.span for hold in timings.holds] == [Span(10.0, 29.0)]
