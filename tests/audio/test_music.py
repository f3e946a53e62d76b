"""Music on hold: found with its edges, and talk never taken for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sounds
from qa_engine.audio.decoding import decode
from qa_engine.audio.frames import make_tracks
from qa_engine.audio.music import find_music
from qa_engine.domain.audio_event import SoundEvent
from qa_engine.domain.spans import Span

DEBIAN = Path("/usr/share/asterisk/moh")
RECORDINGS = Path(__file__).parents[3] / "shared" / "data" / "recordings"
EDGE = 1.0  # seconds


def music_in(samples: sounds.Samples) -> tuple[SoundEvent, ...]:
    tracks = make_tracks(sounds.blocks(samples)())
    return find_music(tracks, 0, np.zeros(tracks.power.shape[1], dtype=np.bool_))


@pytest.mark.parametrize("seed", range(4))
def test_music_between_speech_has_its_edges(seed: int) -> None:
    before, after = sounds.voice(8, pitch=95, seed=seed), sounds.voice(8, pitch=105, seed=seed + 9)
    samples = sounds.join(before, sounds.music(15, seed=seed, db=-23), after)
    (found,) = music_in(sounds.mu_law(samples + sounds.noise(31, db=-55, seed=seed)))
    assert found.start == pytest.approx(8.0, abs=EDGE)
    assert found.end == pytest.approx(23.0, abs=EDGE)


def test_short_jingle_is_no_hold_music() -> None:
    assert music_in(sounds.join(sounds.voice(8, pitch=95), sounds.music(3), sounds.voice(8, pitch=95, seed=3))) == ()


@pytest.mark.parametrize("pitch", [90, 110, 180, 220])
def test_voice_is_no_music(pitch: float) -> None:
    assert music_in(sounds.voice(40, pitch=pitch, seed=int(pitch))) == ()


def test_noise_is_no_music() -> None:
    assert music_in(sounds.noise(30, db=-30)) == ()


def test_hum_is_no_music() -> None:
    hum = sounds.tone([250, 300, 350, 450], 30, amplitude=0.1)
    assert music_in(hum + sounds.noise(30, db=-45)) == ()


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="Debian's music on hold is not installed")
@pytest.mark.parametrize(
    ("name", "edge"),
    [
        ("cold_day", EDGE),
        ("robot_dity", EDGE),
        ("the_simplicity", 1.5),  # begins with single notes and long rests
        ("morning_coffee", EDGE),
        ("system", EDGE),
    ],
)
def test_real_hold_music_is_found(name: str, edge: float) -> None:
    (path,) = DEBIAN.glob(f"*-{name}.wav")
    tune = decode(path, sample_rate=8000, span=Span(20, 45)).samples[0] * np.float32(0.5)
    samples = sounds.join(sounds.voice(8, pitch=95), sounds.silence(0.4), tune, sounds.silence(0.4), sounds.voice(8))
    (found,) = music_in(sounds.mu_law(samples))
    assert found.start == pytest.approx(8.4, abs=edge)
    assert found.end == pytest.approx(33.4, abs=edge)


@pytest.mark.shared
@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the real recordings are not here")
@pytest.mark.parametrize(
    "name",
    ["car_loan_mono_8k.wav", "phone_chat_16k.wav", "phone_sale_mono_8k.wav", "russian_phone_8k.flac"],
)
def test_real_talk_is_no_music(name: str) -> None:
    assert music_in(sounds.mu_law(decode(RECORDINGS / name, sample_rate=8000).samples[0])) == ()
