"""What calls are made of: music, singing, announcements, voices; one part to tune on, another to test.

The two sets share no piece of music, no voice and no recording. What is missing on this machine is left out, and
`Material.missing` says so. Packages that are unpacked elsewhere are found by `roots`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import soundfile
from timing_cadences import RATE
from timing_sentences import SENTENCES
from timing_singing import can_sing, song
from timing_sound import Samples, band_limit, level, read_sound, rms
from timing_voices import PACKS, Speaker, find_prompts, find_speakers, made_up_speakers

from making.tune import hold_music  # isort: skip  # found by `timing_sound`

__all__ = ["MUSIC", "Material", "MissingMaterialError"]

SHORTEST = 25.0  # seconds of a piece
# music: Debian package, folder, file names by set ("*": all of them). That made for telephones comes first.
MUSIC: tuple[tuple[str, str, dict[str, tuple[str, ...]]], ...] = (
    (
        "asterisk-moh-opsound-wav",
        "usr/share/asterisk/moh",
        {
            "tuning": ("macroform-cold_day", "macroform-robot_dity", "manolo_camp-morning_coffee"),
            "test": ("macroform-the_simplicity", "reno_project-system"),
        },
    ),
    ("extremetuxracer-data", "usr/share/games/etr/music", {"tuning": ("*",)}),
    ("planetblupi-music-ogg", "usr/share/planetblupi/music", {"tuning": ("*",)}),
    ("fretsonfire-songs-sectoid", "usr/share/games/fretsonfire/data/songs/sectoid", {"tuning": ("song",)}),
    ("pushover-data", "usr/share/pushover/themes", {"test": ("*",)}),
    ("singularity-music", "usr/share/games/singularity/music", {"test": ("*",)}),
    ("drascula-music", "usr/share/scummvm/drascula/audio", {"test": ("*",)}),
    ("fretsonfire-songs-muldjord", "usr/share/games/fretsonfire/data/songs/muldjord", {"test": ("song",)}),
)


class MissingMaterialError(Exception):
    """A call needs what this machine does not have."""


@dataclass
class Material:
    """The material of one set (``tuning`` or ``test``); synthetic speech is kept in `cache`.

    Where nothing is found (or `made_up`, for tests), voices and tunes are made of numbers.
    """

    part: str
    cache: Path | None = None
    roots: Sequence[Path] = (Path("/"),)
    made_up: bool = False
    missing: list[str] = field(default_factory=list)
    hold_music: list[Path] = field(default_factory=list)
    music: list[Path] = field(default_factory=list)
    prompts: list[Path] = field(default_factory=list)
    speakers: list[Speaker] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.made_up:
            self._find()
        self.speakers = self.speakers or made_up_speakers(self.part)

    def _find(self) -> None:
        for package, folder, names in MUSIC:
            if self.part in names:
                found = list(self._pieces(folder, names[self.part]))
                (self.hold_music if "moh" in package else self.music).extend(found)
                self.missing += [] if found else [f"music of {package}"]
        packs = find_prompts(self.part, self.roots, self.missing)
        languages = {pack: language for pack, language, _ in PACKS}
        self.prompts += [file for files in packs.values() for file in files]
        self.speakers += find_speakers(self.part, self.roots, self.missing)
        self.speakers += [Speaker(pack, languages[pack], files[:30]) for pack, files in packs.items()]
        self.missing += [] if can_sing(self.part) else ["singing (festvox-kallpc16k, festvox-kdlpc16k, sox)"]

    def _pieces(self, folder: str, names: Sequence[str]) -> Iterator[Path]:
        for root in self.roots:
            for file in sorted((root / folder).rglob("*")):
                is_chosen = file.suffix in {".wav", ".ogg"} and ("*" in names or file.stem in names)
                if is_chosen and not file.is_symlink() and soundfile.info(str(file)).duration > SHORTEST:
                    yield file

    def describe(self) -> str:
        """Names of all that calls are made of."""
        files = [*self.hold_music, *self.music, *self.prompts]
        return repr([[f"{file.parent.name}/{file.name}" for file in files], [one.name for one in self.speakers]])

    def tune(self, rng: np.random.Generator, seconds: float, *, piece: Path | None = None) -> Samples:
        """A stretch of a piece of music that sounds at its beginning and at its end, RMS 1."""
        every = [*self.hold_music, *self.music]
        if not every:
            return _made_up_tune(rng, seconds)
        file = every[int(rng.integers(len(every)))] if piece is None else piece
        length = soundfile.info(str(file)).duration
        for _ in range(20):
            start = float(rng.uniform(0, max(0.1, length - seconds - 0.5)))
            sound = band_limit(read_sound(file, start=start, seconds=seconds))
            whole = rms(sound)
            if whole > 1e-5 and min(rms(sound[:RATE]), rms(sound[-RATE:])) > 0.3 * whole:
                break
        return sound / max(whole, 1e-9)

    def hold_piece(self, index: int) -> Path:
        """A piece made for telephones, one after the other. Raises MissingMaterialError."""
        if not self.hold_music:
            raise MissingMaterialError("music on hold")
        return self.hold_music[index % len(self.hold_music)]

    def song(self, rng: np.random.Generator, seconds: float) -> Samples:
        """Somebody sings to chords, RMS 1. Raises MissingMaterialError."""
        if self.made_up or not can_sing(self.part):
            raise MissingMaterialError("singing")
        sound = band_limit(song(self.part, rng, seconds, self.cache))
        return sound / rms(sound)

    def prompt(self, rng: np.random.Generator) -> Samples:
        """An announcement, its speech at -20 dB. Raises MissingMaterialError."""
        if not self.prompts:
            raise MissingMaterialError("prompts")
        return _prompt(self.prompts[int(rng.integers(len(self.prompts)))])

    def sentence(self, rng: np.random.Generator, language: str) -> str:
        """Something that is said in any call, without a name and without a word of waiting."""
        lines = SENTENCES[language]
        half = [line for line in lines if (zlib.crc32(line.encode()) % 2 == 0) == (self.part == "tuning")]
        return half[int(rng.integers(len(half)))]


def _made_up_tune(rng: np.random.Generator, seconds: float) -> Samples:
    sound = band_limit(hold_music(seconds, rng))
    return sound / rms(sound)


@lru_cache(maxsize=32)
def _prompt(file: Path) -> Samples:
    return level(band_limit(read_sound(file)), -20.0)
