"""Every cadence of TELEPHONY 1.3 through every line and on every side: counts exact, onsets to a tenth of a second."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import phone_lines
import sounds
from qa_engine.audio.decoding import decode_blocks
from qa_engine.audio.detection import detect_events
from qa_engine.audio.frames import make_tracks
from qa_engine.audio.ringback import find_ringbacks
from qa_engine.domain.audio_event import AudioEvents, Ringback
from qa_engine.timings.answer import measure_answer

RECORDINGS = Path(__file__).parents[3] / "shared" / "data" / "recordings"
MUSIC = Path("/usr/share/asterisk/moh")
EDGE = 0.1  # seconds
LEAD, RINGS, PAUSE = 0.5, 3, 0.7
SIDES = ("mono", "left", "right", "both")
FAST = [
    ("ru", "mp3 16"),
    ("us", "GSM"),
    ("uk", "clipped"),
    ("in", "20 dB noise"),
    ("za_dual", "G.711"),
    ("eg", "mp3 24"),
]


def cycle_and_ring(cadence: str) -> tuple[float, float]:
    """Seconds from ring to ring, and of a ring with its inner pause."""
    _, pattern = sounds.CADENCES[cadence]
    cycle = sum(on + off for on, off in pattern)
    return cycle, cycle - pattern[-1][1]


def ringing(cadence: str) -> sounds.Samples:
    """Three rings, a pause, a voice."""
    cycle, on = cycle_and_ring(cadence)
    rings = sounds.ringback(cadence, (RINGS - 1) * cycle + on + PAUSE)
    return sounds.join(sounds.silence(LEAD), rings, sounds.voice(3))


def through(line: str, samples: sounds.Samples) -> sounds.Samples:
    if line == "GSM" and not phone_lines.has_gsm():
        pytest.skip("no program here encodes GSM 06.10")
    return phone_lines.LINES[line](samples)


def check(found: Ringback, cadence: str) -> None:
    cycle, on = cycle_and_ring(cadence)
    assert found.rings == RINGS
    assert found.start == pytest.approx(LEAD, abs=EDGE)
    assert found.end == pytest.approx(LEAD + (RINGS - 1) * cycle + on, abs=EDGE)
    assert not found.starts_mid_ring
    hz, measured = found.tone.split(" Hz ")
    expected = [seconds for pair in sounds.CADENCES[cadence][1] for seconds in pair]
    assert [float(each) for each in measured.split("/")] == pytest.approx(expected, abs=0.11)
    known = sounds.CADENCES[cadence][0]
    sidebands = sounds.MODULATED.get(cadence, 0) + 4
    assert all(min(abs(int(each) - one) for one in known) <= max(10, sidebands) for each in hz.split("+"))


def on_side(side: str, rings: sounds.Samples) -> sounds.Samples:
    """The ringing on one side or both; on the other one somebody talks later."""
    if side == "mono":
        return rings
    other = sounds.join(sounds.silence(len(rings) / sounds.RATE), sounds.voice(2, seed=4, pitch=190))
    both = {"left": (rings, other), "right": (other, rings)}.get(side)
    if both is None:
        size = len(rings) - 3 * sounds.RATE
        both = (rings, sounds.join(rings[:size], other[size:]))
    return sounds.stereo(*both)


@pytest.mark.parametrize(("cadence", "line"), FAST)
def test_ring_through_a_line_is_counted(cadence: str, line: str) -> None:
    (found,) = find_ringbacks(make_tracks(sounds.blocks(through(line, ringing(cadence)))()), 0)
    check(found, cadence)


@pytest.mark.slow
@pytest.mark.parametrize("line", phone_lines.LINES)
@pytest.mark.parametrize("cadence", sounds.CADENCES)
def test_every_cadence_through_every_line_is_counted(cadence: str, line: str) -> None:
    (found,) = find_ringbacks(make_tracks(sounds.blocks(through(line, ringing(cadence)))()), 0)
    check(found, cadence)


@pytest.mark.slow
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("cadence", sounds.CADENCES)
def test_every_cadence_on_every_side_is_counted_once(cadence: str, side: str) -> None:
    events = detect_events(sounds.blocks(on_side(side, ringing(cadence))))
    for found in events.ringbacks:
        check(found, cadence)
    assert measure_answer(events, None).ringing.rings == RINGS


def rings_of_file(path: Path) -> AudioEvents:
    return detect_events(lambda: decode_blocks(path, sample_rate=sounds.RATE))


@pytest.mark.shared
def test_no_ring_is_heard_in_real_talk() -> None:
    if not RECORDINGS.is_dir():
        pytest.skip("the labelled recordings are not here")
    talks = [path for path in RECORDINGS.iterdir() if path.suffix in {".wav", ".flac"}]
    assert len(talks) >= 5
    assert {path.name: rings_of_file(path).ringbacks for path in talks} == {path.name: () for path in talks}


@pytest.mark.shared
def test_real_ringback_is_a_ring() -> None:
    path = RECORDINGS / "tones" / "us_ringback.wav"
    if not path.is_file():
        pytest.skip("the labelled recordings are not here")
    (found,) = rings_of_file(path).ringbacks
    assert (found.rings, found.tone) == (1, "440+480 Hz")
    assert found.end == pytest.approx(2.0, abs=EDGE)


@pytest.mark.slow
def test_no_ring_and_no_signal_is_heard_in_music_on_hold() -> None:
    pieces = sorted(MUSIC.glob("*.wav"))
    if not pieces:
        pytest.skip("Debian's music on hold is not installed")
    for piece in pieces:
        events = rings_of_file(piece)
        assert events.ringbacks == (), piece.name
        assert [sound.detail for sound in events.sounds if sound.kind == "tone"] == [], piece.name


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_no_ring_is_heard_in_made_talk_and_music(seed: int) -> None:
    talk = sounds.voice(30, pitch=95 + 23 * seed, seed=seed)
    tune = sounds.music(30, seed=seed, tempo=80 + 11 * seed)
    events = detect_events(sounds.blocks(np.concatenate([talk, tune])))
    assert events.ringbacks == ()
