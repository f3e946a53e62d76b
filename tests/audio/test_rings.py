"""Tones as rings, and what follows a ring."""

from __future__ import annotations

import pytest

import phone_lines
import sounds
from qa_engine.audio.frames import make_tracks
from qa_engine.audio.rings import Ring, is_answered_over, rings_of
from qa_engine.audio.tones import Tone, find_ring_tones


def tone(start: float, on: float) -> Tone:
    return Tone(start, start + on, (400, 450), -20.0, 0.99, 0.1, 0.0)


def last_ring(samples: sounds.Samples) -> tuple[Ring, bool]:
    tracks = make_tracks(sounds.blocks(samples)())
    ring = rings_of(find_ring_tones(tracks, 0))[-1]
    return ring, is_answered_over(ring, tracks, 0)


def test_two_short_tones_are_one_ring() -> None:
    (ring,) = rings_of([tone(1.0, 0.4), tone(1.6, 0.4)])
    assert (ring.on, ring.gap, ring.is_second_cut) == (pytest.approx(1.0), pytest.approx(0.2), False)


def test_cut_second_half_is_seen() -> None:
    (ring,) = rings_of([tone(1.0, 0.4), tone(1.6, 0.2)])
    assert ring.is_second_cut


def test_even_train_of_short_tones_is_no_double_ring() -> None:
    train = [tone(1.0 + 0.6 * k, 0.35) for k in range(3)]
    assert [ring.gap for ring in rings_of(train[:2])] == [pytest.approx(0.25)]
    assert rings_of(train)[0].gap == 0.0


def test_long_tones_are_rings_of_their_own() -> None:
    assert len(rings_of([tone(1.0, 1.0), tone(2.2, 1.0)])) == 2


def test_speech_right_behind_the_tone_has_answered() -> None:
    rings = sounds.join(sounds.silence(0.5), sounds.tone([425], 0.7), sounds.voice(3, db=-15))
    assert last_ring(rings)[1]


def test_quiet_behind_the_tone_is_no_answer() -> None:
    assert not last_ring(sounds.join(sounds.silence(0.5), sounds.tone([425], 1.0), sounds.silence(2)))[1]


def test_tail_that_gsm_adds_is_no_answer() -> None:
    if not phone_lines.has_gsm():
        pytest.skip("no program here encodes GSM 06.10")
    rings = sounds.join(sounds.silence(0.5), sounds.ringback("uk", 7.5), sounds.silence(1))
    ring, answered = last_ring(phone_lines.gsm(rings))
    assert ring.gap
    assert not answered
