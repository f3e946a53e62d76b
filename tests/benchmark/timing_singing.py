"""Songs: words sung by festival's singing mode to a made-up tune, over chords and a bass in the same key."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
from timing_cadences import RATE
from timing_sound import Samples, read_sound, rms

__all__ = ["can_sing", "song"]

# festival's voice and sox's effects: a man to tune on; another, made higher, to test
SINGERS = {"tuning": ("kal_diphone", ()), "test": ("ked_diphone", ("speed", "1.2"))}
WORDS = tuple(  # of one syllable
    """blue rain falls down on my street and all day long we sing the same old song of love
home sweet home where the wind goes by and stars shine bright till dawn so stay with me my friend""".split()  # noqa: SIM905
)
SCALE = ("C4", "D4", "E4", "F4", "G4", "A4", "B4", "C5")
CHORDS = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))  # semitones over C: I vi IV V
BEAT = 0.6  # seconds
XML = """<?xml version="1.0"?>
<!DOCTYPE SINGING PUBLIC "-//SINGING//DTD SINGING mark up//EN" "Singing.v0_1.dtd" []>
<SINGING BPM="100">{notes}</SINGING>"""


@cache
def can_sing(part: str) -> bool:
    """Whether festival has the singer's voice."""
    if not (shutil.which("text2wave") and shutil.which("sox")):
        return False
    with tempfile.TemporaryDirectory() as folder:
        command = ["text2wave", "-eval", f"(voice_{SINGERS[part][0]})", "-o", str(Path(folder) / "a.wav")]
        return subprocess.run(command, input=b"a", capture_output=True, check=False).returncode == 0


def song(part: str, rng: np.random.Generator, seconds: float, kept: Path | None = None) -> Samples:
    """`seconds` of a song: (time,) at 8 kHz; the voice stands 6 dB over the instruments."""
    notes, beats = [], 0.0
    while beats * BEAT < 1.25 * (seconds + 1):
        length = float(rng.choice([0.5, 1, 1, 2]))
        pitch, word = SCALE[int(rng.integers(len(SCALE)))], WORDS[int(rng.integers(len(WORDS)))]
        notes.append(f'<PITCH NOTE="{pitch}"><DURATION BEATS="{length}">{word}</DURATION></PITCH>')
        beats += length
        if rng.random() < 0.12:
            notes.append('<REST BEATS="1.0"></REST>')
            beats += 1
    voice = _sing(part, XML.format(notes="\n".join(notes)), kept)[: round(seconds * RATE)]
    sound = _accompaniment(seconds, "speed" in SINGERS[part][1])
    sound /= 2 * rms(sound)
    sound[: len(voice)] += voice / rms(voice)
    return sound


def _sing(part: str, xml: str, kept: Path | None) -> Samples:
    name, effects = SINGERS[part]
    file = kept / f"song-{hashlib.sha256((xml + name).encode()).hexdigest()[:24]}.wav" if kept else None
    if file and file.exists():
        return read_sound(file)
    with tempfile.TemporaryDirectory() as folder:
        text, raw, done = (Path(folder) / each for each in ("song.xml", "raw.wav", "done.wav"))
        text.write_text(xml, encoding="utf-8")
        command = ["text2wave", "-mode", "singing", "-eval", f"(voice_{name})", str(text), "-o", str(raw)]
        subprocess.run(command, check=True, capture_output=True)
        subprocess.run(["sox", "-D", str(raw), str(done), *effects], check=True, capture_output=True)
        if file:
            shutil.copy(done, file)
        return read_sound(done)


def _accompaniment(seconds: float, high: bool) -> Samples:
    """Plucked chords on every beat and a bass on every other."""
    track = np.zeros(round((seconds + 3) * RATE))
    root = 130.81 * (1.2 if high else 1.0)  # C3, in the singer's key
    beat = BEAT / (1.2 if high else 1.0)
    t = np.arange(2 * RATE) / RATE
    for index in range(int(seconds / beat) + 1):
        chord = CHORDS[index // 4 % len(CHORDS)]
        pitches = [root * 2 ** ((semitone + 12) / 12) for semitone in chord] + [root * 2 ** (chord[0] / 12)]
        pluck = sum((np.sin(2 * np.pi * k * hz * t) / k for hz in pitches for k in (1, 2, 3)), np.zeros(len(t)))
        first = round(index * beat * RATE)
        track[first : first + len(t)] += (pluck * np.exp(-2.5 * t))[: len(track) - first]
    return track[: round(seconds * RATE)]
