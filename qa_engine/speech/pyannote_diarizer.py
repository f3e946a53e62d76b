"""The diarizer of pyannote.audio 4 (extra ``[pyannote]``), from a folder on this machine; telemetry and hub off.

The folder holds config.yaml, segmentation/, embedding/ and plda/, as its gated hub page gives them. The two .bin files
are pickles: a folder from a source that is not trusted must not be loaded.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from pickle import UnpicklingError
from typing import Any
from zipfile import BadZipFile

from yaml import YAMLError

from qa_engine.domain.spans import Span, merge_spans
from qa_engine.domain.waveform import Waveform
from qa_engine.errors import WeightsError
from qa_engine.speech.protocols import SpeakerSpan
from qa_engine.speech.speaker_spans import tidy_speaker_spans
from qa_engine.speech.speech_track import SpeechTrack, lay_track
from qa_engine.speech.torchaudio_stub import mend_torchaudio

__all__ = ["PYANNOTE_INSTALL", "PyannoteDiarizer", "is_pyannote_installed", "missing_pyannote_files"]

SAMPLE_RATE = 16_000  # Hz; pyannote's models
PYANNOTE_INSTALL = "pip install 'qa-engine[pyannote]'"
FILES = (
    "config.yaml",
    "segmentation/pytorch_model.bin",
    "embedding/pytorch_model.bin",
    "plda/plda.npz",
    "plda/xvec_transform.npz",  # without the plda files the library goes to the hub
)
# Speakers in a recording. At least one, not two: a voice mail, a menu or one part of a long call may be one voice, and
# the library would cut it into two people who do not exist. At most four: manager, customer, a colleague after a
# transfer and a machine's voice; without a limit, line noise and laughter become people.
MIN_SPEAKERS, MAX_SPEAKERS = 1, 4
BROKEN = (  # what a damaged or foreign file raises on the way through yaml, pickle, zip, numpy and torch
    *(OSError, RuntimeError, ValueError, TypeError, LookupError, AttributeError, ImportError, EOFError),
    *(UnpicklingError, BadZipFile, YAMLError),
)


def missing_pyannote_files(folder: Path) -> tuple[str, ...]:
    """Files that the pipeline's folder lacks; () for a whole one."""
    return tuple(name for name in FILES if not (folder / name).is_file())


class PyannoteDiarizer:
    """Who speaks when in a mono recording. Raises WeightsError at once if library or files are missing.

    `threads` of torch, for the whole process: more are faster, and another number may move a border by a frame.
    `device` is ``auto`` (the GPU if there is one), ``cpu`` or ``cuda``.
    """

    def __init__(
        self,
        folder: Path,
        *,
        min_speakers: int = MIN_SPEAKERS,
        max_speakers: int = MAX_SPEAKERS,
        threads: int = 1,
        device: str = "auto",
    ) -> None:
        if not is_pyannote_installed():
            raise WeightsError(f"pyannote.audio is not installed; run: {PYANNOTE_INSTALL}")
        missing = missing_pyannote_files(folder)
        if missing:
            raise WeightsError(
                f"{folder}: {', '.join(missing)} missing; copy the folder of pyannote/speaker-diarization-community-1 "
                f"there (models/README.md tells how), or use --diarizer moonshine"
            )
        if not 1 <= min_speakers <= max_speakers:
            raise ValueError(f"speakers must be 1 <= least <= most, not {min_speakers} and {max_speakers}")
        self._folder = folder
        self._bounds = {"min_speakers": min_speakers, "max_speakers": max_speakers}
        self._threads = threads
        self._device = device
        self._loaded: Any = None

    @property
    def name(self) -> str:
        """Engine, model folder, version."""
        try:
            return f"pyannote:{self._folder.name} {version('pyannote.audio')}"
        except PackageNotFoundError:
            return f"pyannote:{self._folder.name}"

    def diarize(self, waveform: Waveform, spans: tuple[Span, ...]) -> tuple[SpeakerSpan, ...]:
        """Speaker spans inside `spans`, each with its confidence: 1 where nobody else speaks, 1/2 where another does.

        Raises WeightsError if the pipeline cannot be loaded.
        """
        track = lay_track(waveform, spans, sample_rate=SAMPLE_RATE)
        if not track.samples.size:
            return ()
        pipeline = self._load()
        import torch

        torch.set_num_threads(self._threads)
        samples = torch.from_numpy(track.samples[None, :])
        with _quiet():
            output = pipeline({"waveform": samples, "sample_rate": SAMPLE_RATE}, **self._bounds)
        return tidy_speaker_spans(_placed(output, track), spans)

    def _load(self) -> Any:
        if self._loaded is None:
            self._loaded = _open_pipeline(self._folder, self._device)
        return self._loaded


def is_pyannote_installed() -> bool:
    """Whether the library can be found; it is not imported."""
    return find_spec("pyannote") is not None and find_spec("pyannote.audio") is not None


def _placed(output: Any, track: SpeechTrack) -> Iterator[SpeakerSpan]:
    """The exclusive diarization in seconds of the recording; the plain one, with its overlaps, tells the doubt."""
    talk = [(turn.start, turn.end, label) for turn, label in output.speaker_diarization]
    for turn, label in output.exclusive_speaker_diarization:
        others = merge_spans(Span(start, end) for start, end, who in talk if who != label)
        confidence = _confidence(Span(turn.start, turn.end), others)
        for place in track.locate(turn.start, turn.end):
            yield SpeakerSpan(place.start, place.end, str(label), confidence)


def _confidence(turn: Span, others: Iterable[Span]) -> float:
    """1 where one voice is heard; where two are, the word may be either's, so 1/2."""
    shared = sum(turn.overlap(other) for other in others)
    return round(1.0 - 0.5 * shared / turn.duration, 3) if turn.duration else 0.5


@contextmanager
def _quiet() -> Iterator[None]:
    """The library's warnings are for people who train it (decoders not needed here, clips under a second)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _open_pipeline(folder: Path, device: str) -> Any:
    os.environ["PYANNOTE_METRICS_ENABLED"] = "0"  # it reports durations and speaker counts by default
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with _quiet():
        try:
            mend_torchaudio()
            import torch
            from pyannote.audio import Pipeline
            from pyannote.audio.telemetry import set_telemetry_metrics
        except (ImportError, OSError) as error:
            raise WeightsError(f"pyannote.audio cannot be loaded ({error}); run: {PYANNOTE_INSTALL}") from error
        set_telemetry_metrics(False)
        try:
            pipeline = Pipeline.from_pretrained(folder)
        except BROKEN as error:
            raise WeightsError(f"{folder}: the pipeline cannot be loaded ({error}); copy it anew") from error
        if pipeline is None:
            raise WeightsError(f"{folder}: the pipeline cannot be loaded; copy it anew")
        if device == "cuda" or (device == "auto" and torch.cuda.is_available()):
            pipeline.to(torch.device("cuda"))
    return pipeline
