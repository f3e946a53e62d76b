import numpy as np
import pytest

from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform

RATE = 10  # Hz


def ramp(num_channels=2, num_samples=20, start=0.0):
    samples = np.arange(num_channels * num_samples, dtype=np.float32).reshape(num_channels, num_samples)
    return Waveform(samples, RATE, start)


@pytest.mark.parametrize("shape", [(5,), (1, 5, 1), ()])
def test_samples_without_a_channel_axis_are_refused(shape):
    with pytest.raises(ValueError, match=r"\(channel, time\)"):
        Waveform(np.zeros(shape, np.float32), RATE)


def test_a_waveform_knows_its_channels_length_and_place():
    waveform = ramp(start=3.0)
    assert (waveform.num_channels, waveform.duration, waveform.span) == (2, 2.0, Span(3.0, 5.0))


def test_one_channel_keeps_the_place():
    channel = ramp(start=3.0).channel(1)
    assert channel.samples.tolist() == [list(range(20, 40))]
    assert channel.span == Span(3.0, 5.0)


def test_mixing_averages_the_channels():
    mixed = ramp(start=3.0).mix()
    assert mixed.samples.tolist() == [[10.0 + place for place in range(20)]]
    assert mixed.samples.dtype == np.float32
    assert mixed.span == Span(3.0, 5.0)


def test_mixing_one_channel_changes_nothing():
    waveform = ramp(num_channels=1)
    assert waveform.mix() is waveform


def test_cropping_takes_the_seconds_of_the_recording():
    cropped = ramp(num_channels=1, start=3.0).crop(Span(3.5, 4.0))
    assert cropped.samples.tolist() == [[5, 6, 7, 8, 9]]
    assert cropped.span == Span(3.5, 4.0)


@pytest.mark.parametrize(
    ("span", "first", "num_samples"),
    [(Span(0, 100), 0, 20), (Span(2.5, 4), 0, 10), (Span(4.5, 9), 15, 5), (Span(3, 3), 0, 0), (Span(0, 2), 0, 0)],
)
def test_cropping_never_leaves_the_waveform(span, first, num_samples):
    cropped = ramp(num_channels=1, start=3.0).crop(span)
    assert cropped.samples.shape == (1, num_samples)
    assert cropped.samples[0, :1].tolist() == [first][:num_samples]


def test_cropping_does_not_copy():
    waveform = ramp()
    assert np.shares_memory(waveform.crop(Span(0.5, 1.0)).samples, waveform.samples)


def test_pieces_side_by_side_make_the_whole():
    waveform = ramp(num_channels=1, num_samples=31)
    pieces = [waveform.crop(Span(second * 0.7, (second + 1) * 0.7)).samples for second in range(5)]
    assert np.array_equal(np.concatenate(pieces, axis=1), waveform.samples)
