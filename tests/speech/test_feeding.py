import numpy as np
import pytest

from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform
from qa_engine.speech.feeding import feed_clips

RATE = 100


def blocks(seconds: float, block_seconds: float):
    samples = np.arange(round(seconds * RATE), dtype=np.float32)[None, :]
    size = round(block_seconds * RATE)
    for first in range(0, samples.shape[1], size):
        yield Waveform(samples[:, first : first + size], RATE, first / RATE)


@pytest.mark.parametrize("block_seconds", [0.7, 2.0, 5.0, 100.0])
def test_every_clip_comes_once_with_its_own_samples(block_seconds):
    clips = (Span(0.0, 1.0), Span(1.9, 2.3), Span(4.5, 9.9), Span(12.0, 19.5))
    fed = [
        (clip, waveform.crop(clip).samples)
        for waveform, spans in feed_clips(blocks(20, block_seconds), clips)
        for clip in spans
    ]
    assert [clip for clip, _ in fed] == list(clips)
    for clip, samples in fed:
        expected = np.arange(round(clip.start * RATE), round(clip.end * RATE))
        assert np.array_equal(samples[0], expected)


def test_a_clip_past_the_end_comes_with_what_is_there():
    fed = list(feed_clips(blocks(3, 1), (Span(2.5, 4.0),)))
    assert [spans for _, spans in fed] == [(Span(2.5, 4.0),)]
    assert fed[0][0].crop(Span(2.5, 4.0)).duration == pytest.approx(0.5)


def test_sound_without_clips_is_not_held():
    longest = max((w.duration for w, _ in feed_clips(blocks(100, 1), (Span(50, 50.5), Span(99, 99.9)))), default=0)
    assert longest <= 2.0
