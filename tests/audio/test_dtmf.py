"""Keys: counted through every line, never told which, and never heard in talk or music."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import phone_lines
import sounds
from qa_engine.audio.decoding import decode_blocks
from qa_engine.audio.dtmf import KeyListener
from qa_engine.domain.audio_event import EventKind, SoundEvent

RECORDINGS = Path(__file__).parents[3] / "shared" / "data" / "recordings"
MUSIC = Path("/usr/share/asterisk/moh")


def heard(samples: sounds.Samples, *, block_seconds: float = 60.0) -> tuple[SoundEvent, ...]:
    listener = KeyListener()
    for _ in listener.listen(sounds.blocks(samples, block_seconds=block_seconds)()):
        pass
    return listener.events()


def heard_in(path: Path) -> tuple[SoundEvent, ...]:
    listener = KeyListener()
    for _ in listener.listen(decode_blocks(path, sample_rate=sounds.RATE)):
        pass
    return listener.events()


@pytest.mark.parametrize("line", phone_lines.LINES)
def test_keys_are_counted(line: str) -> None:
    if line == "GSM" and not phone_lines.has_gsm():
        pytest.skip("no program here encodes GSM 06.10")
    pressed = sounds.join(sounds.silence(1), sounds.keys(11), sounds.silence(1))
    (found,) = heard(phone_lines.LINES[line](pressed))
    assert (found.kind, found.detail) == (EventKind.TONE, "DTMF, 11 keys")
    assert (found.start, found.end) == (pytest.approx(1.0, abs=0.03), pytest.approx(3.1, abs=0.03))


def test_shortest_keys_of_the_standard_are_counted() -> None:
    (found,) = heard(sounds.join(sounds.silence(0.5), sounds.keys(16, on=0.04, off=0.05)))
    assert found.detail == "DTMF, 16 keys"


def test_event_never_tells_which_keys() -> None:
    details = {heard(sounds.keys(4, seed=seed))[0].detail for seed in range(8)}
    assert details == {"DTMF, 4 keys"}


def test_one_key_is_one_key() -> None:
    (found,) = heard(sounds.keys(1))
    assert found.detail == "DTMF, 1 key"


def test_keys_with_a_pause_between_are_events_of_their_own() -> None:
    pressed = sounds.join(sounds.keys(2), sounds.silence(1.5), sounds.keys(3))
    assert [event.detail for event in heard(pressed)] == ["DTMF, 2 keys", "DTMF, 3 keys"]


def test_keys_are_told_by_channel() -> None:
    found = heard(sounds.stereo(sounds.silence(1), sounds.keys(5)))
    assert [(event.channel, event.detail) for event in found] == [(1, "DTMF, 5 keys")]


def test_block_borders_cut_no_key() -> None:
    pressed = sounds.join(sounds.silence(0.3), sounds.keys(9))
    assert heard(pressed, block_seconds=0.13) == heard(pressed)


@pytest.mark.parametrize(("share", "is_heard"), [(-0.015, True), (0.015, True), (-0.035, False), (0.035, False)])
def test_frequency_is_held_to_the_standard(share: float, is_heard: bool) -> None:
    key = sounds.tone([770 * (1 + share), 1336 * (1 + share)], 0.1)
    assert bool(heard(sounds.join(sounds.silence(0.2), key, sounds.silence(0.2)))) == is_heard


@pytest.mark.parametrize("hz", [[770], [1336], [425, 480], [950, 1400]])
def test_other_tones_are_no_keys(hz: list[float]) -> None:
    assert heard(sounds.join(sounds.silence(0.2), sounds.tone(hz, 0.5), sounds.silence(0.2))) == ()


def test_keys_too_faint_to_be_pressed_here_are_not_heard() -> None:
    assert heard(sounds.keys(4, amplitude=0.002)) == ()


@pytest.mark.parametrize("seed", range(4))
def test_made_talk_and_music_press_no_keys(seed: int) -> None:
    sound = np.concatenate([sounds.voice(20, pitch=100 + 40 * seed, seed=seed), sounds.music(20, seed=seed)])
    assert heard(sound) == ()


def test_nothing_is_heard_in_no_sound() -> None:
    assert KeyListener().events() == ()
    assert heard(sounds.silence(0.01)) == ()


@pytest.mark.shared
def test_real_talk_presses_no_keys() -> None:
    if not RECORDINGS.is_dir():
        pytest.skip("the labelled recordings are not here")
    talks = [path for path in RECORDINGS.iterdir() if path.suffix in {".wav", ".flac"}]
    assert {path.name: heard_in(path) for path in talks} == {path.name: () for path in talks}


@pytest.mark.slow
def test_music_on_hold_presses_no_keys() -> None:
    pieces = sorted(MUSIC.glob("*.wav"))
    if not pieces:
        pytest.skip("Debian's music on hold is not installed")
    assert {piece.name: heard_in(piece) for piece in pieces} == {piece.name: () for piece in pieces}
