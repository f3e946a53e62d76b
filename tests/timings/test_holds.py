"""Holds from sounds and dialogues with known answers: what joins, what only looks like waiting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import builders
from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation, EventKind, SoundEvent
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Beginning
from qa_engine.domain.transcript import Turn
from qa_engine.timings.answer import Answer
from qa_engine.timings.cues import Cues
from qa_engine.timings.holds import find_holds

MUSIC, SILENCE = EventKind.MUSIC, EventKind.SILENCE
AT_ONCE = Answer(builders.NOT_RINGING, 0.0, Beginning.AT_ANSWER)
BEEPS = "3 beeps 1400 Hz every 8.0 s"


def holds(
    *sounds: SoundEvent,
    speech: Sequence[tuple[float, float]],
    other: Sequence[tuple[float, float]] | None = None,
    turns: Sequence[Turn] = (),
    asked: Sequence[tuple[float, float]] = (),
) -> list[tuple[float, float, str]]:
    """Holds of a mono call; with `other`, the speech of a second channel, of a stereo call."""
    voices = [speech] if other is None else [speech, other]
    activity = tuple(
        Activity(None if other is None else i, tuple(Span(*each) for each in spoken), -20, -60)
        for i, spoken in enumerate(voices)
    )
    relation = ChannelRelation.MONO if other is None else ChannelRelation.DISTINCT
    events = AudioEvents(60.0, len(voices), relation, activity, (), sounds)
    cues = Cues(wait=tuple(Span(*each) for each in asked))
    return [(hold.start, hold.end, hold.kind.value) for hold in find_holds(events, turns, cues, AT_ONCE)]


def music(start: float, end: float) -> SoundEvent:
    return SoundEvent(MUSIC, start, end)


def test_voice_between_two_tunes_is_an_announcement_inside_one_hold() -> None:
    assert holds(music(10, 20), music(26, 40), speech=[(1, 9), (20.3, 25.6), (41, 50)]) == [(10, 40, "music")]


def test_manager_who_comes_back_between_two_tunes_ends_the_hold() -> None:
    said = builders.turns("20.5 manager: I am still looking for it one more moment please")
    found = holds(music(10, 20), music(26, 40), speech=[(1, 9), (20.3, 25.6), (41, 50)], turns=said)
    assert found == [(10, 20, "music"), (26, 40, "music")]


def test_both_parties_between_two_tunes_are_no_announcement() -> None:
    found = holds(music(10, 20), music(26, 40), speech=[(1, 9), (20.3, 22)], other=[(22, 25.6), (41, 50)])
    assert found == [(10, 20, "music"), (26, 40, "music")]


def test_voice_that_waits_after_the_music_is_no_announcement() -> None:
    found = holds(music(10, 20), music(28, 40), speech=[(1, 9), (22, 26), (41, 50)])
    assert found == [(10, 20, "music"), (28, 40, "music")]


def test_long_talk_between_two_tunes_separates_two_holds() -> None:
    assert len(holds(music(10, 18), music(38, 50), speech=[(1, 9), (18.2, 37.8), (51, 58)])) == 2


def test_announcement_of_known_words_belongs_to_the_hold_though_its_sound_is_longer() -> None:
    said = builders.turns("20.6 ivr: your call is important to us please stay on the line")
    found = holds(music(10, 20), music(26.5, 40), speech=[(1, 9), (20.2, 25.5), (41, 50)], turns=said)
    assert found == [(10, 40, "music")]


def test_hold_is_of_the_kind_that_lasts_longest_in_all() -> None:
    said = [replace(builders.turns("17 ivr: your call is important to us")[0], end=25.0)]
    found = holds(music(10, 17), music(25, 32), speech=[(1, 9), (17, 25), (33, 50)], turns=said)
    assert found == [(10, 32, "music")]


def test_silence_with_beeps_is_a_hold_of_tones() -> None:
    beeping = SoundEvent(SILENCE, 10, 35, detail=BEEPS)
    assert holds(beeping, speech=[(1, 9), (36, 50)]) == [(10, 35, "tone")]


def test_silence_with_beeps_that_was_asked_for_is_one_of_tones_too() -> None:
    beeping = SoundEvent(SILENCE, 10, 35, detail=BEEPS)
    assert holds(beeping, speech=[(1, 9), (36, 50)], asked=[(8, 9)]) == [(10, 35, "tone")]


def test_company_channel_that_falls_silent_is_a_hold() -> None:
    gone = SoundEvent(SILENCE, 10, 30, channel=0)
    assert holds(gone, speech=[(1, 9), (31, 40)], other=[(5, 6)]) == [(10, 30, "silence")]


def test_waiting_customer_may_mutter() -> None:
    gone = SoundEvent(SILENCE, 10, 30, channel=0)
    assert holds(gone, speech=[(1, 9), (31, 40)], other=[(5, 6), (17, 19)]) == [(10, 30, "silence")]


def test_muted_manager_who_listens_is_no_hold() -> None:
    muted = SoundEvent(SILENCE, 10, 30, channel=0)
    assert holds(muted, speech=[(1, 9), (31, 40)], other=[(10, 29)]) == []


def test_customer_who_mutes_himself_is_not_on_hold() -> None:
    lines = builders.turns("1 manager: good morning", "5 customer: good morning")
    said = [replace(turn, channel=channel) for channel, turn in enumerate(lines)]
    muted = SoundEvent(SILENCE, 10, 30, channel=1)
    assert holds(muted, speech=[(1, 9), (31, 40)], other=[(5, 6)], turns=said) == []


def test_silence_of_one_channel_says_when_the_pause_that_was_asked_for_began_and_ended() -> None:
    gone = SoundEvent(SILENCE, 12, 25, channel=0)
    found = holds(gone, speech=[(1, 9), (31, 40)], other=[(5, 6)], asked=[(8, 9)])
    assert found == [(12, 25, "silence")]


def test_short_silence_of_one_channel_is_no_hold() -> None:
    gone = SoundEvent(SILENCE, 10, 19, channel=0)
    assert holds(gone, speech=[(1, 9), (31, 40)], other=[(5, 6)]) == []


def test_channel_that_is_silent_to_the_end_is_no_hold() -> None:
    gone = SoundEvent(SILENCE, 10, 30, channel=0)
    assert holds(gone, speech=[(1, 9)], other=[(5, 6)]) == []


BEFORE = "1 manager: one moment please hold the line"  # 1.0 to 4.2
AFTER = "30 manager: thank you for waiting"
TALK = (1, 4.2), (30, 32)


def test_a_tune_begins_where_voice_without_words_begins() -> None:
    said = builders.turns(BEFORE, AFTER)
    found = holds(music(12, 29), speech=[*TALK, (8, 11.8)], turns=said)
    assert found == [(8, 29, "music")]


def test_a_tune_goes_on_where_voice_without_words_goes_on() -> None:
    said = builders.turns(BEFORE, AFTER)
    assert holds(music(6, 20), speech=[*TALK, (20.2, 24)], turns=said) == [(6, 24, "music")]


def test_a_tune_grows_over_no_words() -> None:
    said = builders.turns(BEFORE, "9 manager: I am looking for it right now", AFTER)
    assert holds(music(12, 29), speech=[*TALK, (9, 11.8)], turns=said) == [(12, 29, "music")]


def test_voice_without_words_alone_is_no_hold() -> None:
    said = builders.turns("1 manager: your order is on its way", AFTER)
    assert holds(speech=[*TALK, (6, 28)], turns=said) == []


def test_what_sounds_without_words_after_asking_to_wait_is_a_hold() -> None:
    said = builders.turns(BEFORE, AFTER)
    assert holds(speech=[*TALK, (6, 28)], turns=said, asked=[(1, 4.2)]) == [(6, 28, "music")]


def test_a_short_voice_without_words_after_asking_to_wait_is_no_hold() -> None:
    said = builders.turns(BEFORE, "9.5 manager: here it is", "12 customer: thank you")
    assert holds(speech=[(1, 4.2), (5.5, 8), (9.5, 11), (12, 13)], turns=said, asked=[(1, 4.2)]) == []


def test_without_any_words_the_voice_beside_a_tune_is_left_alone() -> None:
    assert holds(music(12, 29), speech=[*TALK, (8, 11.8)]) == [(12, 29, "music")]


def test_a_machine_that_speaks_before_anybody_is_no_hold() -> None:
    said = builders.turns("1 ivr: this call may be recorded for quality", "8 manager: good morning", AFTER)
    assert holds(speech=[(1, 5), (8, 9), (30, 32)], turns=said) == []


def test_a_machine_that_speaks_later_is_a_hold() -> None:
    said = builders.turns(BEFORE, "8 ivr: all our operators are busy please hold the line", AFTER)
    assert [kind for _, _, kind in holds(speech=[*TALK, (8, 12)], turns=said)] == ["announcement"]
