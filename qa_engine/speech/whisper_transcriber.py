"""The main recogniser: Whisper by faster-whisper, from a folder on this machine; it never asks a hub for anything."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Utterance, Word
from qa_engine.domain.waveform import Waveform
from qa_engine.errors import WeightsError
from qa_engine.speech.loops import loop_free
from qa_engine.speech.protocols import SpeechRequest
from qa_engine.speech.sampling import resample
from qa_engine.speech.weights import missing_files

__all__ = ["WhisperTranscriber"]

SAMPLE_RATE = 16_000  # Hz; openai/whisper audio.py
WINDOW = 600.0  # seconds of sound handed over at once: the features of one hour take 3.3 GB
MAX_HOTWORDS = 40  # names; Whisper's prompt holds 224 tokens, about 4 per name
# Repeatable: one temperature (no random fallback), no text carried over from clip to clip.
DECODING: dict[str, Any] = {
    "task": "transcribe",
    "beam_size": 5,
    "temperature": 0.0,
    "condition_on_previous_text": False,
    "word_timestamps": True,
    "vad_filter": False,
    "no_repeat_ngram_size": 0,
    "without_timestamps": False,
}


class WhisperTranscriber:
    """Words with times and probabilities. `folder` holds the CTranslate2 files; they are checked now, loaded later."""

    def __init__(self, folder: Path, *, threads: int = 0, device: str = "auto") -> None:
        missing = missing_files(folder)
        if missing:
            raise WeightsError(
                f"{folder}: not a faster-whisper model, missing {', '.join(missing)}; run: qa-engine models pull "
                f"whisper:small, or copy the files there"
            )
        self._folder = folder
        self._threads = threads
        self._device = device
        self._loaded: Any = None

    @property
    def name(self) -> str:
        """Engine, model folder, version."""
        try:
            return f"whisper:{self._folder.name} faster-whisper {version('faster-whisper')}"
        except PackageNotFoundError:
            return f"whisper:{self._folder.name}"

    def understands(self, language: str) -> bool:
        """Whether its tokenizer has the language; "" (detect) where it has more than English."""
        tokens = _language_tokens(self._folder)
        return f"<|{language}|>" in tokens if language else len(tokens) > 1

    def transcribe(self, waveform: Waveform, request: SpeechRequest) -> tuple[Utterance, ...]:
        """Utterances inside the request's spans, one per clip or segment of it; () without spans."""
        return tuple(
            utterance for group in _windows(request.spans) for utterance in self._window(waveform, group, request)
        )

    def _window(self, waveform: Waveform, spans: tuple[Span, ...], request: SpeechRequest) -> Iterator[Utterance]:
        part = waveform.crop(Span(spans[0].start, spans[-1].end))
        samples = resample(part, SAMPLE_RATE)
        if samples.size == 0:
            return
        clips = [round(at - part.start, 3) for span in spans for at in (span.start, span.end)]
        segments, _ = self._load().transcribe(
            samples,
            language=request.language or None,
            clip_timestamps=clips,
            hotwords=" ".join(request.hotwords[:MAX_HOTWORDS]) or None,
            **DECODING,
        )
        yield from _utterances(segments, part.start, spans)

    def _load(self) -> Any:
        if self._loaded is None:
            self._loaded = _open_model(self._folder, self._threads, self._device)
        return self._loaded


def _open_model(folder: Path, threads: int, device: str) -> Any:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a file missing after the check must fail, not reach for the network
    try:
        from faster_whisper import WhisperModel
    except (ImportError, OSError) as error:
        raise WeightsError(f"faster-whisper cannot be loaded ({error}); run: pip install faster-whisper") from error
    try:
        return WhisperModel(str(folder), device=device, compute_type="default", cpu_threads=threads)
    except (RuntimeError, ValueError, OSError) as error:
        raise WeightsError(f"{folder}: the model cannot be loaded ({error}); copy it anew") from error


def _windows(spans: Iterable[Span]) -> Iterator[tuple[Span, ...]]:
    """Neighbouring spans together, at most `WINDOW` seconds from the first start to the last end."""
    group: list[Span] = []
    for span in spans:
        if group and span.end - group[0].start > WINDOW:
            yield tuple(group)
            group = []
        group.append(span)
    if group:
        yield tuple(group)


def _utterances(segments: Iterable[Any], offset: float, spans: tuple[Span, ...]) -> Iterator[Utterance]:
    for segment in segments:
        middle = (segment.start + segment.end) / 2 + offset
        clip = min(spans, key=lambda span: max(span.start - middle, middle - span.end, 0.0))
        spoken = [word for word in segment.words or () if word.word.strip()]
        words = tuple(_word(spoken[at], offset, clip) for at in loop_free([word.word.strip() for word in spoken]))
        if words:
            yield Utterance(words[0].start, max(word.end for word in words), words)


def _word(word: Any, offset: float, clip: Span) -> Word:
    """The word with its time inside `clip`: the aligner may place the last one past the end."""
    start = min(max(float(word.start) + offset, clip.start), clip.end)
    end = min(max(float(word.end) + offset, start), clip.end)
    return Word(word.word.strip(), round(start, 3), round(end, 3), round(float(word.probability), 4))


def _language_tokens(folder: Path) -> frozenset[str]:
    added = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8")).get("added_tokens", [])
    names = [token["content"] for token in added]
    first = names.index("<|startoftranscript|>") + 1 if "<|startoftranscript|>" in names else 0
    last = names.index("<|translate|>") if "<|translate|>" in names else len(names)
    return frozenset(names[first:last])
