"""The step in the background at the answer: found where it is, not taken from words, coughs or the caller's room."""

from __future__ import annotations

import numpy as np
import pytest

import sounds
from qa_engine.audio.frames import make_tracks
from qa_engine.audio.opening import with_opening
from qa_engine.audio.ringback import find_ringbacks

WITHIN = 0.1  # seconds
END = 6.5  # seconds: end of the second ring
ANSWER = 8.2  # seconds
SECONDS = 20.0


def ringing(*, before_db: float, after_db: float | None, word_at: float = 9.4) -> sounds.Samples:
    """Two rings from 0.5 s, the background of the line, from `ANSWER` on that of a room, and words."""
    line = sounds.noise(SECONDS, db=before_db, seed=1)
    tones = sounds.join(sounds.silence(0.5), sounds.ringback("ru", 6.0))
    line[: len(tones)] += tones
    first = round(ANSWER * sounds.RATE)
    if after_db is not None:
        line[first:] += sounds.noise(SECONDS, db=after_db, seed=2)[: len(line) - first]
    at = round(word_at * sounds.RATE)
    words = sounds.join(sounds.voice(3), sounds.silence(1), sounds.voice(3, seed=3))
    line[at : at + len(words)] += words[: len(line) - at]
    return line


def opened(samples: sounds.Samples, channel: int = 0) -> float | None:
    tracks = make_tracks(sounds.blocks(samples)())
    (ring,) = find_ringbacks(tracks, channel)
    return with_opening(ring, tracks).opened


@pytest.mark.parametrize(("before_db", "after_db"), [(-120, -70), (-75, -60), (-60, -50), (-60, -59), (-45, -45)])
def test_background_that_grows_is_the_answer(before_db: float, after_db: float) -> None:
    assert opened(ringing(before_db=before_db, after_db=after_db)) == pytest.approx(ANSWER, abs=WITHIN)


def test_background_that_falls_is_the_answer() -> None:
    line = ringing(before_db=-50, after_db=None)
    first, last = round(ANSWER * sounds.RATE), round(9.4 * sounds.RATE)
    line[first:last] = sounds.noise(2, db=-65, seed=4)[: last - first]
    assert opened(line) == pytest.approx(ANSWER, abs=WITHIN)


@pytest.mark.parametrize("before_db", [-120, -70, -50])
def test_word_is_no_opening(before_db: float) -> None:
    assert opened(ringing(before_db=before_db, after_db=None)) is None


def test_cough_is_no_opening() -> None:
    line = ringing(before_db=-60, after_db=None, word_at=12.0)
    at = round(7.5 * sounds.RATE)
    line[at : at + 4000] += sounds.noise(0.5, db=-30, seed=5)
    assert opened(line) is None


def test_noise_in_the_caller_s_room_is_no_opening() -> None:
    room = np.concatenate([sounds.noise(7.2, db=-60, seed=6), sounds.noise(12.8, db=-40, seed=7)])
    assert opened(sounds.stereo(ringing(before_db=-70, after_db=None), room)) is None


def test_side_that_carried_nothing_before_opens_the_line() -> None:
    other = sounds.join(sounds.silence(ANSWER), sounds.noise(SECONDS - ANSWER, db=-55))
    both = sounds.stereo(ringing(before_db=-70, after_db=None), other)
    assert opened(both) == pytest.approx(ANSWER, abs=WITHIN)


def test_cut_ring_needs_no_opening() -> None:
    samples = sounds.join(sounds.silence(0.5), sounds.ringback("ru", 5.4), sounds.noise(4, db=-40), sounds.voice(3))
    tracks = make_tracks(sounds.blocks(samples)())
    (ring,) = find_ringbacks(tracks, 0)
    assert ring.cut
    assert with_opening(ring, tracks) == ring
