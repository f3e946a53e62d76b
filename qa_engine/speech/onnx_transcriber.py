"""Russian on phone lines: GigaAM, T-one and NeMo models by onnx-asr, from a folder on this machine; never the network.

Needs onnxruntime only. Clips longer than a model hears well are cut where they are quietest. The text stays as the
model writes it: GigaAM's CTC and RNN-T and T-one give lower case without punctuation, the "e2e" models and Parakeet
give both.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Utterance, Word
from qa_engine.domain.waveform import Waveform
from qa_engine.errors import WeightsError
from qa_engine.speech.clip_pieces import cut_at_quiet
from qa_engine.speech.loops import loop_free
from qa_engine.speech.onnx_models import OnnxKind, OnnxModel, whole_onnx_model
from qa_engine.speech.onnx_words import Token, join_tokens
from qa_engine.speech.phantoms import LOOP
from qa_engine.speech.protocols import SpeechRequest
from qa_engine.speech.sampling import resample

__all__ = ["ONNX_INSTALL", "OnnxTranscriber"]

ONNX_INSTALL = "pip install onnx-asr"
AHEAD = 180.0  # seconds of sound prepared at once: 11.5 MB at 16 kHz
SHORTEST = 0.2  # seconds; shorter sound is filled with silence: the models' first layers look at a tenth of a second


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """Sound of shape ``(time,)`` at the model's rate, its start in seconds of the recording, the clip it is from."""

    samples: NDArray[np.float32]
    start: float
    clip: Span


class OnnxTranscriber:
    """Words with times (from the model's tokens) and probabilities (uncalibrated). The files are checked now.

    `threads` is fixed at 1 unless given, so that a result does not depend on the number of cores; the same request on
    the same kind of processor gives the same words. Hotwords are not supported by these models.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        self._model = whole_onnx_model(folder)
        self._threads = threads
        self._loaded: _Library | None = None

    @property
    def name(self) -> str:
        """Engine, model folder, quantization, version."""
        try:
            library = f"onnx-asr {version('onnx-asr')}"
        except PackageNotFoundError:
            library = ""
        return " ".join(filter(None, (self._model.name, self._model.quantization, library)))

    def understands(self, language: str) -> bool:
        """Whether the model was made for the language; "" (detect) where it was made for several."""
        languages = self._model.languages
        return language in languages if language else len(languages) > 1

    def transcribe(self, waveform: Waveform, request: SpeechRequest) -> tuple[Utterance, ...]:
        """Utterances inside the request's spans, one per clip or piece of it; () without spans."""
        pieces = _pieces(waveform, request.spans, self._model.kind)
        return tuple(utterance for group in _groups(pieces, self._model.kind) for utterance in self._hear(group))

    def _hear(self, pieces: Sequence[_Piece]) -> Iterator[Utterance]:
        """The utterances of `pieces`, in their order."""
        kind = self._model.kind
        words: dict[int, tuple[Word, ...]] = {}
        for batch in _batches([piece.samples.size / kind.sample_rate for piece in pieces], kind.together):
            sounds = [_filled(pieces[at].samples, kind) for at in batch]
            results = self._load().recognize(sounds, kind.sample_rate)
            words |= {at: _words(result, pieces[at], kind) for at, result in zip(batch, results, strict=True)}
        for at in range(len(pieces)):
            yield from _utterances(words[at])

    def _load(self) -> _Library:
        if self._loaded is None:
            self._loaded = _Library(self._model, self._threads)
        return self._loaded


class _Library:
    """A model loaded by onnx-asr; raises WeightsError where that fails."""

    def __init__(self, model: OnnxModel, threads: int) -> None:
        from threadpoolctl import ThreadpoolController

        self._threads = threads
        self._model = _open_model(model, threads)
        self._pools = ThreadpoolController()  # knows the libraries loaded so far

    def recognize(self, sounds: list[NDArray[np.float32]], sample_rate: int) -> list[Any]:
        """One `TimestampedResult` for each sound; the features are products of numpy, on as many threads."""
        with self._pools.limit(limits=self._threads, user_api="blas"):
            results: list[Any] = self._model.recognize(sounds, sample_rate=sample_rate)
        return results


def _open_model(model: OnnxModel, threads: int) -> Any:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # with a folder given nothing asks the hub; this makes sure of it
    try:
        import onnxruntime
        from onnx_asr import load_model
    except (ImportError, OSError) as error:
        raise WeightsError(f"onnx-asr cannot be loaded ({error}); run: {ONNX_INSTALL}") from error
    onnxruntime.disable_telemetry_events()  # does something on Windows only
    try:
        return load_model(
            model.kind.name,
            model.folder,
            quantization=model.quantization or None,
            sess_options=_session_options(onnxruntime, threads),
            providers=["CPUExecutionProvider"],
            preprocessor_config={"use_numpy_preprocessors": True},  # GigaAM's: 13 times faster than the ONNX ones
        ).with_timestamps()
    except _loading_errors() as error:
        raise WeightsError(
            f"{model.folder}: the model cannot be loaded ({type(error).__name__}: {error}); copy it anew"
        ) from error


def _loading_errors() -> tuple[type[Exception], ...]:
    """What a damaged or unfit folder raises: onnxruntime's codes have no common parent but Exception."""
    from onnxruntime.capi import onnxruntime_pybind11_state as codes

    broken = (codes.Fail, codes.InvalidProtobuf, codes.InvalidGraph, codes.InvalidArgument, codes.NoSuchFile)
    return (
        *broken,
        codes.NotImplemented,
        codes.RuntimeException,
        OSError,
        ValueError,
        LookupError,
        TypeError,
        AssertionError,
    )


def _session_options(onnxruntime: Any, threads: int) -> Any:
    """One operation after the other with a fixed number of threads that sleep when idle: recordings share the cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.use_deterministic_compute = True
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors; its warnings about a model's graph mean nothing to a user
    return options


def _pieces(waveform: Waveform, spans: Iterable[Span], kind: OnnxKind) -> Iterator[_Piece]:
    for span in spans:
        clip = waveform.crop(span)
        samples = np.clip(resample(clip, kind.sample_rate), -1.0, 1.0)  # T-one is given 16-bit samples
        if not samples.any():
            continue  # nothing, or digital silence
        for first, last in cut_at_quiet(_filled(samples, kind), kind.sample_rate, longest=kind.longest):
            yield _Piece(samples[first:last], clip.start + first / kind.sample_rate, span)


def _filled(samples: NDArray[np.float32], kind: OnnxKind) -> NDArray[np.float32]:
    """At least `SHORTEST` seconds of sound."""
    return np.pad(samples, (0, max(0, round(SHORTEST * kind.sample_rate) - samples.size)))


def _groups(pieces: Iterable[_Piece], kind: OnnxKind) -> Iterator[list[_Piece]]:
    """Neighbouring pieces together, about `AHEAD` seconds of sound each time."""
    group: list[_Piece] = []
    for piece in pieces:
        group.append(piece)
        if sum(each.samples.size for each in group) >= AHEAD * kind.sample_rate:
            yield group
            group = []
    if group:
        yield group


def _batches(durations: Sequence[float], together: float) -> Iterator[list[int]]:
    """Indices of pieces of like length, longest first: one piece, or several of `together` seconds with padding."""
    batch: list[int] = []
    for at in sorted(range(len(durations)), key=lambda index: (-durations[index], index)):
        if batch and durations[batch[0]] * (len(batch) + 1) > together:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def _words(result: Any, piece: _Piece, kind: OnnxKind) -> tuple[Word, ...]:
    """The words of an onnx-asr result, in seconds of the recording, inside the piece's clip."""
    logs = result.logprobs or [None] * len(result.tokens)
    tokens = [
        Token(text, at - kind.delay, log) for text, at, log in zip(result.tokens, result.timestamps, logs, strict=True)
    ]
    duration = min(piece.samples.size / kind.sample_rate, max(0.0, piece.clip.end - piece.start))
    return tuple(_shifted(word, piece) for word in join_tokens(tokens, duration=duration))


def _shifted(word: Word, piece: _Piece) -> Word:
    start, end = (
        min(max(round(at + piece.start, 3), piece.clip.start), piece.clip.end) for at in (word.start, word.end)
    )
    return Word(word.text, start, end, word.probability)


def _utterances(words: Sequence[Word]) -> Iterator[Utterance]:
    """The words as one utterance; where the model repeats itself without end, the excess apart and left out."""
    kept = set(loop_free([word.text for word in words]))
    for is_kept, run in groupby(range(len(words)), key=kept.__contains__):
        part = tuple(words[at] for at in run)
        yield Utterance(part[0].start, part[-1].end, part, left_out="" if is_kept else LOOP)
