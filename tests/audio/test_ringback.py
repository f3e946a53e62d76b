"""Ringback: exact counts, exact edges, and nothing where there is none."""

from __future__ import annotations

import pytest

import sounds
from qa_engine.audio.call_tones import find_busy
from qa_engine.audio.frames import make_tracks
from qa_engine.audio.ringback import find_ringbacks
from qa_engine.domain.audio_event import Ringback

EDGE = 0.03  # seconds


def rings_in(samples: sounds.Samples) -> tuple[Ringback, ...]:
    return find_ringbacks(make_tracks(sounds.blocks(samples)()), 0)


def call(cadence: str, seconds: float, *, lead: float = 0.5, offset: float = 0.0) -> sounds.Samples:
    return sounds.join(
        sounds.silence(lead), sounds.ringback(cadence, seconds, offset=offset), sounds.silence(0.4), sounds.voice(4)
    )


LINES = {
    "clean": lambda samples: samples,
    "G.711": sounds.mu_law,
    "20 dB noise": lambda samples: samples + sounds.noise(len(samples) / sounds.RATE, db=-37)[: len(samples)],
    "quiet": lambda samples: sounds.mu_law(samples * 0.1),
}
CASES = [
    ("ru", 11.5, 3, 11.0, "425 Hz 1.0/4.0"),
    ("ru_equipment", 9.5, 3, 8.8, "425 Hz 0.8/3.2"),
    ("fr", 12.0, 3, 11.5, "440 Hz 1.5/3.5"),
    ("us", 9.0, 2, 8.0, "440+480 Hz 2.0/4.0"),
    ("us_pbx", 10.0, 3, 9.0, "440+480 Hz 1.0/3.0"),
    ("uk", 8.0, 3, 7.0, "400+450 Hz 0.4/0.2/0.4/2.0"),
    ("jp", 8.0, 3, 7.0, "384+418 Hz 1.0/2.0"),
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(("cadence", "seconds", "rings", "end", "label"), CASES)
def test_cadence_is_counted_and_measured(
    line: str, cadence: str, seconds: float, rings: int, end: float, label: str
) -> None:
    (found,) = rings_in(LINES[line](call(cadence, seconds)))
    assert found.rings == rings
    assert found.start == pytest.approx(0.5, abs=EDGE)
    assert found.end == pytest.approx(0.5 + end, abs=EDGE)
    assert found.tone.split(" Hz ")[1] == label.split(" Hz ")[1]
    assert not found.starts_mid_ring


def test_tone_cut_by_the_answer_is_said_to_be_cut() -> None:
    (found,) = rings_in(sounds.join(sounds.silence(0.5), sounds.ringback("ru", 5.4), sounds.voice(4)))
    assert (found.rings, found.cut) == (2, True)
    assert found.end == pytest.approx(5.9, abs=EDGE)


def test_recording_that_starts_inside_a_tone_says_so() -> None:
    (found,) = rings_in(call("ru", 9, lead=0, offset=0.4))
    assert (found.rings, found.starts_mid_ring, found.start) == (2, True, 0.0)
    assert found.cycle == pytest.approx(5.0, abs=0.05)


def test_single_ring_then_speech_is_a_ring() -> None:
    (found,) = rings_in(call("ru", 3))
    assert (found.rings, found.cut) == (1, False)
    assert found.cycle == 5.0


def test_single_cut_ring_is_a_ring() -> None:
    (found,) = rings_in(sounds.join(sounds.silence(0.5), sounds.ringback("ru", 0.5), sounds.voice(4)))
    assert (found.rings, found.cut) == (1, True)


def test_ring_of_one_channel_is_found_there_only() -> None:
    both = sounds.stereo(sounds.silence(12), sounds.ringback("ru", 12))
    tracks = make_tracks(sounds.blocks(both)())
    assert find_ringbacks(tracks, 0) == ()
    assert find_ringbacks(tracks, 1)[0].channel == 1


def test_block_borders_do_not_matter() -> None:
    samples = call("ru", 11.5)
    (whole,) = find_ringbacks(make_tracks(sounds.blocks(samples)()), 0)
    (pieces,) = find_ringbacks(make_tracks(sounds.blocks(samples, block_seconds=0.77)()), 0)
    assert (whole.start, whole.end, whole.rings) == (pieces.start, pieces.end, pieces.rings)


@pytest.mark.parametrize("seed", range(4))
def test_music_is_no_ring(seed: int) -> None:
    assert rings_in(sounds.music(30, seed=seed, tempo=90 + 15 * seed)) == ()


@pytest.mark.parametrize("pitch", [95, 210, 212.5, 425])
def test_voice_is_no_ring(pitch: float) -> None:
    assert rings_in(sounds.voice(30, pitch=pitch, seed=int(pitch))) == ()


def test_notes_of_a_melody_at_ring_pitch_are_no_rings() -> None:
    notes = [sounds.tone([hz], 0.5) for hz in (440, 523, 440, 392, 440, 330, 440, 494) * 4]
    assert rings_in(sounds.join(*notes)) == ()


def test_tone_in_the_middle_of_speech_is_no_ring() -> None:
    assert rings_in(sounds.join(sounds.voice(8), sounds.tone([425], 1.0), sounds.voice(8, seed=2))) == ()


def test_busy_tone_is_no_ring() -> None:
    busy = sounds.again(sounds.join(sounds.tone([425], 0.35), sounds.silence(0.35)), 10)
    tracks = make_tracks(sounds.blocks(busy)())
    (found,) = find_busy(tracks, 0)
    assert find_ringbacks(tracks, 0, busy=[found.span]) == ()


def test_first_short_ring_of_germany_counts() -> None:
    first = sounds.join(sounds.silence(0.5), sounds.tone([425], 0.25), sounds.silence(4.0))
    (found,) = rings_in(sounds.join(first, sounds.ringback("ru", 6.4), sounds.voice(3)))
    assert (found.rings, found.start) == (3, pytest.approx(0.5, abs=EDGE))
    assert found.cycle == pytest.approx(5.0, abs=0.05)


def test_short_first_ring_alone_is_a_ring() -> None:
    (found,) = rings_in(
        sounds.join(sounds.silence(0.5), sounds.tone([425], 0.25), sounds.silence(3.0), sounds.voice(3))
    )
    assert (found.rings, found.cut) == (1, False)


@pytest.mark.parametrize("hz", [380, 1400])
def test_short_beep_of_another_pitch_alone_is_no_ring(hz: float) -> None:
    assert rings_in(sounds.join(sounds.silence(0.5), sounds.tone([hz], 0.25), sounds.silence(3), sounds.voice(3))) == ()


def test_single_ring_of_no_known_length_was_cut() -> None:
    (found,) = rings_in(
        sounds.join(sounds.silence(0.5), sounds.tone([400], 0.68), sounds.silence(1.2), sounds.voice(3))
    )
    assert (found.rings, found.cut) == (1, True)


def test_two_parts_of_rings_have_the_cycle_of_a_known_cadence() -> None:
    (found,) = rings_in(call("ru", 4.9, lead=0, offset=0.3))
    assert (found.rings, found.cut, found.starts_mid_ring) == (2, True, True)
    assert (found.cycle, found.tone) == (pytest.approx(5.0, abs=0.05), "425 Hz 1.0/4.0")


def test_recording_that_starts_between_the_halves_of_a_ring_starts_inside_it() -> None:
    (found,) = rings_in(call("uk", 7.5, lead=0, offset=0.45))
    assert (found.rings, found.starts_mid_ring, found.start) == (3, True, 0.0)


def test_second_half_cut_short_is_said_to_be_cut() -> None:
    (found,) = rings_in(
        sounds.join(sounds.silence(0.5), sounds.ringback("uk", 0.85), sounds.silence(1), sounds.voice(3))
    )
    assert (found.rings, found.cut) == (1, True)


def test_talk_in_the_pause_does_not_break_a_sure_series() -> None:
    rings = sounds.ringback("ru", 21.0)
    talk = sounds.join(sounds.silence(11.6), sounds.voice(2.5), sounds.silence(6.9))
    (found,) = rings_in(rings + talk[: len(rings)])
    assert found.rings == 5


def test_one_ring_behind_an_announcement_is_a_ring() -> None:
    greeting = sounds.join(sounds.voice(5), sounds.silence(0.6))
    (found,) = rings_in(sounds.join(greeting, sounds.tone([425], 1.0), sounds.silence(1.0), sounds.voice(4, seed=2)))
    assert (found.rings, found.start) == (1, pytest.approx(5.6, abs=0.1))


def test_beeps_of_a_hold_are_no_rings() -> None:
    assert rings_in(sounds.again(sounds.join(sounds.silence(9.6), sounds.tone([440], 0.4)), 3)) == ()


def test_call_waiting_is_no_ring() -> None:
    assert rings_in(sounds.again(sounds.join(sounds.silence(4.8), sounds.tone([425], 0.2)), 4)) == ()
