"""The other tones of the network: each by its name, with what was measured, and none in talk."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import phone_lines
import sounds
from qa_engine.audio.decoding import decode_blocks
from qa_engine.audio.detection import detect_events
from qa_engine.domain.audio_event import AudioEvents, EventKind, SoundEvent

RECORDINGS = Path(__file__).parents[3] / "shared" / "data" / "recordings"
EDGE = 0.06  # seconds: tones outside the ring band are known to a hop or two
LINES = ("clean", "G.711", "mp3 16", "20 dB noise")


def train(hz: list[float], on: float, off: float, times: int) -> sounds.Samples:
    return sounds.again(sounds.join(sounds.tone(hz, on), sounds.silence(off)), times)


def tones_of(events: AudioEvents) -> list[SoundEvent]:
    return [sound for sound in events.sounds if sound.kind is EventKind.TONE]


def tones_in(samples: sounds.Samples) -> list[SoundEvent]:
    return tones_of(detect_events(sounds.blocks(samples)))


TRAINS = [
    ([425], 0.35, 0.35, 8, "busy 425 Hz"),  # Russia's law
    ([425], 0.4, 0.4, 6, "busy 425 Hz"),  # equipment
    ([440], 0.5, 0.5, 5, "busy 440 Hz"),
    ([480, 620], 0.5, 0.5, 6, "busy 480+620 Hz"),
    ([400], 0.75, 0.75, 5, "busy 400 Hz"),
    ([425], 0.175, 0.175, 12, "congestion 425 Hz"),
    ([480, 620], 0.25, 0.25, 8, "congestion 480+620 Hz"),
    ([425], 0.25, 0.25, 8, "busy or congestion 425 Hz"),  # busy in Sweden, congestion in the Netherlands
    ([1000], 0.5, 0.5, 6, "beeps 1000 Hz"),
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(("hz", "on", "off", "times", "name"), TRAINS)
def test_train_is_named_and_measured(line: str, hz: list[float], on: float, off: float, times: int, name: str) -> None:
    (found,) = tones_in(phone_lines.LINES[line](sounds.join(sounds.silence(0.5), train(hz, on, off, times))))
    told, measured = found.detail.rsplit(" ", 1)
    assert told == name
    assert [float(each) for each in measured.split("/")] == pytest.approx([on, off], abs=0.04)
    assert found.start == pytest.approx(0.5, abs=EDGE)
    assert found.end == pytest.approx(0.5 + times * (on + off) - off, abs=EDGE)


@pytest.mark.parametrize("line", LINES)
def test_information_tones_are_one_event(line: str) -> None:
    (found,) = tones_in(
        phone_lines.LINES[line](sounds.join(sounds.silence(0.5), sounds.information_tones(), sounds.silence(1)))
    )
    assert found.detail == "SIT 950/1400/1800 Hz"
    assert (found.start, found.end) == (pytest.approx(0.5, abs=EDGE), pytest.approx(1.49, abs=EDGE))


def test_information_tones_downwards_are_not_those() -> None:
    down = sounds.join(*(sounds.tone([hz], 0.33) for hz in (1800, 1400, 950)))
    assert "SIT" not in str(tones_in(sounds.join(sounds.silence(0.5), down, sounds.silence(1))))


SINGLES = [
    ([425], 5.0, "dial tone 425 Hz"),
    ([350, 440], 4.0, "dial tone 350+440 Hz"),
    ([2100], 3.0, "fax CED 2100 Hz"),
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(("hz", "on", "name"), SINGLES)
def test_long_tone_is_named(line: str, hz: list[float], on: float, name: str) -> None:
    samples = sounds.join(sounds.silence(0.5), sounds.tone(hz, on), sounds.silence(0.5))
    (found,) = tones_in(phone_lines.LINES[line](samples))
    assert re.sub(r"\d+", "", found.detail) == re.sub(r"\d+", "", name)
    measured, expected = (list(map(int, re.findall(r"\d+", text))) for text in (found.detail, name))
    assert measured == pytest.approx(expected, abs=3)
    assert (found.start, found.end) == (pytest.approx(0.5, abs=EDGE), pytest.approx(0.5 + on, abs=EDGE))


def test_long_tone_that_is_no_signal_is_told_by_its_frequency() -> None:
    (found,) = tones_in(sounds.join(sounds.silence(0.5), sounds.tone([1000], 1.5), sounds.silence(0.5)))
    assert found.detail == "1000 Hz"


BEEPS = [
    ([1100], 0.5, 3.0, 3, "fax CNG 1100 Hz 0.5/3.0"),
    ([1300], 0.6, 1.7, 3, "modem calling 1300 Hz 0.6/1.7"),
    ([1400], 0.4, 14.6, 2, "recording beep 1400 Hz 0.4 s every 15 s"),
    ([425], 0.2, 4.8, 3, "call waiting 425 Hz 0.2/4.8"),
    ([440], 0.4, 9.6, 3, "beep 440 Hz 0.4 s every 10 s"),
]


@pytest.mark.parametrize(("hz", "on", "off", "times", "name"), BEEPS)
def test_beeps_that_come_back_are_named_each(hz: list[float], on: float, off: float, times: int, name: str) -> None:
    found = tones_in(sounds.join(sounds.silence(0.5), train(hz, on, off, times)))
    assert [sound.detail for sound in found] == [name] * times
    starts = [0.5 + k * (on + off) for k in range(times)]
    assert [sound.start for sound in found] == pytest.approx(starts, abs=EDGE)


def test_beeps_of_a_recorder_are_found_beside_talk() -> None:
    beeps = sounds.join(sounds.silence(1), train([1400], 0.4, 14.6, 3))
    talk = sounds.voice(len(beeps) / sounds.RATE)
    found = tones_in(sounds.stereo(talk, sounds.join(beeps, sounds.voice(3, pitch=200, seed=5))))
    assert {(sound.channel, sound.detail) for sound in found} == {(1, "recording beep 1400 Hz 0.4 s every 15 s")}


def test_beeps_out_of_time_are_not_told() -> None:
    pauses = (2.1, 5.9, 3.3, 7.7)
    beeps = sounds.join(*(part for p in pauses for part in (sounds.tone([700], 0.3), sounds.silence(p))))
    assert tones_in(beeps) == []


def test_keys_are_no_train_of_beeps() -> None:
    same = sounds.again(sounds.join(sounds.tone([941, 1336], 0.2), sounds.silence(0.2)), 8)
    assert [sound.detail for sound in tones_in(sounds.join(sounds.silence(0.5), same))] == ["DTMF, 8 keys"]


@pytest.mark.parametrize("seed", range(3))
def test_made_talk_and_music_hold_no_signal(seed: int) -> None:
    talk = sounds.voice(25, pitch=105 + 45 * seed, seed=seed)
    assert tones_in(np.concatenate([talk, sounds.music(25, seed=seed)])) == []


@pytest.mark.shared
def test_real_talk_holds_no_signal_but_what_is_there() -> None:
    if not RECORDINGS.is_dir():
        pytest.skip("the labelled recordings are not here")
    found = {}
    for path in sorted(each for each in RECORDINGS.iterdir() if each.suffix in {".wav", ".flac"}):
        tones = tones_of(detect_events(lambda path=path: decode_blocks(path, sample_rate=sounds.RATE)))
        found |= {path.name: [(round(t.start), round(t.end)) for t in tones]} if tones else {}
    # a tone of 525 Hz lies over the Russian recording from 13.0 to 15.0 s, 15 dB above all else
    assert found == {"russian_phone_8k.flac": [(13, 15)]}
