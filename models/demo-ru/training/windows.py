"""Windows of telephone speech to learn from: several sentences, pauses, noise, a codec, and their tokens and times."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from scipy.signal import resample_poly
from tokenizers import Tokenizer

from speaking import SAMPLE_RATE
from vocabulary import letters_of

__all__ = ["Batch", "Speech", "Windows", "load_speech"]

CODECS = ("", "gsm", "mp3")
CODEC_SHARES = (0.64, 0.16, 0.20)
# Seconds of a window. Whisper's positions are absolute, so every second of a window is learned anew: with windows up to
# 29 s the letters stayed at 1.05 nats where single sentences had reached 1.3 in a quarter of the time. The model card
# says 10 s, and the engine cuts longer clips for it.
LENGTHS = ((1.0, 4.0), (4.0, 7.0), (7.0, 10.5))
LENGTH_SHARES = (0.45, 0.3, 0.25)
LONGEST = 12.0
SINGLE = (1.0, 4.0)  # seconds: one sentence, two short ones at most
BATCH_SECONDS = 64.0
LEVELS_DB = (-25.0, -17.0)  # active level of a voice; the stored speech is at -20
NOISE_DB = (-58.0, -40.0)
SILENT_SHARE = 0.02  # windows in which nobody speaks
FRAMES_A_SECOND = 50  # of the encoder
WHOLE_COUNT = 4  # windows of 30 s in a batch
WHOLE_WINDOW = 3000  # mel frames, what faster-whisper always decodes
WIDTH_STEP, TOKEN_STEP = 100, 16  # few shapes: torch keeps compiled code and memory for every one
IGNORED = -100


@dataclass(frozen=True)
class Speech:
    """One file of sentences: [first, last, text, voice] of each; samples by codec are opened when they are there."""

    stem: Path
    spans: list[tuple[int, int, str, str]]
    tracks: dict[str, np.ndarray[Any, Any]]

    def samples(self, codec: str) -> np.ndarray[Any, Any]:
        """The whole file through a codec; as it was made where the codec's file is not there (yet)."""
        if codec not in self.tracks:
            path = self.stem.with_suffix(f".{codec}.raw" if codec else ".raw")
            if not path.exists():
                return self.samples("")
            self.tracks[codec] = np.memmap(path, dtype="<i2", mode="r")
        return self.tracks[codec]


@dataclass(frozen=True)
class Batch:
    """Arrays of one step; `times` is the encoder frame where a token is said, -1 for none."""

    mels: np.ndarray[Any, Any]
    inputs: np.ndarray[Any, Any]
    targets: np.ndarray[Any, Any]
    times: np.ndarray[Any, Any]
    letters: np.ndarray[Any, Any]
    letter_counts: np.ndarray[Any, Any]
    frames: np.ndarray[Any, Any]


@dataclass(frozen=True)
class Said:
    """A sentence in a window, in seconds."""

    text: str
    start: float
    end: float


def load_speech(stem: Path) -> Speech:
    """The files that `speaking` and the codecs made; memory-mapped."""
    index = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
    spans = [(one["first"], one["last"], one["text"], one["voice"]) for one in index[:-1]]  # codecs may eat the last
    return Speech(stem, spans, {})


class Windows:
    """An endless stream of batches; `seed` decides everything in it."""

    def __init__(self, speech: list[Speech], tokenizer: Tokenizer, names: list[str], seed: int) -> None:
        self.rng, self.noise = random.Random(seed), np.random.default_rng(seed)
        self.tokenizer, self.names = tokenizer, names
        self.by_voice: dict[str, list[tuple[Speech, tuple[int, int, str, str]]]] = {}
        for one in speech:
            for span in one.spans:
                self.by_voice.setdefault(span[3], []).append((one, span))
        self.voices = list(self.by_voice)
        self.voice_shares = [len(self.by_voice[voice]) ** 0.7 for voice in self.voices]
        self.features = FeatureExtractor()
        self.special = {name: tokenizer.token_to_id(name) for name in _names_of_specials()}

    def batches(self, *, whole_share: float, single: bool = False) -> Iterator[Batch]:
        """Batches of about a minute; `whole_share` of them padded to Whisper's full window.

        `single`: only sentences by themselves, where the letters find their frames ten times sooner.
        """
        while True:
            low, high = SINGLE if single else self.rng.choices(LENGTHS, LENGTH_SHARES)[0]
            whole = self.rng.random() < whole_share
            count = WHOLE_COUNT if whole else max(4, round(BATCH_SECONDS / ((low + high) / 2)))
            made = [self._window(self.rng.uniform(low, high)) for _ in range(count)]
            yield self._batch(made, WHOLE_WINDOW if whole else 0)

    def _window(self, seconds: float) -> tuple[np.ndarray[Any, Any], list[Said]]:
        """Samples at 8 kHz and what is said in them."""
        rng = self.rng
        if rng.random() < SILENT_SHARE:
            return self._noise(round(rng.uniform(0.5, seconds) * SAMPLE_RATE)), []
        pair = rng.choices(self.voices, self.voice_shares, k=rng.choice((1, 2, 2)))
        levels = {voice: 10 ** ((rng.uniform(*LEVELS_DB) + 20) / 20) for voice in pair}
        codec = rng.choices(CODECS, CODEC_SHARES)[0]
        parts, said, now = [], list[Said](), rng.uniform(0.0, 0.45)
        parts.append(np.zeros(round(now * SAMPLE_RATE)))
        while not said or now < seconds - 1.0:
            voice = rng.choice(pair)
            speech, (first, last, text, _) = rng.choice(self.by_voice[voice])
            length = (last - first) / SAMPLE_RATE
            if now + length > LONGEST or (said and now + length > seconds + 1.0):
                break
            track = speech.samples(codec)
            parts.append(track[first:last].astype(np.float64) / 32768.0 * levels[voice])
            said.append(Said(text, now, now + length))
            gap = rng.uniform(0.08, 0.75)
            parts.append(np.zeros(round(gap * SAMPLE_RATE)))
            now += length + gap
        samples = np.concatenate(parts)
        samples = samples[: round((said[-1].end + rng.uniform(0.02, 0.5)) * SAMPLE_RATE)] if said else samples
        return samples + self._noise(len(samples)), said

    def _noise(self, length: int) -> np.ndarray[Any, Any]:
        return self.noise.standard_normal(length) * 10 ** (self.rng.uniform(*NOISE_DB) / 20)

    def _batch(self, made: list[tuple[np.ndarray[Any, Any], list[Said]]], at_least: int) -> Batch:
        mels = [self._mel(samples) for samples, _ in made]
        width = max(at_least, max(mel.shape[1] for mel in mels) + self.rng.randrange(2, 60))
        width = min(WHOLE_WINDOW, -(-width // WIDTH_STEP) * WIDTH_STEP)
        padded = np.zeros((len(mels), 80, width), dtype=np.float32)
        for row, mel in zip(padded, mels, strict=True):
            row[:, : mel.shape[1]] = mel[:, :width]
        rows = [self._tokens(said) for _, said in made]
        longest = -(-max(len(row[0]) for row in rows) // TOKEN_STEP) * TOKEN_STEP
        inputs = np.full((len(rows), longest), self.special["<|endoftext|>"], dtype=np.int64)
        targets = np.full((len(rows), longest), IGNORED, dtype=np.int64)
        times = np.full((len(rows), longest), -1.0, dtype=np.float32)
        for at, (row_inputs, row_targets, row_times) in enumerate(rows):
            inputs[at, : len(row_inputs)] = row_inputs
            targets[at, : len(row_targets)] = row_targets
            times[at, : len(row_times)] = row_times
        letters = [letters_of(" ".join(one.text for one in said)) for _, said in made]
        counts = np.array([len(one) for one in letters], dtype=np.int64)
        frames = np.array([min(width, mel.shape[1]) // 2 for mel in mels], dtype=np.int64)
        flat = np.array([number for one in letters for number in one], dtype=np.int64)
        return Batch(padded, inputs, targets, times, flat, counts, frames)

    def _mel(self, samples: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        at_16k = resample_poly(samples, 2, 1).astype(np.float32)
        mel: np.ndarray[Any, Any] = self.features(at_16k)[:, :-1]
        return mel

    def _tokens(self, said: list[Said]) -> tuple[list[int], list[int], list[float]]:
        """Decoder inputs, what should follow each, and where that is said (encoder frames)."""
        special = self.special
        prompt = self._prompt()
        start = [special["<|startoftranscript|>"]]
        if not said:
            tokens = [*prompt, *start, special["<|nospeech|>"], special["<|endoftext|>"]]
            return tokens[:-1], [IGNORED] * len(prompt) + tokens[len(prompt) + 1 :], [-1.0] * (len(tokens) - 1)
        head = [*start, special["<|ru|>"], special["<|transcribe|>"]]
        body, times = self._timed(said) if self.rng.random() < 0.5 else self._untimed(said)
        tokens = [*prompt, *head, *body, special["<|endoftext|>"]]
        places = [-1.0] * (len(prompt) + len(head)) + times + [said[-1].end * FRAMES_A_SECOND]
        targets = [IGNORED] * len(prompt) + tokens[len(prompt) + 1 :]
        return tokens[:-1], targets, places[1:]

    def _prompt(self) -> list[int]:
        """Sometimes what hotwords look like: names, before the transcript begins."""
        if self.rng.random() > 0.3:
            return []
        names = self.rng.sample(self.names, self.rng.randint(1, 6))
        return [self.special["<|startofprev|>"], *self.tokenizer.encode(" " + " ".join(names)).ids]

    def _timed(self, said: list[Said]) -> tuple[list[int], list[float]]:
        tokens, times = list[int](), list[float]()
        first = self.special["<|notimestamps|>"] + 1
        for one in said:
            ids, places = self._spread(one)
            tokens += [first + round(one.start / 0.02), *ids, first + round(one.end / 0.02)]
            times += [-1.0, *places, -1.0]
        return tokens, times

    def _untimed(self, said: list[Said]) -> tuple[list[int], list[float]]:
        tokens, times = [self.special["<|notimestamps|>"]], [-1.0]
        for one in said:
            ids, places = self._spread(one)
            tokens += ids
            times += places
        return tokens, times

    def _spread(self, one: Said) -> tuple[list[int], list[float]]:
        """Tokens of a sentence; each is said where its letters stand in the whole, evenly shared out."""
        coded = self.tokenizer.encode(f" {one.text}")
        whole = max(1, len(one.text) + 1)
        places = [
            (one.start + (one.end - one.start) * (begin + 0.3 * (end - begin)) / whole) * FRAMES_A_SECOND
            for begin, end in coded.offsets
        ]
        return list(coded.ids), places


def _names_of_specials() -> tuple[str, ...]:
    from vocabulary import SPECIALS

    return SPECIALS
