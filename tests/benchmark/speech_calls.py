"""Calls whose words and speakers are known: made by seed, the sample days, labelled recordings; mixed, swapped."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from speech_dialogues import WORDS, write_dialogue
from timing_cadences import CADENCES, RATE, ring_sound
from timing_line import Line, record
from timing_material import MissingMaterialError
from timing_sound import ROOT, Samples, band_limit, frame_levels
from timing_voices import MACHINES, RECORDINGS

from qa_engine.audio.decoding import decode
from qa_engine.domain.spans import Span, merge_spans
from qa_engine.domain.transcript import Role, Turn, Word

from making.dialogue import Voice  # isort: skip  # found by `timing_sound`
from making.voices import missing_programs, speak  # isort: skip

__all__ = ["KnownCall", "Studio", "day_calls", "even_words", "mixed", "real_calls", "speech_spans", "swapped"]

CODECS = ("pcm", "ulaw", "alaw", "mp3-24")
NOISE_DB = (-66.0, -52.0)  # of the line, under speech at -20 dB
CHANGED = ("speed", "1.18")  # sox: another person made of a voice, higher and faster
MAKERS = ("speech_calls.py", "speech_dialogues.py", "timing_line.py", "timing_cadences.py")


@dataclass(frozen=True, slots=True)
class KnownCall:
    """A recording and what is true of it: `turns` with roles; `words` whether their texts are what was said."""

    name: str
    path: Path
    language: str
    turns: tuple[Turn, ...]
    company: str = ""
    stereo: bool = False
    words: bool = True

    @property
    def text(self) -> str:
        """All that is said, in time order."""
        return " ".join(turn.text for turn in sorted(self.turns, key=lambda turn: turn.start))


@dataclass(frozen=True, slots=True)
class Studio:
    """Makes calls of one set into `folder`; raises MissingMaterialError without the voices' programs."""

    part: str
    folder: Path

    def call(self, language: str, index: int, layout: str) -> KnownCall:
        """Dialogue number `index` as recorded in `layout` (`timing_line.LAYOUTS`)."""
        rng = np.random.default_rng(zlib.crc32(f"speech {self.part} {language} {index}".encode()))
        company, lines = write_dialogue(rng, language, self.part, index)
        manager, customer = self._cast(rng, language)
        tracks, turns, at = [], [], 0.0
        for ring in range(int(rng.integers(0, 3))):
            sound = 0.1 * ring_sound(CADENCES["us" if language == "en" else "ru"], ring)
            tracks.append(("both", at, sound))
            at += len(sound) / RATE
        at += float(rng.uniform(0.4, 1.0))
        for who, text in lines:
            sound = band_limit(self._say(manager if who == "m" else customer, text))
            role = Role.MANAGER if who == "m" else Role.CUSTOMER
            end = at + len(sound) / RATE
            turns.append(Turn(role, at, end, even_words(text, at, end), str(role)))
            tracks.append((str(role), at, sound))
            at = end + float(rng.uniform(0.25, 0.9))
        line = Line(CODECS[index % len(CODECS)], layout)
        path = self._path(f"{language}-{index}-{layout}")
        file = record(*_laid(tracks, at, rng, layout), line, path)
        stereo = line.is_stereo
        return KnownCall(f"made {language} {index} {line}", file, language, tuple(turns), company, stereo)

    def words(self, language: str, index: int) -> KnownCall:
        """Single words with known gaps between them, some of them in one breath; one channel."""
        rng = np.random.default_rng(zlib.crc32(f"words {self.part} {language} {index}".encode()))
        voice = self._cast(rng, language)[0]
        at, tracks, words = 0.8, [], []
        for place, text in enumerate(rng.permutation(WORDS[language])):
            sound = band_limit(self._say(voice, str(text)))
            words.append(Word(str(text), at, at + len(sound) / RATE))
            tracks.append(("manager", at, sound))
            at = words[-1].end + float(rng.uniform(0.12, 0.3) if place % 3 else rng.uniform(0.6, 1.2))
        file = record(*_laid(tracks, at, rng, "mono"), Line(), self._path(f"words-{language}-{index}"))
        turn = Turn(Role.MANAGER, words[0].start, words[-1].end, tuple(words), "manager")
        return KnownCall(f"words {language} {index}", file, language, (turn,))

    def phrase(self, language: str, text: str, *, voice: int = 0) -> Samples:
        """`text` said by one of the set's voices, in the telephone band."""
        return band_limit(self._say(self._voices(language)[voice], text))

    def _say(self, voice: Voice, text: str) -> Samples:
        missing = missing_programs({voice.engine})
        if missing:
            raise MissingMaterialError(f"the voices of {', '.join(missing)}")
        kept = self.folder / "voices"
        kept.mkdir(parents=True, exist_ok=True)
        return speak(voice, text, kept)

    def _voices(self, language: str) -> list[Voice]:
        return [voice for voice, its, part in MACHINES if its == language and part == self.part]

    def _cast(self, rng: np.random.Generator, language: str) -> tuple[Voice, Voice]:
        """Two different voices, half of the time changed."""
        voices = self._voices(language)
        chosen = [voices[int(i)] for i in rng.permutation(len(voices))[:2]]
        first, second = (replace(one, effects=CHANGED) if rng.random() < 0.5 else one for one in chosen)
        return first, second

    def _path(self, name: str) -> Path:
        code = b"".join((Path(__file__).parent / one).read_bytes() for one in MAKERS)
        return self.folder / f"{self.part}-{name}-{zlib.crc32(code):08x}"


def _laid(
    tracks: Sequence[tuple[str, float, Samples]], seconds: float, rng: np.random.Generator, layout: str
) -> tuple[Samples, Samples]:
    """Manager's and customer's side with the noise of the line; what is on both sides is once in a mono mix."""
    noise = 10 ** (rng.uniform(*NOISE_DB) / 20)
    sides = {name: rng.standard_normal(round(seconds * RATE)) * noise for name in ("manager", "customer")}
    for side, at, sound in tracks:
        only_one = ("manager",) if layout == "mono" else ("manager", "customer")
        for name in only_one if side == "both" else (side,):
            first = round(at * RATE)
            part = sides[name][first : first + len(sound)]
            part += sound[: len(part)]
    return sides["manager"], sides["customer"]


def even_words(text: str, start: float, end: float) -> tuple[Word, ...]:
    """The words of `text` shared out evenly."""
    said = text.split()
    step = (end - start) / max(1, len(said))
    return tuple(Word(one, start + i * step, start + (i + 1) * step, interpolated=True) for i, one in enumerate(said))


def day_calls(language: str) -> Iterator[KnownCall]:
    """The readable calls of a sample day, with their truth."""
    folder = ROOT / "samples" / f"day_{language}"
    day = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    for told in day["recordings"]:
        if told.get("error") is None and told.get("turns"):
            turns = tuple(
                Turn(Role(one["role"]), one["start"], one["end"], even_words(one["text"], one["start"], one["end"]))
                for one in told["turns"]
            )
            stereo = len(told["channels"]) == 2
            name = f"day_{language} {told['title']}"
            yield KnownCall(name, folder / told["file"], language, turns, day["company"], stereo)


def mixed(call: KnownCall, folder: Path) -> KnownCall:
    """The call as a mono recording."""
    return replace(_rewritten(call, folder, "mixed", lambda both: both.mean(axis=0, keepdims=True)), stereo=False)


def swapped(call: KnownCall, folder: Path) -> KnownCall:
    """The call with its channels exchanged."""
    return _rewritten(call, folder, "swapped", lambda both: both[::-1])


def _rewritten(
    call: KnownCall, folder: Path, how: str, change: Callable[[NDArray[np.float32]], NDArray[np.float32]]
) -> KnownCall:
    target = folder / f"{how}-{zlib.crc32(call.path.read_bytes()):08x}.wav"
    if not target.exists():
        sound = decode(call.path, sample_rate=RATE)
        soundfile.write(str(target), change(sound.samples).T, RATE, subtype="PCM_16")
    return replace(call, name=f"{call.name} ({how})", path=target)


def real_calls(folder: Path, *, seconds: float) -> Iterator[KnownCall]:
    """Mono recordings of people whose speakers are known: a mix of two channels, its first `seconds`, and a chat."""
    stereo = RECORDINGS / "auto_repair_stereo_manager_left.flac"
    if stereo.exists():
        target = folder / f"auto_repair-{seconds:.0f}.wav"
        sound = decode(stereo, sample_rate=RATE, span=Span(0.0, seconds))
        soundfile.write(str(target), sound.mix().samples.T, RATE, subtype="PCM_16")
        spans = [speech_spans(channel.astype(np.float64)) for channel in sound.samples]
        roles = zip(spans, (Role.MANAGER, Role.CUSTOMER), strict=True)
        turns = [Turn(role, one.start, one.end, (), str(role)) for side, role in roles for one in side]
        yield KnownCall("real auto_repair", target, "en", tuple(sorted(turns, key=_start)), words=False)
    chat = RECORDINGS / "phone_chat_16k.wav"
    if chat.exists():
        rows = [row.split() for row in chat.with_suffix(".rttm").read_text(encoding="utf-8").splitlines() if row]
        turns = [Turn(Role.UNKNOWN, float(r[3]), float(r[3]) + float(r[4]), (), r[7]) for r in rows]
        yield KnownCall("real phone_chat", chat, "en", tuple(turns), words=False)


def _start(turn: Turn) -> float:
    return turn.start


def speech_spans(samples: Samples) -> tuple[Span, ...]:
    """Where one party's own channel carries speech: within 25 dB of its loud parts, pauses under 0.3 s bridged."""
    levels = frame_levels(samples)
    loud, noise = np.percentile(levels, (95, 10))
    active = levels > max(loud - 25, (loud + noise) / 2)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], active.astype(np.int8), [0]])))
    spans = (Span(int(a) / 100, int(b) / 100) for a, b in zip(edges[::2], edges[1::2], strict=True))
    return tuple(span for span in merge_spans(spans, gap=0.3) if span.duration >= 0.1)
