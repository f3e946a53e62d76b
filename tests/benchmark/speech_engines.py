"""The recognisers of this machine, each by way of the engine's whole recipe and bare, as its own library is used."""

from __future__ import annotations

import pickle
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from speech_calls import even_words
from timing_sound import ROOT

from qa_engine.audio.decoding import decode
from qa_engine.domain.call import Call
from qa_engine.domain.hearing import Hearing
from qa_engine.domain.scorecard import Company, Scorecard
from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Utterance, Word
from qa_engine.domain.waveform import Waveform
from qa_engine.errors import RecordingError, RecordingErrorKind
from qa_engine.pipeline import Source, hear, understand
from qa_engine.recognition import Ears, Listening
from qa_engine.settings import Settings
from qa_engine.speech.engines import installed_engines
from qa_engine.speech.protocols import SpeakerSpan, SpeechRequest
from qa_engine.telephony.file_names import file_names
from qa_engine.wiring import make_diarizer, make_transcriber, quiet_libraries

__all__ = ["RANDOM", "Engine", "Heard", "Overheard", "find_engines", "judge", "load_mono"]

RATE = 16_000  # Hz; what the recognisers were trained on
RANDOM = "random whisper"  # understands nothing; shows what is fed to it and what it costs
# What the adapter asks of faster-whisper, so that both sides decode alike where only the time is compared.
WHISPER_CLIPS = {"beam_size": 5, "temperature": 0.0, "condition_on_previous_text": False, "word_timestamps": True}


@dataclass(frozen=True, slots=True)
class Heard:
    """What the recipe heard in a file; nothing at all where it says that nobody speaks.

    `speakers` are the diarizer's spans (() on two channels), `fed` the seconds of sound given to the recogniser.
    """

    hearing: Hearing | None
    speakers: tuple[SpeakerSpan, ...] = ()
    fed: float = 0.0

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        """What counts as said."""
        return self.hearing.utterances if self.hearing else ()


@dataclass
class Overheard:
    """A recogniser and a diarizer that note what they are given and what they say."""

    engine: Engine
    diarizing: bool = True
    given: list[tuple[Waveform, SpeechRequest]] = field(default_factory=list)
    spans: list[SpeakerSpan] = field(default_factory=list)

    @property
    def name(self) -> str:
        """As the engine's."""
        return str(self.engine.transcriber.name)

    def understands(self, language: str) -> bool:
        """As the engine."""
        return bool(self.engine.transcriber.understands(language))

    def transcribe(self, waveform: Waveform, request: SpeechRequest) -> tuple[Utterance, ...]:
        """As the engine."""
        self.given.append((waveform, request))
        return tuple(self.engine.transcriber.transcribe(waveform, request))

    def diarize(self, waveform: Waveform, spans: tuple[Span, ...]) -> tuple[SpeakerSpan, ...]:
        """As the engine's diarizer; one label for everything where nobody asks who speaks."""
        if not self.diarizing:
            return tuple(SpeakerSpan(span.start, span.end, "speaker 0") for span in spans)
        found = self.engine.diarizer.diarize(waveform, spans)
        self.spans += found
        return tuple(found)

    def ears(self) -> Ears:
        """For the recipe."""
        return Ears(lambda _: self, lambda: self)


@dataclass
class Engine:
    """A recogniser with a diarizer; hearings are kept in `kept` for the same file and the same code."""

    name: str
    languages: tuple[str, ...]
    models: Path
    kept: Path
    diarizer_name: str = "moonshine"
    folder: Path | None = None

    @cached_property
    def transcriber(self) -> Any:
        """The adapter, as the product makes it."""
        settings = Settings(models=str(self.models))
        return make_transcriber(f"whisper:{self.folder}" if self.folder else "moonshine", settings)

    @cached_property
    def diarizer(self) -> Any:
        """The diarizer's adapter, as the product makes it."""
        return make_diarizer(self.diarizer_name, str(self.models))

    @cached_property
    def bare_engine(self) -> Any:
        """The bare library with its defaults."""
        if self.folder is None:
            from qa_engine.speech.moonshine_library import MoonshineLibrary

            return MoonshineLibrary({"return_audio_data": "false"})  # else it copies every sample; no other option
        from faster_whisper import WhisperModel

        return WhisperModel(str(self.folder), device="cpu")

    @cached_property
    def clip_library(self) -> Any:
        """Bare moonshine without its own search for speech, which clips of speech do not need."""
        from qa_engine.speech.moonshine_library import MoonshineLibrary

        return MoonshineLibrary({"return_audio_data": "false", "vad_threshold": "0", "vad_max_segment_duration": "30"})

    def hear(self, path: Path, language: str, *, diarizing: bool = True) -> Heard:
        """The file by way of the recipe, from sound to utterances; without `diarizing` in one voice, much faster."""
        kind = "" if diarizing else "one-voice-"
        kept = self.kept / f"{kind}{zlib.crc32(path.read_bytes()):08x}-{self._version(language):08x}.pickle"
        if kept.exists():
            return pickle.loads(kept.read_bytes())  # type: ignore[no-any-return]
        heard = self.hear_anew(path, language, diarizing=diarizing)
        kept.write_bytes(pickle.dumps(heard))
        return heard

    def hear_anew(self, path: Path, language: str, *, diarizing: bool = True) -> Heard:
        """The same, not looked up."""
        noted = Overheard(self, diarizing)
        try:
            hearing = hear(Source(path), noted.ears(), Listening(language, False, file_names("auto")))
        except RecordingError as error:
            if error.kind is not RecordingErrorKind.NO_SPEECH:
                raise
            hearing = None
        fed = sum(span.duration for _, request in noted.given for span in request.spans)
        return Heard(hearing, tuple(noted.spans), fed)

    def _version(self, language: str) -> int:
        files = sorted((ROOT / "qa_engine").rglob("*.py"))
        code = zlib.crc32(b"".join(file.read_bytes() for file in files if "web" not in file.parts))
        return zlib.crc32(f"{self.name} {self.folder} {self.diarizer_name} {language}".encode(), code)

    def bare(self, path: Path, language: str) -> tuple[Utterance, ...]:
        """The file as the library alone hears it: mixed to one channel, found and cut by its own means."""
        if self.folder is None:
            lines = self.bare_engine.lines(load_mono(path))
            return tuple(_line(line.text, line.start_time, line.start_time + line.duration) for line in lines)
        segments, _ = self.bare_engine.transcribe(str(path), language=language, word_timestamps=True)
        return tuple(_segment(segment) for segment in segments)

    def bare_clips(self, waveform: Waveform, request: SpeechRequest) -> None:
        """The library alone on clips that are given to it."""
        if self.folder is None:
            for span in request.spans:
                self.clip_library.lines(_resampled(waveform.crop(span)))
            return
        clips = [at - waveform.start for span in request.spans for at in (span.start, span.end)]
        found, _ = self.bare_engine.transcribe(
            _resampled(waveform), language=request.language, clip_timestamps=clips, vad_filter=False, **WHISPER_CLIPS
        )
        list(found)


def judge(hearing: Hearing, company: str) -> Call:
    """The call in a hearing, roles worked out with nothing known but the company's name."""
    return understand(hearing, Scorecard("none", "", hearing.language, Company(company), (), 0, ()))


def load_mono(path: Path) -> NDArray[np.float32]:
    """Samples of shape ``(time,)`` at 16 kHz, all channels mixed."""
    return np.ascontiguousarray(decode(path, sample_rate=RATE).mix().samples[0])


def _resampled(waveform: Waveform) -> NDArray[np.float32]:
    if waveform.sample_rate != RATE:
        raise ValueError(f"clips come at {RATE} Hz, not at {waveform.sample_rate}")
    return np.ascontiguousarray(waveform.samples[0])


def _line(text: str, start: float, end: float) -> Utterance:
    return Utterance(start, end, even_words(text, start, end))


def _segment(segment: Any) -> Utterance:
    words = tuple(Word(one.word.strip(), float(one.start), float(one.end)) for one in segment.words or ())
    return Utterance(float(segment.start), float(segment.end), words)


def find_engines(models: Path, cache: Path, *, diarizer: str) -> Iterator[Engine]:
    """Every recogniser that works on this machine, and a random one for what needs no understanding."""
    quiet_libraries()
    kept = cache / "hearings"
    kept.mkdir(parents=True, exist_ok=True)
    for info in installed_engines(models):
        if info.role != "transcriber" or not info.ready:
            continue
        if info.name == "moonshine":
            yield Engine("moonshine", ("en",), models, kept, diarizer)
        elif info.name.startswith("whisper:"):
            languages = ("ru",) if info.name.endswith("-ru") else info.languages or ("en", "ru")
            folder = models / info.name.removeprefix("whisper:")
            yield Engine(info.name, languages, models, kept, diarizer, folder)
    tiny = cache / "tiny-whisper"
    sys.path.insert(0, str(ROOT / "tests" / "weights"))
    from tiny_whisper import save_tiny_whisper

    if not (tiny / "preprocessor_config.json").exists():
        save_tiny_whisper(tiny)
    yield Engine(RANDOM, (), models, kept, diarizer, tiny)
