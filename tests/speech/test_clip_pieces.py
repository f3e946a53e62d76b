import numpy as np

from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform
from qa_engine.speech.clip_pieces import cut_at_quiet, cut_clips, voiced_spans
from qa_engine.speech.sampling import resample
from qa_engine.speech.speech_track import lay_track

RATE = 16_000


def voice(seconds: float, level: float = 0.3) -> np.ndarray:
    times = np.arange(round(seconds * RATE)) / RATE
    return (level * np.sin(2 * np.pi * 200 * times)).astype(np.float32)


def pause(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE), dtype=np.float32)


def test_a_short_clip_stays_whole():
    samples = voice(5.0)
    assert list(cut_at_quiet(samples, RATE, longest=14.0)) == [(0, samples.size)]


def test_a_long_clip_is_cut_in_its_pause():
    samples = np.concatenate([voice(9.0), pause(0.4), voice(9.0)])
    (first, cut), (again, last) = cut_at_quiet(samples, RATE, longest=14.0)
    assert (first, again, last) == (0, cut, samples.size)
    assert 9.0 <= cut / RATE <= 9.4


def test_pieces_cover_the_clip_without_a_gap_and_none_is_too_long():
    samples = np.random.default_rng(3).normal(0, 0.1, 70 * RATE).astype(np.float32)
    pieces = list(cut_at_quiet(samples, RATE, longest=14.0))
    assert [end for _, end in pieces[:-1]] == [start for start, _ in pieces[1:]]
    assert (pieces[0][0], pieces[-1][1]) == (0, samples.size)
    assert all(3.0 <= (end - start) / RATE <= 14.0 for start, end in pieces)


def test_the_voice_is_found_between_pauses():
    (first, second) = voiced_spans(np.concatenate([pause(1.0), voice(2.0), pause(1.0), voice(1.0)]), RATE)
    assert (round(first.start, 1), round(first.end, 1)) == (1.0, 3.0)
    assert (round(second.start, 1), round(second.end, 1)) == (4.0, 5.0)


def test_a_stretch_too_short_to_tell_is_all_voice():
    assert voiced_spans(pause(0.01), RATE) == (Span(0.0, 0.01),)


def test_resampling_keeps_the_length_and_averages_channels():
    stereo = Waveform(np.stack([voice(1.0)[::2], -voice(1.0)[::2]]), RATE // 2)
    samples = resample(stereo, RATE)
    assert samples.shape == (RATE,)
    assert np.max(np.abs(samples)) < 1e-6


def test_resampling_nothing_gives_nothing():
    assert resample(Waveform(np.zeros((1, 0), np.float32), 8000), RATE).shape == (0,)


def test_a_speech_track_leaves_long_pauses_out_and_finds_its_way_back():
    waveform = Waveform(np.concatenate([voice(2.0), pause(60.0), voice(3.0)])[None], RATE)
    track = lay_track(waveform, (Span(0.0, 2.0), Span(62.0, 65.0)), sample_rate=RATE)
    assert track.duration < 7.0
    assert list(track.locate(0.5, 1.0)) == [Span(0.5, 1.0)]
    (place,) = track.locate(2.6, 3.0)
    assert (round(place.start, 3), round(place.end, 3)) == (62.1, 62.5)


def test_a_speaker_across_a_left_out_pause_is_in_both_places():
    waveform = Waveform(np.concatenate([voice(2.0), pause(60.0), voice(3.0)])[None], RATE)
    track = lay_track(waveform, (Span(0.0, 2.0), Span(62.0, 65.0)), sample_rate=RATE)
    assert len(list(track.locate(1.0, 4.0))) == 2


def test_a_track_of_a_later_stretch_keeps_the_seconds_of_the_recording():
    waveform = Waveform(voice(10.0)[None], RATE, 100.0)
    track = lay_track(waveform, (Span(103.0, 104.0),), sample_rate=RATE)
    assert list(track.locate(0.0, 0.5)) == [Span(103.0, 103.5)]


def test_a_track_of_no_speech_is_empty():
    assert lay_track(Waveform(voice(1.0)[None], RATE), (), sample_rate=RATE).duration == 0.0


def test_clips_that_are_short_enough_stay_and_long_ones_are_cut_in_the_pause():
    rng = np.random.default_rng(3)
    samples = rng.normal(0, 0.1, (1, 20 * RATE)).astype(np.float32)
    samples[:, round(10.8 * RATE) : round(11.4 * RATE)] *= 0.001
    clips = (Span(0.5, 3.5), Span(5.0, 17.0))
    short, first, second = cut_clips(Waveform(samples, RATE), clips, longest=10.0)
    assert short == clips[0]
    assert (first.start, second.end) == (5.0, 17.0)
    assert first.end == second.start
    assert 10.8 < first.end < 11.4
