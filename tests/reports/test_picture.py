"""The picture of a recording shows each span where it was found."""

from __future__ import annotations

import io

import numpy as np
import pytest

from builders import hold, timings
from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation, Ringback
from qa_engine.domain.spans import Span
from qa_engine.reports.picture import COLOURS, draw_picture
from sounds import blocks, join, music, noise, ringback, stereo, voice

DURATION = 40.0


def events(*speech: Span, ringbacks: tuple[Ringback, ...] = ()) -> AudioEvents:
    activity = (Activity(None, speech, -20.0, -60.0),)
    return AudioEvents(DURATION, 1, ChannelRelation.MONO, activity, ringbacks)


def draw(*, holds: tuple = (), heard: AudioEvents | None = None) -> np.ndarray:
    samples = join(ringback("ru", 10), voice(10, seed=1), music(10), noise(10))
    picture = draw_picture(
        blocks(samples)(), timings(DURATION, holds=holds), heard or events(Span(10, 20)), (), title="a call"
    )
    return pixels(picture)


def pixels(picture: bytes) -> np.ndarray:
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)


def columns_of(image: np.ndarray, colour: str) -> np.ndarray:
    """Columns in which a colour is seen."""
    wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
    return np.flatnonzero((np.abs(image - wanted).sum(axis=2) < 12).sum(axis=0) > 3)


def test_speech_stands_where_it_was_found():
    image = draw()
    speech = columns_of(image, COLOURS["speech"])
    assert speech.size / image.shape[1] == pytest.approx(0.25, abs=0.04)


def test_a_hold_is_drawn_over_its_seconds_and_not_without_one():
    assert not columns_of(draw(), COLOURS["hold"]).size
    held = columns_of(draw(holds=(hold(20, 30),)), COLOURS["hold"])
    spoken = columns_of(draw(), COLOURS["speech"])
    assert held.min() >= spoken.max() - 2


def test_rings_are_drawn():
    ring = Ringback(0.0, 6.0, 2, "425 Hz 1.0/4.0", 5.0, 1.0)
    assert columns_of(draw(heard=events(Span(10, 20), ringbacks=(ring,))), COLOURS["ringing"]).size


def test_two_channels_are_drawn_one_above_the_other():
    both = stereo(voice(DURATION, seed=1), voice(DURATION, seed=2))
    heard = AudioEvents(
        DURATION,
        2,
        ChannelRelation.DISTINCT,
        (Activity(0, (Span(0, 5),), -20.0, -60.0), Activity(1, (Span(5, 9),), -20.0, -60.0)),
    )
    picture = draw_picture(blocks(both)(), timings(DURATION), heard, (), title="two")
    assert pixels(picture).shape[0] > draw().shape[0]


def test_the_same_call_gives_the_same_bytes():
    samples = voice(DURATION, seed=1)
    once, again = (
        draw_picture(blocks(samples)(), timings(DURATION), events(Span(1, 2)), (), title="a") for _ in range(2)
    )
    assert once == again


def test_a_recording_of_a_moment_and_one_of_hours_are_drawn():
    short = AudioEvents(0.05, 1, ChannelRelation.MONO, (Activity(None, (), -120.0, -120.0),))
    assert pixels(draw_picture(blocks(noise(0.05))(), timings(0.05), short, (), title="")).size
    quiet = np.zeros(8000 * 600, dtype=np.float32)
    long = AudioEvents(600.0, 1, ChannelRelation.MONO, (Activity(None, (), -120.0, -120.0),))
    assert pixels(draw_picture(blocks(quiet)(), timings(600.0), long, (), title="")).size
