import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_engine.domain.spans import Span, intersect_spans, merge_spans
from qa_engine.speech.clips import JOIN_GAP, MAX_CLIP, MIN_SPEECH, PADDING, plan_clips


def spans(*pairs: tuple[float, float]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in pairs)


def test_nothing_to_recognise_without_speech():
    assert plan_clips((), (), duration=60.0) == ()


def test_a_stretch_of_speech_is_padded_on_both_sides():
    assert plan_clips(spans((5.0, 6.0)), (), duration=60.0) == (Span(5.0 - PADDING, 6.0 + PADDING),)


def test_padding_stays_inside_the_recording():
    assert plan_clips(spans((0.05, 9.95)), (), duration=10.0) == (Span(0.0, 10.0),)


def test_short_pauses_are_joined_and_long_ones_are_not():
    assert len(plan_clips(spans((1.0, 2.0), (2.0 + JOIN_GAP - 0.1, 4.0)), (), duration=60.0)) == 1
    assert len(plan_clips(spans((1.0, 2.0), (2.0 + JOIN_GAP + 0.1, 4.0)), (), duration=60.0)) == 2


def test_music_is_cut_out_and_never_joined_over():
    clips = plan_clips(spans((1.0, 5.0)), spans((2.0, 2.4)), duration=60.0)
    assert [(round(clip.start, 2), round(clip.end, 2)) for clip in clips] == [(0.85, 2.0), (2.4, 5.15)]


def test_padding_never_reaches_into_music():
    (clip,) = plan_clips(spans((2.0, 3.0)), spans((0.0, 1.95), (3.1, 9.0)), duration=60.0)
    assert clip == Span(1.95, 3.1)


def test_clicks_are_dropped():
    assert plan_clips(spans((5.0, 5.0 + MIN_SPEECH - 0.05)), (), duration=60.0) == ()


def test_a_short_word_is_kept():
    assert len(plan_clips(spans((5.0, 5.25)), (), duration=60.0)) == 1


def test_too_long_a_stretch_is_cut_at_its_longest_pause():
    clips = plan_clips(spans((0.0, 10.0), (10.2, 20.0), (20.5, 35.0)), (), duration=60.0)
    assert len(clips) == 2
    assert clips[0].end == pytest.approx(20.15)
    assert clips[1].start == pytest.approx(20.35)


def test_a_stretch_without_any_pause_is_cut_evenly():
    clips = plan_clips(spans((0.0, 60.0)), (), duration=60.0)
    assert len(clips) == 3
    assert clips[0].end == pytest.approx(20.0)


def test_speech_beyond_the_end_of_the_recording_is_ignored():
    assert plan_clips(spans((58.0, 70.0)), (), duration=60.0) == (Span(58.0 - PADDING, 60.0),)


def test_clips_of_a_long_call_full_of_tones_are_planned_at_once():
    starts = [4.0 * at for at in range(3600)]  # four hours
    begun = time.process_time()
    speech, tones = [Span(at, at + 3.2) for at in starts], [Span(at + 3.3, at + 3.9) for at in starts]
    assert len(plan_clips(speech, tones, duration=14_400.0)) == len(starts)
    assert time.process_time() - begun < 1  # seconds; four where every clip looked through all tones


SPANS = st.lists(
    st.tuples(st.floats(0, 200), st.floats(0.01, 40)).map(lambda pair: Span(pair[0], pair[0] + pair[1])), max_size=12
)


@given(speech=SPANS, music=SPANS)
def test_clips_are_disjoint_bounded_and_free_of_music(speech, music):
    clips = plan_clips(speech, music, duration=180.0)
    assert all(MIN_SPEECH <= clip.duration <= MAX_CLIP + 1e-6 for clip in clips)
    assert all(clip.start >= 0.0 and clip.end <= 180.0 for clip in clips)
    assert all(before.end <= after.start + 1e-9 for before, after in itertools.pairwise(clips))
    assert all(part.duration < 1e-9 for part in intersect_spans(clips, merge_spans(music)))
