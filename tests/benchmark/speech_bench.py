"""What every part of the speech benchmark works with: the set, how much of it, the calls, the engines, the cache."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

from speech_calls import KnownCall, Studio, day_calls, mixed, real_calls, swapped
from speech_engines import Engine
from timing_material import Material, MissingMaterialError

__all__ = ["Bench", "Sizes"]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured: calls of each kind, seconds of every sound, repeats, files for the memory.

    `mono` is small, as a diarizer takes about as long as the call; `bare_diarizer`: the bare one hears the made calls
    too, at twice their length.
    """

    stereo: int = 20
    mono: int = 1
    days: int = 12
    sound_seconds: float = 30.0
    repeats: int = 5
    files: int = 300
    real_seconds: float = 60.0
    bare_diarizer: bool = False

    @staticmethod
    def quick() -> Sizes:
        """Enough to see that a part works; the figures say nothing."""
        return Sizes(stereo=2, mono=1, days=2, sound_seconds=8.0, repeats=2, files=20, real_seconds=20.0)


@dataclass
class Bench:
    """A run: `part` is the set of voices, scripts and music (``tuning`` or ``test``)."""

    part: str
    sizes: Sizes
    cache: Path
    engines: tuple[Engine, ...]
    roots: tuple[Path, ...] = (Path("/"),)

    @cached_property
    def material(self) -> Material:
        """Music and tones of the set."""
        return Material(self.part, self.folder("voices"), self.roots)

    @cached_property
    def studio(self) -> Studio:
        """Makes the set's calls."""
        return Studio(self.part, self.folder("calls"))

    def folder(self, name: str) -> Path:
        """A folder inside the cache."""
        folder = self.cache / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def hearers(self) -> Iterator[tuple[Engine, str]]:
        """Engines with each language that they know."""
        return ((engine, language) for engine in self.engines for language in engine.languages)

    def made(self, language: str, count: int, *layouts: str) -> list[KnownCall]:
        """Made calls, their layouts in turn; none where the voices are missing."""
        try:
            return [self.studio.call(language, index, layouts[index % len(layouts)]) for index in range(count)]
        except MissingMaterialError:
            return []

    def days(self, language: str) -> list[KnownCall]:
        """The calls of the sample day."""
        return list(islice(day_calls(language), self.sizes.days))

    def stereo_calls(self, language: str) -> list[KnownCall]:
        """Two-channel calls, half of them with the manager on the right: made ones, the day's, every other swapped."""
        made = self.made(language, self.sizes.stereo, "manager-left", "manager-right")
        day = [call for call in self.days(language) if call.stereo]
        folder = self.folder("calls")
        return made + [swapped(call, folder) if index % 2 else call for index, call in enumerate(day)]

    def mono_calls(self, language: str) -> list[KnownCall]:
        """One-channel calls: made ones, the day's, the day's two-channel ones mixed; `sizes.mono` of each."""
        many = self.sizes.mono
        day = list(day_calls(language))
        folder = self.folder("calls")
        mixes = [mixed(call, folder) for call in islice((one for one in day if one.stereo), many)]
        # from the fourth dialogue on, so that the two-channel calls do not give the same words again
        made = self.made(language, many + 4, "mono")[4:]
        return [*made, *islice((call for call in day if not call.stereo), many), *mixes]

    def real_calls(self) -> list[KnownCall]:
        """Mixes of labelled recordings of people, kept beside the project."""
        return list(real_calls(self.folder("calls"), seconds=self.sizes.real_seconds))
