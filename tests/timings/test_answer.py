"""When the call was answered, from sounds with known answers."""

from __future__ import annotations

import pytest

from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation, EventKind, Ringback, SoundEvent
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Beginning
from qa_engine.domain.transcript import Utterance
from qa_engine.timings.answer import measure_answer


def ring(start: float = 0.5, rings: int = 2, *, cut_at: float | None = None, opened: float | None = None) -> Ringback:
    """Russian rings, 1.0 s on and 4.0 s off; `cut_at` seconds into the last tone."""
    last = start + 5.0 * (rings - 1)
    end = last + (1.0 if cut_at is None else cut_at)
    return Ringback(start, end, rings, "425 Hz 1.0/4.0", 5.0, 1.0, cut=cut_at is not None, opened=opened)


def utterance(speaker: str, start: float, end: float) -> Utterance:
    return Utterance(start, end, (), speaker)


def heard(
    *spans: tuple[float, float],
    rings: tuple[Ringback, ...] = (),
    sounds: tuple[SoundEvent, ...] = (),
    other: tuple[tuple[float, float], ...] | None = None,
) -> AudioEvents:
    """A recording of 60 s; `other` makes it two channels."""
    sides = [spans] if other is None else [spans, other]
    relation = ChannelRelation.MONO if other is None else ChannelRelation.DISTINCT
    activity = tuple(
        Activity(None if other is None else i, tuple(Span(*span) for span in side), -20, -60)
        for i, side in enumerate(sides)
    )
    return AudioEvents(60.0, len(sides), relation, activity, rings, sounds)


def test_cut_tone_is_the_answer() -> None:
    answer = measure_answer(heard((6.4, 9), rings=(ring(cut_at=0.4),)), None)
    assert answer.answered_at == pytest.approx(5.9)
    assert answer.ringing.seconds == pytest.approx(5.4)
    assert answer.ringing.uncertainty == pytest.approx(0.05)
    assert answer.beginning is Beginning.BEFORE_ANSWER


def test_opening_of_the_line_is_the_answer() -> None:
    answer = measure_answer(heard((8.4, 12), rings=(ring(opened=7.6),)), None)
    assert (answer.answered_at, answer.ringing.uncertainty) == (7.6, 0.1)


def test_change_at_the_first_word_is_the_word_itself() -> None:
    answer = measure_answer(heard((8.4, 12), rings=(ring(opened=8.4),)), None)
    assert answer.answered_at == pytest.approx(7.9)
    assert answer.ringing.uncertainty == pytest.approx(7.9 - 6.5)  # it may have been right behind the tone


def test_answer_lies_between_the_last_tone_and_the_first_word() -> None:
    answer = measure_answer(heard((6.7, 12), rings=(ring(),)), None)
    assert answer.answered_at is not None
    assert 6.5 <= answer.answered_at <= 6.7


def test_answer_lies_before_the_tone_that_did_not_come() -> None:
    answer = measure_answer(heard((20, 25), rings=(ring(),)), None)
    assert answer.answered_at == pytest.approx((6.5 + 10.5) / 2)
    assert answer.ringing.uncertainty == pytest.approx(2.0)


def test_rings_start_and_source_are_kept() -> None:
    ringing = measure_answer(heard((13, 20), rings=(ring(rings=3),)), None).ringing
    assert (ringing.measured, ringing.rings, ringing.start, ringing.source) == (True, 3, 0.5, "audio")


def test_unanswered_ringing_is_not_measured() -> None:
    answer = measure_answer(heard(rings=(ring(rings=5),)), None)
    assert (answer.answered_at, answer.ringing.measured) == (None, False)
    assert "nobody answers" in answer.ringing.why
    assert answer.ringing.seconds is None


def test_recording_without_ringing_starts_at_the_answer() -> None:
    answer = measure_answer(heard((0.6, 4)), None)
    assert (answer.answered_at, answer.beginning) == (0.0, Beginning.AT_ANSWER)
    assert (answer.ringing.measured, answer.ringing.why) == (False, "the recording starts at the answer")


def test_speech_at_the_first_sample_is_mid_call() -> None:
    answer = measure_answer(heard((0.0, 4)), None)
    assert answer.beginning is Beginning.MID_CALL
    assert "middle of the call" in answer.ringing.why


def test_transcript_alone_is_answered_at_its_first_word() -> None:
    answer = measure_answer(None, 1.2)
    assert (answer.answered_at, answer.beginning) == (1.2, Beginning.UNKNOWN)
    assert "no sound" in answer.ringing.why


def test_music_instead_of_ringing_cannot_be_counted() -> None:
    music = SoundEvent(EventKind.MUSIC, 0.2, 14.0)
    answer = measure_answer(heard((14.3, 20), sounds=(music,)), None)
    assert answer.answered_at == pytest.approx(14.0)
    assert (answer.ringing.measured, answer.beginning) == (False, Beginning.BEFORE_ANSWER)
    assert "music" in answer.ringing.why


def test_leading_silence_of_the_line_is_before_the_answer() -> None:
    silence = SoundEvent(EventKind.SILENCE, 0.0, 20.0)
    answer = measure_answer(heard((20.4, 25), sounds=(silence,)), None)
    assert answer.answered_at == pytest.approx(20.0)


def test_queue_music_behind_the_rings_belongs_to_the_wait() -> None:
    music = SoundEvent(EventKind.MUSIC, 7.0, 25.0)
    answer = measure_answer(heard((25.4, 30), rings=(ring(),), sounds=(music,)), None)
    assert answer.answered_at == pytest.approx(25.0)


def test_second_series_of_rings_is_the_same_wait() -> None:
    answer = measure_answer(heard((21, 25), rings=(ring(), ring(start=12.0))), None)
    assert (answer.ringing.start, answer.ringing.rings) == (0.5, 4)


def test_rings_on_both_channels_count_once() -> None:
    events = heard((11, 14), other=((14, 18),), rings=(ring(), ring()))
    assert measure_answer(events, None).ringing.rings == 2


def test_announcement_before_the_rings_is_not_the_answer() -> None:
    answer = measure_answer(heard((0.5, 6.0), (21, 25), rings=(ring(start=8.0),)), None)
    assert (answer.ringing.rings, answer.ringing.start) == (2, 8.0)


def test_rings_after_a_conversation_are_a_transfer() -> None:
    events = heard((0.5, 4), (45, 50), other=((4.2, 8),), rings=(ring(start=20.0),))
    answer = measure_answer(events, None)
    assert (answer.answered_at, answer.beginning) == (0.0, Beginning.AT_ANSWER)


def test_first_word_helps_where_no_speech_sound_was_found() -> None:
    assert measure_answer(heard(rings=(ring(),)), 7.0).answered_at == pytest.approx(6.5)


def test_recording_of_nothing_has_no_answer() -> None:
    answer = measure_answer(heard(), None)
    assert (answer.answered_at, answer.beginning) == (None, Beginning.UNKNOWN)


@pytest.mark.parametrize("first_word", [6.6, 7.0, 8.4, 10.0, 10.6, 20.0])
def test_bounds_of_the_answer_lie_inside_its_uncertainty(first_word: float) -> None:
    answer = measure_answer(heard((first_word, first_word + 3), rings=(ring(),)), None)
    latest = min(first_word, 10.5)  # the next tone would have begun then
    assert answer.answered_at is not None
    assert answer.ringing.uncertainty is not None
    assert answer.answered_at - answer.ringing.uncertainty <= 6.5 + 0.001
    assert answer.answered_at + answer.ringing.uncertainty >= latest - 0.001


def test_cycle_of_one_ring_alone_is_no_certain_bound() -> None:
    answer = measure_answer(heard((20, 25), rings=(ring(rings=1),)), None)
    assert answer.answered_at is not None
    assert answer.ringing.uncertainty is not None
    assert answer.answered_at + answer.ringing.uncertainty == pytest.approx(0.5 + 6.0)  # 1.0/5.0 is possible


def test_recording_that_starts_inside_a_ring_says_that_it_rang_for_longer() -> None:
    mid_ring = Ringback(0.0, 5.6, 2, "425 Hz 1.0/4.0", 5.0, 1.0, starts_mid_ring=True, opened=7.0)
    ringing = measure_answer(heard((8.0, 12), rings=(mid_ring,)), None).ringing
    assert (ringing.measured, ringing.seconds) == (True, 7.0)
    assert ringing.uncertainty == pytest.approx(5.0 + 0.1)
    assert "inside a ring" in ringing.why


def test_ringing_heard_from_its_beginning_gives_no_reason() -> None:
    assert measure_answer(heard((8.0, 12), rings=(ring(),)), None).ringing.why == ""


def test_sound_that_begins_with_the_end_of_a_whole_tone_is_no_word() -> None:
    answer = measure_answer(heard((6.5, 12), rings=(ring(),)), None)
    assert answer.answered_at == pytest.approx((6.5 + 10.5) / 2)
    assert answer.ringing.uncertainty == pytest.approx(2.0)


def test_end_of_the_line_s_silence_is_the_answer() -> None:
    silence = SoundEvent(EventKind.SILENCE, 0.0, 6.9)
    assert measure_answer(heard((7.9, 12), sounds=(silence,)), None).answered_at == pytest.approx(6.9)


def test_word_long_after_the_music_tells_the_answer() -> None:
    music = SoundEvent(EventKind.MUSIC, 0.2, 14.0)
    assert measure_answer(heard((19.0, 25), sounds=(music,)), None).answered_at == pytest.approx(18.5)


def test_music_of_a_queue_between_two_series_is_the_same_wait() -> None:
    music = SoundEvent(EventKind.MUSIC, 7.0, 38.0)
    answer = measure_answer(heard((50, 55), rings=(ring(), ring(start=40.0)), sounds=(music,)), None)
    assert (answer.ringing.start, answer.ringing.rings) == (0.5, 4)


def test_known_announcement_between_two_series_is_the_same_wait() -> None:
    machine = SoundEvent(EventKind.ANNOUNCEMENT, 7.0, 12.0)
    events = heard((7.0, 12.0), (30, 35), rings=(ring(), ring(start=14.0)), sounds=(machine,))
    assert measure_answer(events, None).ringing.rings == 4


def test_one_side_speaking_between_two_series_is_a_machine() -> None:
    events = heard((7.0, 12.0), (30, 35), other=((36, 40),), rings=(ring(), ring(start=14.0)))
    assert measure_answer(events, None).ringing.rings == 4


def test_both_sides_speaking_between_two_series_have_answered() -> None:
    events = heard((7.0, 12.0), (30, 35), other=((12.2, 14.0),), rings=(ring(), ring(start=16.0)))
    answer = measure_answer(events, None)
    assert answer.ringing.rings == 2
    assert answer.answered_at == pytest.approx(6.5)


def test_one_speaker_for_long_before_the_rings_is_a_machine() -> None:
    said = (utterance("speaker 0", 0.5, 22.0), utterance("speaker 1", 36, 40), utterance("speaker 2", 41, 45))
    events = heard((0.5, 22.0), (36, 45), rings=(ring(start=24.0),))
    assert measure_answer(events, None, said=said).ringing.rings == 2


def test_two_speakers_before_the_rings_are_a_conversation_however_short() -> None:
    said = (utterance("speaker 0", 0.5, 4.0), utterance("speaker 1", 4.2, 7.0), utterance("speaker 2", 21, 25))
    events = heard((0.5, 7.0), (21, 25), rings=(ring(start=9.0),))
    assert measure_answer(events, None, said=said).answered_at == 0.0


def test_speech_for_a_minute_before_the_rings_is_no_announcement() -> None:
    said = (utterance("speaker 0", 0.5, 70.0), utterance("speaker 1", 90, 95))
    events = heard((0.5, 70.0), (90, 95), rings=(ring(start=75.0),))
    assert not measure_answer(events, None, said=said).ringing.measured


def test_known_announcement_before_the_rings_is_no_talk() -> None:
    machine = SoundEvent(EventKind.ANNOUNCEMENT, 0.5, 25.0)
    events = heard((0.5, 25.0), (41, 45), rings=(ring(start=28.0),), sounds=(machine,))
    assert measure_answer(events, None).ringing.start == 28.0


def test_machine_named_in_the_transcript_is_no_party() -> None:
    said = (utterance("ivr", 0.5, 9.0), utterance("manager", 9.2, 10.0), utterance("customer", 41, 45))
    events = heard((0.5, 10.0), (41, 45), rings=(ring(start=12.0),))
    assert measure_answer(events, None, said=said).ringing.measured


def test_answer_names_the_rings_that_were_waited_through() -> None:
    first, later = ring(), ring(start=40.0)
    events = heard((11.5, 20), (52, 58), other=((21, 30),), rings=(first, later))
    assert measure_answer(events, None).rings == (first,)
