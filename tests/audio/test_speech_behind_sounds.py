"""The trap of TELEPHONY 4.2: what the voice detector heard before must not make it deaf to the first words behind it.

Voices of the sample days behind music, tones, silence and noise, held against the same voices heard alone.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import sounds
from qa_engine.audio.activity import detect_activity, speech_hops
from qa_engine.audio.decoding import decode
from qa_engine.audio.detection import detect_events
from qa_engine.audio.frames import make_tracks
from qa_engine.audio.grid import HOP, HOP_SECONDS
from qa_engine.audio.one_core import one_core
from qa_engine.audio.silero_voice import _around, _network, hear_voice, voice_probabilities
from qa_engine.domain.spans import Span

DAYS = [Path(__file__).parents[2] / "samples" / day for day in ("day_en", "day_ru")]
DEBIAN = Path("/usr/share/asterisk/moh")
FIRST = round(5.0 / HOP_SECONDS)  # hops, the seconds behind a boundary
LOST = 0.05  # of the speech in them, against the same speech heard alone
PIECES = sorted(DEBIAN.glob("*.wav")) if DEBIAN.is_dir() else []
MUSIC = [piece.stem for piece in PIECES] or ["of numbers"]


@cache
def voices() -> tuple[sounds.Samples, ...]:
    """The longest turn of every recording of the sample days with one party per channel, 6 s from its first sound."""
    found = []
    for day in DAYS:
        for recording in json.loads((day / "truth.json").read_text(encoding="utf-8"))["recordings"]:
            turns = [turn for turn in recording.get("turns", ()) if turn["end"] - turn["start"] > 4.0]
            if len(recording.get("channels", ())) == 2 and turns:
                turn = max(turns, key=lambda turn: turn["end"] - turn["start"])
                both = decode(day / recording["file"], sample_rate=sounds.RATE).crop(
                    Span(turn["start"], turn["start"] + 6.0)
                )
                found.append(_from_first_sound(max(both.samples, key=lambda side: float(np.mean(side**2)))))
    return tuple(found)


def _from_first_sound(samples: sounds.Samples) -> sounds.Samples:
    first = int(np.flatnonzero(loud_hops(samples))[0])
    return samples[max(0, first - 1) * HOP :]


def loud_hops(samples: sounds.Samples) -> NDArray[np.bool_]:
    """Hops at most 22 dB below the loud ones: what there is to hear."""
    hops = samples[: len(samples) // HOP * HOP].reshape(-1, HOP)
    level = 10 * np.log10(np.mean(hops**2, axis=1) + 1e-12)
    return np.asarray(level > np.percentile(level, 95) - 22)


@cache
def lead(name: str) -> sounds.Samples:
    """Half a minute of what precedes the speech."""
    for piece in PIECES:
        if piece.stem == name:
            samples = decode(piece, sample_rate=sounds.RATE, span=Span(20.0, 50.0)).samples[0]
            return (samples * 0.1 / np.sqrt(np.mean(samples**2))).astype(np.float32)
    made = {
        "of numbers": lambda: sounds.music(30, db=-20),
        "ringback": lambda: sounds.ringback("ru", 30.0, offset=1.0),
        "dual ringback": lambda: sounds.ringback("us", 30.0),
        "steady tone": lambda: sounds.tone([425], 30.0),
        "silence": lambda: sounds.silence(30),
        "noise": lambda: sounds.noise(30, db=-45),
    }
    return made[name]()


def recall(heard: tuple[Span, ...], voice: sounds.Samples, at: float) -> tuple[int, int]:
    """Hops heard, and hops to hear, in the first 5 s of a voice that begins at `at` seconds."""
    truth = loud_hops(voice)[:FIRST]
    places = at + (np.flatnonzero(truth) + 0.5) * HOP_SECONDS
    return sum(any(span.contains(second) for span in heard) for second in places.tolist()), len(places)


def share(pairs: list[tuple[int, int]]) -> float:
    heard, there = np.sum(pairs, axis=0)
    return float(heard / there)


def events_speech(samples: sounds.Samples) -> tuple[Span, ...]:
    (activity,) = detect_events(sounds.blocks(samples)).activity
    return activity.speech


def speech_without_detectors(samples: sounds.Samples) -> tuple[Span, ...]:
    """As if no music, tone or silence had been found: nothing is heard again, nothing is left out."""
    tracks = make_tracks(sounds.blocks(samples)())
    return detect_activity(tracks, 0, tracks.voice[0], (), distinct=False).speech


@cache
def heard_alone() -> float:
    return share([recall(events_speech(voice), voice, 0.0) for voice in voices()])


def test_voices_of_both_languages_are_there_and_heard_when_alone() -> None:
    assert len(voices()) >= 4
    assert heard_alone() > 0.95


@pytest.mark.parametrize("before", [*MUSIC, "ringback", "dual ringback", "steady tone", "silence", "noise"])
def test_first_words_behind_another_sound_are_not_lost(before: str) -> None:
    pairs = []
    for index, voice in enumerate(voices()):
        samples = sounds.join(lead(before)[round(0.7 * index * sounds.RATE) :], sounds.silence(0.3), voice)
        line = sounds.noise(len(samples) / sounds.RATE, db=-62, seed=index)[: len(samples)]
        pairs.append(recall(events_speech(samples + line), voice, (len(samples) - len(voice)) / sounds.RATE))
    assert share(pairs) >= heard_alone() - LOST


@pytest.mark.parametrize("before", MUSIC)
def test_first_words_behind_music_nobody_knew_of_are_not_lost(before: str) -> None:
    pairs = []
    for index, voice in enumerate(voices()):
        samples = sounds.join(lead(before)[round(0.7 * index * sounds.RATE) :], voice)
        pairs.append(recall(speech_without_detectors(samples), voice, (len(samples) - len(voice)) / sounds.RATE))
    assert share(pairs) >= heard_alone() - LOST


@pytest.mark.parametrize("before", MUSIC)
def test_the_detector_alone_hears_the_first_words_behind_music(before: str) -> None:
    """Without what the analysis adds to it: hops as loud as the speech beside them."""
    behind, fresh = [], []
    for index, voice in enumerate(voices()):
        truth = loud_hops(voice)[:FIRST]
        music = lead(before)[round(0.7 * index * sounds.RATE) :]
        music = music[len(music) % HOP :]
        track = speech_hops(voice_probabilities(sounds.join(music, voice)))[len(music) // HOP :][: len(truth)]
        behind.append((int(track[truth].sum()), int(truth.sum())))
        alone = speech_hops(voice_probabilities(voice))[: len(truth)]
        fresh.append((int(alone[truth].sum()), int(truth.sum())))
    assert share(behind) >= share(fresh) - LOST


@one_core()
def heard_in_one_go(samples: sounds.Samples) -> NDArray[np.float32]:
    network = _network()
    gates = network.encode(_around(samples, range(len(samples) // HOP)))
    (track,) = network.listen(gates, [range(len(gates))])
    return track


def test_the_trap_is_real_for_a_detector_that_never_begins_afresh() -> None:
    """Without it the tests above would prove nothing."""
    pairs, fresh = [], []
    for voice in voices():
        track = heard_in_one_go(sounds.join(lead(MUSIC[0]), voice))
        truth = loud_hops(voice)[:FIRST]
        behind = len(lead(MUSIC[0])) // HOP
        pairs.append((int((track[behind:][: len(truth)] > 0.5)[truth].sum()), int(truth.sum())))
        fresh.append((int((voice_probabilities(voice)[: len(truth)] > 0.5)[truth].sum()), int(truth.sum())))
    assert share(pairs) < share(fresh) - 0.2


def test_hearing_does_not_depend_on_where_a_window_begins() -> None:
    """A voice moved by a quarter of a second at a time is heard as well at every place."""
    voice = voices()[0]
    truth = loud_hops(voice)[:FIRST]
    shares = []
    for hops in range(0, 96, 8):
        samples = sounds.join(sounds.silence(hops * HOP_SECONDS), voice)
        level = np.zeros((1, len(samples) // HOP), dtype=np.float32)  # as if all of it were loud
        track = hear_voice(samples[None, : level.size * HOP], level)[0]
        shares.append(float((track[hops:][: len(truth)] > 0.5)[truth].mean()))
    assert max(shares) - min(shares) < 0.2
