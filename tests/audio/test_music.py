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


def _sung(seconds: float, *, seed: int) -> sounds.Samples:
    """Chords with a singer over them who holds each note for half a second."""
    notes = [sounds.voice(0.5, pitch=150 * 2 ** (step / 12), db=-22, seed=seed) for step in (0, 4, 7, 5, 2)]
    song = np.resize(sounds.join(*notes), round(seconds * sounds.RATE))
    return song + sounds.music(seconds, seed=seed, db=-20)


def _humming(seconds: float, *, db: float) -> sounds.Samples:
    """One closed-mouth voice with vibrato and few partials that changes its note twice a second."""
    t = np.arange(round(seconds * sounds.RATE)) / sounds.RATE
    notes = np.random.default_rng(5).choice([0, 2, 4, 5, 7], int(seconds / 0.5) + 2)
    semitones = np.interp(t, np.arange(len(notes)) * 0.5, notes) + 0.3 * np.sin(2 * np.pi * 5.5 * t)
    phase = 2 * np.pi * np.cumsum(140.0 * 2 ** (semitones / 12)) / sounds.RATE
    hum = sum((np.sin(k * phase) / k**1.5 for k in range(1, 8)), np.zeros(len(t)))
    return (hum / np.sqrt(np.mean(hum**2)) * 10 ** (db / 20)).astype(np.float32)


@pytest.mark.parametrize("seed", range(3))
def test_sung_music_is_music(seed: int) -> None:
    samples = sounds.join(sounds.voice(8, pitch=95), _sung(18, seed=seed), sounds.voice(8, pitch=105, seed=9))
    (found,) = music_in(sounds.mu_law(samples + sounds.noise(35, db=-55)[: len(samples)]))
    assert found.start == pytest.approx(8.0, abs=2 * EDGE)
    assert found.end == pytest.approx(26.0, abs=2 * EDGE)


@pytest.mark.parametrize("db", [-30, -26, -18])
def test_music_is_found_whatever_its_level(db: float) -> None:
    samples = sounds.join(sounds.voice(8, pitch=95), sounds.music(15, db=db), sounds.voice(8, pitch=105, seed=9))
    (found,) = music_in(sounds.mu_law(samples + sounds.noise(31, db=-60)))
    assert found.start == pytest.approx(8.0, abs=EDGE)
    assert found.end == pytest.approx(23.0, abs=EDGE)


def test_music_that_fades_in_and_out_has_its_edges() -> None:
    tune = sounds.music(16)
    t = np.arange(len(tune)) / sounds.RATE
    faded = (tune * np.minimum(1, np.minimum(t, 16 - t) / 1.0)).astype(np.float32)
    samples = sounds.join(sounds.voice(8, pitch=95), faded, sounds.voice(8, pitch=105, seed=9))
    (found,) = music_in(samples + sounds.noise(32, db=-60))
    assert found.start == pytest.approx(8.0, abs=EDGE)
    assert found.end == pytest.approx(24.0, abs=EDGE)


def test_two_tunes_never_overlap() -> None:
    between = sounds.voice(9, pitch=100, seed=4)
    one, two = sounds.music(12, seed=1), sounds.music(12, seed=2)
    found = music_in(sounds.join(sounds.voice(8, pitch=95), one, between, two, sounds.voice(8, seed=3)))
    assert len(found) == 2
    assert found[0].end <= found[1].start


def test_radio_far_below_the_talk_is_no_music() -> None:
    phrases = [part for i in range(8) for part in (sounds.voice(4, pitch=110, seed=i), sounds.silence(2))]
    talk = sounds.join(*phrases)
    assert music_in(talk + sounds.music(len(talk) / sounds.RATE, db=-45) + sounds.noise(48, db=-60)) == ()


def test_humming_in_a_pause_is_no_music() -> None:
    samples = sounds.join(
        sounds.voice(8, pitch=110), sounds.silence(0.6), _humming(5, db=-30), sounds.silence(0.6), sounds.voice(8)
    )
    assert music_in(samples + sounds.noise(23, db=-60)[: len(samples)]) == ()


def test_silence_and_tones_that_are_known_are_no_music() -> None:
    tracks = make_tracks(sounds.blocks(sounds.music(20))())
    assert find_music(tracks, 0, np.ones(tracks.power.shape[1], dtype=np.bool_)) == ()


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
