"""The cases of the benchmark of timings: which calls are made, for either set; every one has its own seed."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from timing_cadences import CADENCES
from timing_calls import Tape, Truth
from timing_holds import HOLD_SCENES
from timing_line import CODECS, Line, record
from timing_material import Material
from timing_rings import RING_SCENES
from timing_sound import Samples, read_sound
from timing_traps import TRAPS
from timing_voices import RECORDINGS

__all__ = ["Case", "all_cases", "make_call"]

STEREO = ("manager-left", "manager-right")
# drawn from: three of eight mono, three with one party per channel; half without noise
LAYOUTS_DRAWN = ("mono", "mono", "mono", "manager-left", "manager-left", "manager-right", "copies", "one-sided")
SNR_DRAWN = (None, None, None, 40.0, 30.0, 20.0)
FREQUENT = ("ru", "ru_equipment", "us", "uk")  # what most calls ring like here and abroad
RING_COUNTS = {"mid-ring": 10, "ivr-ring": 8, "two-series": 4}
NO_RING = (("at-answer", 6), ("mid-call", 4), ("ivr-only", 4), ("silence-first", 6))
# recordings of people without any hold: file, channel (None: as it is), line
GARAGE = "auto_repair_stereo_manager_left.flac"
REAL = {
    "tuning": tuple(
        (name, 0, Line(codec, layout, snr_db))
        for name in ("car_loan_mono_8k.wav", "phone_sale_mono_8k.wav")
        for codec, layout, snr_db in (
            ("pcm", "mono", None),
            ("gsm", "mono", None),
            ("mp3-16", "copies", None),
            ("alaw", "one-sided", 20.0),
        )
    ),
    "test": (
        (GARAGE, None, Line("pcm", "manager-left")),
        (GARAGE, None, Line("mp3-16", "manager-right", 30.0)),
        (GARAGE, None, Line("gsm", "mono")),
        (GARAGE, 0, Line("ulaw", "one-sided")),
        (GARAGE, 1, Line("pcm", "mono")),
        ("phone_chat_16k.wav", 0, Line("pcm", "mono")),
        ("phone_chat_16k.wav", 0, Line("mp3-16", "copies")),
        ("russian_phone_8k.flac", 0, Line("pcm", "mono")),
        ("russian_phone_8k.flac", 0, Line("gsm", "mono")),
        ("russian_phone_8k.flac", 0, Line("mp3-24", "one-sided", 20.0)),
    ),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A call to be made; `group`: ring, no-ring, tune (in place of rings), hold, transfer, trap or real."""

    name: str
    group: str
    part: str
    language: str
    line: Line
    play: Callable[[Tape], None]

    @property
    def seed(self) -> int:
        """The case's own, so that cases that are left out change no other."""
        return zlib.crc32(f"{self.part} {self.name} {self.line} {self.language}".encode())


def all_cases(part: str) -> Iterator[Case]:
    """Every case of a set, in a fixed order."""
    for name, group, play in _scenes():
        yield _case(name, group, part, play)
    for name, channel, line in REAL[part]:
        if (RECORDINGS / name).exists():
            play = partial(_recording, path=RECORDINGS / name, channel=channel)
            yield Case(f"real {name.split('.')[0]} {channel}", "real", part, "en", line, play)


def _scenes() -> list[tuple[str, str, Callable[[Tape], None]]]:
    """Name, group, and what is played."""
    ring = RING_SCENES["cadence"]
    scenes = [(f"ring {name}", "ring", partial(ring, cadence=name)) for name in CADENCES]
    scenes += [(f"ring {name} {k}", "ring", partial(ring, cadence=name)) for name in FREQUENT for k in range(1, 5)]
    scenes += [(f"{scene} {k}", "ring", RING_SCENES[scene]) for scene, n in RING_COUNTS.items() for k in range(n)]
    scenes += [(f"no-ring {scene} {k}", "no-ring", RING_SCENES[scene]) for scene, n in NO_RING for k in range(n)]
    scenes += [(f"tune {k}", "tune", RING_SCENES["music"]) for k in range(10)]
    scenes += [
        (f"{scene} {k}", "transfer" if scene.startswith("transfer") else "hold", partial(play, index=k))
        for scene, (play, count) in HOLD_SCENES.items()
        for k in range(count)
    ]
    scenes += [(f"trap {scene} {k}", "trap", TRAPS[scene]) for scene in TRAPS for k in range(4)]
    return scenes


def _recording(tape: Tape, *, path: Path, channel: int | None) -> None:
    """A recording as it is; both channels where `channel` is None."""
    for side, number in (("manager", channel or 0), *((("customer", 1),) if channel is None else ())):
        end = tape.lay(side, read_sound(path, channel=number), at=0.0)
    tape.at = end


def _case(name: str, group: str, part: str, play: Callable[[Tape], None]) -> Case:
    """The line is drawn by the name, so that a new case changes no other."""
    rng = np.random.default_rng(zlib.crc32(f"{part} {name}".encode()))
    choice = STEREO if "customer-open" in name else LAYOUTS_DRAWN
    layout = choice[int(rng.integers(len(choice)))]
    codec = CODECS[int(rng.integers(len(CODECS)))]
    line = Line(codec, layout, SNR_DRAWN[int(rng.integers(len(SNR_DRAWN)))], clip=bool(rng.random() < 0.06))
    return Case(name, group, part, ("en", "ru")[int(rng.integers(2))], line, play)


def make_call(case: Case, material: Material, folder: Path) -> tuple[Path, Truth]:
    """The recording of a case and what is true about it."""
    tracks, truth = play_call(case, material)
    return record(*tracks, case.line, folder / f"{case.part}-{case.name.replace(' ', '-')}-{case.seed:08x}"), truth


def play_call(case: Case, material: Material) -> tuple[tuple[Samples, Samples], Truth]:
    """The sounds of manager and customer before the line, and the truth."""
    tape = Tape(material, np.random.default_rng(case.seed), case.language, stereo=case.line.is_stereo)
    tape.noise_db = -72.0 if case.line.snr_db is None else -20.0 - case.line.snr_db
    case.play(tape)
    return tape.tracks(), tape.truth
