"""Whose the company's turns are after a transfer, and what that does to the figures."""

from __future__ import annotations

from dataclasses import replace

import builders
from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation, EventKind, SoundEvent
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Timings
from qa_engine.domain.transcript import Role, Turn
from qa_engine.timings.answer import measure_answer
from qa_engine.timings.conversation import Voices, find_voices, measure_talk
from qa_engine.timings.hand_over import hand_over, second_managers_part
from qa_engine.timings.interruptions import measure_interruptions, measure_overlaps
from qa_engine.timings.measuring import measure_timings

LINES = (
    "1 manager: good morning sunny garden emma speaking how can i help",
    "8 customer: hello i have a question about my invoice",
    "14 manager: i will put you through to billing please hold the line",
    "41 manager: hello my name is oliver how can i help you with that",
    "50 customer: the name of my company is wrong",
    "56 manager: it is corrected now",
)


def labelled(*labels: str) -> tuple[Turn, ...]:
    turns = builders.turns(*LINES)
    return tuple(replace(turn, speaker=label) for turn, label in zip(turns, labels, strict=True))


def roles(turns: tuple[Turn, ...]) -> str:
    return "".join({Role.MANAGER: "m", Role.CUSTOMER: "c", Role.SECOND_MANAGER: "2"}[turn.role] for turn in turns)


ONE_LABEL = labelled("a", "b", "a", "a", "b", "a")


def test_without_a_transfer_nothing_changes() -> None:
    assert hand_over(ONE_LABEL, None) == ONE_LABEL


def test_on_one_channel_all_that_follows_is_the_second_managers() -> None:
    assert roles(hand_over(ONE_LABEL, 41.0)) == "mcm2c2"


def test_words_that_begin_a_moment_before_the_hand_over_are_his_too() -> None:
    assert roles(hand_over(ONE_LABEL, 41.3)) == "mcm2c2"


def test_a_second_call_changes_nothing() -> None:
    once = hand_over(ONE_LABEL, 41.0)
    assert hand_over(once, 41.0) == once


def test_a_voice_known_from_before_stays_the_first_managers() -> None:
    assert roles(hand_over(labelled("a", "b", "a", "c", "b", "a"), 41.0)) == "mcm2cm"


def test_the_second_managers_part_begins_in_the_pause_before_him() -> None:
    (part,) = second_managers_part(hand_over(ONE_LABEL, 41.0))
    before = ONE_LABEL[2].end
    assert before < part.start < 41.0
    assert part.end == float("inf")


def test_his_part_ends_where_the_first_manager_is_back() -> None:
    (part,) = second_managers_part(hand_over(labelled("a", "b", "a", "c", "b", "a"), 41.0))
    assert ONE_LABEL[3].end < part.end < 56.0


def sound() -> AudioEvents:
    """One party per channel, hold music between 20 and 40 s."""
    sides = {0: [0, 2, 3, 5], 1: [1, 4]}
    activity = tuple(
        Activity(channel, tuple(ONE_LABEL[i].span for i in turns), -20.0, -60.0) for channel, turns in sides.items()
    )
    music = SoundEvent(EventKind.MUSIC, 20.0, 40.0)
    return AudioEvents(60.0, 2, ChannelRelation.DISTINCT, activity, sounds=(music,))


def measured(turns: tuple[Turn, ...] = ONE_LABEL) -> Timings:
    events = sound()
    return measure_timings(events, turns, measure_answer(events, 1.0), language="en", duration=60.0)


def test_talk_of_the_second_manager_counts_apart() -> None:
    times = measured()
    talk = times.talk
    assert times.handed_over_at == 41.0
    assert talk is not None
    first = ONE_LABEL[0].span.duration + ONE_LABEL[2].span.duration
    second = ONE_LABEL[3].span.duration + ONE_LABEL[5].span.duration
    assert abs(talk.manager - first) < 0.05
    assert abs(talk.second_manager - second) < 0.05
    assert abs(talk.customer - ONE_LABEL[1].span.duration - ONE_LABEL[4].span.duration) < 0.05


def test_the_talk_ratio_is_that_of_the_first_managers_own_conversation() -> None:
    talk = measured().talk
    assert talk is not None
    first, customer = ONE_LABEL[0].span.duration + ONE_LABEL[2].span.duration, ONE_LABEL[1].span.duration
    assert talk.ratio is not None
    assert abs(talk.ratio - first / (first + customer)) < 0.01


def test_a_transfer_still_knows_how_the_second_manager_began() -> None:
    (transfer,) = measured().transfers
    assert transfer.greeted is not None
    assert transfer.introduced is not None
    assert (transfer.greeted.said, transfer.introduced.said) == (True, True)


def test_his_monologue_and_pace_are_not_the_first_managers() -> None:
    times = measured()
    assert times.monologues is not None
    assert times.monologues.manager is not None
    assert times.monologues.manager.end < 40.0


def test_what_the_second_manager_cuts_short_is_not_in_the_first_ones_count() -> None:
    first, second, customer = Span(1.0, 5.0), Span(42.0, 48.0), (Span(3.0, 9.0), Span(40.0, 43.0))
    turns = Voices((first,), customer, (first, *customer, second), True, "audio", (second,))
    counted = measure_interruptions(turns)
    assert (counted.by_manager, counted.by_customer) == (0, 1)
    assert [moment.by for moment in counted.moments] == [Role.CUSTOMER, Role.SECOND_MANAGER]
    overlaps = measure_overlaps(turns)
    assert overlaps is not None
    assert [overlap.by for overlap in overlaps] == [Role.CUSTOMER, Role.SECOND_MANAGER]


def test_in_a_mix_the_words_say_who_of_the_managers_spoke() -> None:
    turns = hand_over(labelled("a", "b", "a", "c", "b", "c"), 41.0)
    voices = find_voices(None, turns, 0.0)
    assert voices is not None
    talk = measure_talk(voices, (), second_managers_part(turns))
    assert talk.second_manager > 5.0
    assert talk.customer_to_second > 1.0
