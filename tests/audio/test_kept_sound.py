"""Sound that is read twice is decoded once, unless it is too long to be kept."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import sounds
from qa_engine.audio.kept_sound import KeptSound
from qa_engine.domain.waveform import Waveform


class Source:
    """Counts how often it is read."""

    def __init__(self, seconds: float) -> None:
        self.samples = sounds.noise(seconds)
        self.readings = 0

    def __call__(self) -> Iterator[Waveform]:
        self.readings += 1
        yield from sounds.blocks(self.samples, block_seconds=1.0)()


def joined(blocks: Iterator[Waveform]) -> sounds.Samples:
    return np.concatenate([block.samples[0] for block in blocks])


def test_a_short_recording_is_decoded_once() -> None:
    source = Source(5)
    sound = KeptSound(source)
    assert np.array_equal(joined(sound()), source.samples)
    assert np.array_equal(joined(sound()), source.samples)
    assert source.readings == 1


def test_a_long_recording_is_decoded_anew() -> None:
    source = Source(5)
    sound = KeptSound(source, most_bytes=3 * 4 * sounds.RATE)
    assert np.array_equal(joined(sound()), source.samples)
    assert np.array_equal(joined(sound()), source.samples)
    assert source.readings == 2


def test_a_reading_that_was_given_up_is_not_taken_for_the_whole() -> None:
    source = Source(5)
    sound = KeptSound(source)
    next(sound())
    assert len(joined(sound())) == len(source.samples)
