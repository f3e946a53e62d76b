"""When the call was answered, from sounds with known answers."""

from __future__ import annotations

import pytest

from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation, EventKind, Ringback, SoundEvent
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Beginning
from qa_engine.timings.answer import measure_answer


def ring(start: float = 0.5, rings: int = 2, *, cut_at: float | None = None, opened: float | None = None) -> Ringback:
    """Russian rings, 1.0 s on and 4.0 s off; `cut_at` seconds into the last tone."""
    last = start + 5.0 * (rings - 1)
    end = last + (1.0 if cut_at is None else cut_at)
    return Ringback(start, end, rings, "425 Hz 1.0/4.0", 5.0, 1.0, cut=cut_at is not None, opened=opened)


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
    assert (answer.answered_at, answer.ringing.uncertainty) == (7.6, 0.05)


def test_change_at_the_first_word_is_the_word_itself() -> None:
    answer = measure_answer(heard((8.4, 12), rings=(ring(opened=8.4),)), None)
    assert answer.answered_at == pytest.approx(7.9)
    assert answer.ringing.uncertainty == pytest.approx((8.4 - 6.5) / 2)


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
