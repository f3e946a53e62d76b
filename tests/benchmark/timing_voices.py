"""Who speaks in the made calls: people on telephones, people in a studio, machines; no voice is in both sets."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from timing_cadences import RATE
from timing_sound import ROOT, Samples, band_limit, phrases_of, read_sound

from making.dialogue import Voice  # isort: skip  # found by `timing_sound`
from making.voices import speak  # isort: skip
from sounds import voice as made_up_voice  # isort: skip

__all__ = ["MACHINES", "PACKS", "PEOPLE", "RECORDINGS", "STUDIO", "Speaker"]
__all__ += ["find_prompts", "find_speakers", "made_up_speakers"]

RECORDINGS = ROOT.parent / "shared" / "data" / "recordings"
PROMPTS = "usr/share/asterisk/sounds"
FILES_EACH = 60  # of a studio voice, so that it is soon read

# recordings of calls: file, channel, language, set. "" is a language without lexicons: its calls take any words.
PEOPLE = (
    ("car_loan_mono_8k.wav", 0, "en", "tuning"),
    ("phone_sale_mono_8k.wav", 0, "en", "tuning"),
    ("auto_repair_stereo_manager_left.flac", 0, "en", "test"),
    ("auto_repair_stereo_manager_left.flac", 1, "en", "test"),
    ("russian_phone_8k.flac", 0, "ru", "test"),
    ("phone_chat_16k.wav", 0, "en", "test"),
)
# prompts of Asterisk, read by people: pack, language, set
PACKS = (
    ("en_US_f_Allison", "en", "tuning"),
    ("es_MX_f_Allison", "", "tuning"),
    ("ru_RU_f_IvrvoiceRU", "ru", "test"),
    ("fr_CA_f_June", "", "test"),
    ("it_IT_m_Carlo", "", "test"),
)
# actors of the game Fish Fillets: package, files, set
STUDIO = (
    ("fillets-ng-data-cs", "sound/*/cs/*-m-*.ogg", "tuning"),
    ("fillets-ng-data-cs", "sound/*/cs/*-v-*.ogg", "tuning"),
    ("fillets-ng-data-nl", "sound/*/nl/*-m-*.ogg", "test"),
    ("fillets-ng-data-nl", "sound/*/nl/*-v-*.ogg", "test"),
)
MACHINES = (
    (Voice("flite", "slt"), "en", "tuning"),
    (Voice("flite", "awb"), "en", "tuning"),
    (Voice("espeak", "ru"), "ru", "tuning"),
    (Voice("espeak", "ru+f2"), "ru", "tuning"),
    (Voice("flite", "rms"), "en", "test"),
    (Voice("flite", "kal16"), "en", "test"),
    (Voice("festival", "msu_ru_nsh_clunits"), "ru", "test"),
    (Voice("espeak", "ru+Annie"), "ru", "test"),
)
PROGRAMS = {"flite": "flite", "espeak": "espeak-ng", "festival": "text2wave"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something said: samples at 8 kHz, trimmed to the speech, and its words (made up for people)."""

    samples: Samples
    text: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice: of a machine, or cut from one channel of `files`; without either it is made of numbers."""

    name: str
    language: str
    files: tuple[Path, ...] = ()
    channel: int = 0
    voice: Voice | None = None
    pitch: float = 120.0

    def phrase(self, rng: np.random.Generator, text: str, kept: Path | None = None) -> Phrase:
        """`text` said; a person says some phrase of about its length in its place. Machines' are kept in `kept`."""
        if self.voice is not None:
            return Phrase(band_limit(speak(self.voice, text, kept)), text)
        phrases = _phrases(self.files, self.channel) if self.files else _numbers(self.pitch)
        wanted = 0.35 + 0.33 * len(text.split())
        nearest = sorted(phrases, key=lambda one: abs(len(one) / RATE - wanted))[: max(4, len(phrases) // 4)]
        return Phrase(nearest[int(rng.integers(len(nearest)))], text)


@cache
def _phrases(files: tuple[Path, ...], channel: int) -> list[Samples]:
    return [phrase for file in files for phrase in phrases_of(band_limit(read_sound(file, channel=channel)))]


@cache
def _numbers(pitch: float) -> list[Samples]:
    return phrases_of(band_limit(made_up_voice(40.0, pitch=pitch, seed=round(pitch)).astype(np.float64)))


def made_up_speakers(part: str) -> list[Speaker]:
    """Voices that need nothing: speech-like sounds."""
    pitches = (105.0, 190.0, 140.0) if part == "tuning" else (125.0, 210.0, 160.0)
    return [Speaker(f"numbers-{pitch:.0f}", "", pitch=pitch) for pitch in pitches]


def find_prompts(part: str, roots: Sequence[Path], missing: list[str]) -> dict[str, tuple[Path, ...]]:
    """Prompts of 2.5 to 15 s by pack; packs that are not there are named in `missing`."""
    packs = {}
    for pack, _, its_part in PACKS:
        if its_part == part:
            files = (file for root in roots for file in (root / PROMPTS / pack).rglob("*.wav"))
            packs[pack] = tuple(sorted(file for file in files if 40_000 < file.stat().st_size < 240_000))
    missing += [f"prompts {pack}" for pack, files in packs.items() if not files]
    return {pack: files for pack, files in packs.items() if files}


def find_speakers(part: str, roots: Sequence[Path], missing: list[str]) -> Iterator[Speaker]:
    """Every voice of a set that this machine has; the others are named in `missing`."""
    for name, channel, language, its_part in PEOPLE:
        if its_part == part:
            file = RECORDINGS / name
            if file.exists():
                yield Speaker(f"{file.stem}-{channel}", language, (file,), channel)
            else:
                missing.append(f"the labelled recording {name}")
    for package, pattern, its_part in STUDIO:
        if its_part == part:
            folders = (root / "usr/share/games/fillets-ng" for root in roots)
            files = sorted(file for folder in folders for file in folder.glob(pattern) if file.stat().st_size > 12_000)
            if files:
                yield Speaker(f"{package}-{pattern[-7]}", "", tuple(files[:: max(1, len(files) // FILES_EACH)]))
            else:
                missing.append(f"the actor {pattern} of {package}")
    for voice, language, its_part in MACHINES:
        if its_part == part:
            if shutil.which(PROGRAMS[voice.engine]) and shutil.which("sox"):
                yield Speaker(f"{voice.engine}-{voice.name}", language, voice=voice)
            else:
                missing.append(f"the voice {voice.engine} {voice.name}")
