"""The diarizer of pyannote.audio 4 (extra ``[pyannote]``), from a folder on this machine; telemetry and hub off.

The folder holds config.yaml, segmentation/, embedding/ and plda/, as its gated hub page gives them.
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform
from qa_engine.errors import WeightsError
from qa_engine.speech.protocols import SpeakerSpan
from qa_engine.speech.speaker_spans import tidy_speaker_spans
from qa_engine.speech.speech_track import lay_track

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


def missing_pyannote_files(folder: Path) -> tuple[str, ...]:
    """Files that the pipeline's folder lacks; () for a whole one."""
    return tuple(name for name in FILES if not (folder / name).is_file())


class PyannoteDiarizer:
    """Who speaks when in a mono recording. Raises WeightsError at once if library or files are missing."""

    def __init__(self, folder: Path) -> None:
        if not is_pyannote_installed():
            raise WeightsError(f"pyannote.audio is not installed; run: {PYANNOTE_INSTALL}")
        missing = missing_pyannote_files(folder)
        if missing:
            raise WeightsError(
                f"{folder}: {', '.join(missing)} missing; copy the folder of pyannote/speaker-diarization-community-1 "
                f"there (models/README.md tells how), or use --diarizer moonshine"
            )
        self._folder = folder
        self._loaded: Any = None

    @property
    def name(self) -> str:
        """Engine, model folder."""
        return f"pyannote:{self._folder.name}"

    def diarize(self, waveform: Waveform, spans: tuple[Span, ...]) -> tuple[SpeakerSpan, ...]:
        """Speaker spans inside `spans`."""
        track = lay_track(waveform, spans, sample_rate=SAMPLE_RATE)
        if not track.samples.size:
            return ()
        pipeline = self._load()
        import torch

        samples = torch.from_numpy(track.samples[None, :])
        output = pipeline({"waveform": samples, "sample_rate": SAMPLE_RATE})
        raw = [
            SpeakerSpan(place.start, place.end, str(label))
            for turn, label in output.exclusive_speaker_diarization
            for place in track.locate(turn.start, turn.end)
        ]
        return tidy_speaker_spans(raw, spans)

    def _load(self) -> Any:
        if self._loaded is None:
            self._loaded = _open_pipeline(self._folder)
        return self._loaded


def is_pyannote_installed() -> bool:
    """Whether the library can be found; it is not imported."""
    return find_spec("pyannote") is not None and find_spec("pyannote.audio") is not None


def _open_pipeline(folder: Path) -> Any:
    os.environ["PYANNOTE_METRICS_ENABLED"] = "0"  # it reports durations and speaker counts by default
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        _mend_torchaudio()
        from pyannote.audio import Pipeline
    except (ImportError, OSError) as error:
        raise WeightsError(f"pyannote.audio cannot be loaded ({error}); run: {PYANNOTE_INSTALL}") from error
    try:
        pipeline = Pipeline.from_pretrained(folder)
    except (OSError, RuntimeError, ValueError, TypeError, KeyError) as error:
        raise WeightsError(f"{folder}: the pipeline cannot be loaded ({error}); copy it anew") from error
    if pipeline is None:
        raise WeightsError(f"{folder}: the pipeline cannot be loaded; copy it anew")
    return pipeline


def _mend_torchaudio() -> None:
    """Torchaudio's PyPI wheel is linked to CUDA and fails on machines without; its pure-torch parts suffice here."""
    try:
        import torchaudio
    except OSError:
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchaudio"]:
            del sys.modules[name]
        sys.modules["torchaudio._extension"] = _extension_stub()
        import torchaudio  # noqa: F401


def _extension_stub() -> ModuleType:
    stub = ModuleType("torchaudio._extension")
    values: dict[str, Any] = {
        "_IS_TORCHAUDIO_EXT_AVAILABLE": False,
        "_IS_ALIGN_AVAILABLE": False,
        "fail_if_no_align": lambda function: function,
        "_check_cuda_version": lambda: None,
    }
    for name, value in values.items():
        setattr(stub, name, value)
    return stub
