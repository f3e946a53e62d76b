"""The moonshine-voice library as both its adapters use it: lines of text or of speakers from samples in memory.

Its wheel carries the English tiny model (MIT) and the diarization models (pyannote community-1, CC-BY-4.0).
Pinned to 0.0.73: later wheels carry no models, and the library's private handle is used here because the public
call copies every sample through a Python list (0.15 s per minute of sound; this way under 0.1 ms).
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_engine.errors import WeightsError

__all__ = ["MODEL_NAME", "PINNED_VERSION", "SAMPLE_RATE", "MoonshineLibrary", "installed_version"]

SAMPLE_RATE = 16_000  # Hz; what the models were trained on
MODEL_NAME = "tiny-en"
PINNED_VERSION = "0.0.73"
SINGLE_THREAD = "MOONSHINE_ORT_SINGLE_THREAD"  # read by the library; its thread pool costs 2.4 times the CPU time
INSTALL = f"pip install moonshine-voice=={PINNED_VERSION}"


def installed_version() -> str:
    """Version of the installed wheel, "" without one."""
    try:
        return version("moonshine-voice")
    except PackageNotFoundError:
        return ""


class MoonshineLibrary:
    """One loaded model with fixed options; loaded at the first use."""

    def __init__(self, options: Mapping[str, str]) -> None:
        self._options = dict(options)
        self._loaded: Any = None

    def lines(self, samples: NDArray[np.float32]) -> list[Any]:
        """The library's ``TranscriptLine`` objects for 16 kHz mono `samples` of shape ``(time,)``.

        Raises WeightsError if the library or its model files cannot be loaded.
        """
        from moonshine_voice.errors import check_error
        from moonshine_voice.moonshine_api import TranscriptC

        loaded = self._load()
        buffer = np.ascontiguousarray(samples, dtype=np.float32)
        pointer = buffer.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        result = ctypes.POINTER(TranscriptC)()
        check_error(
            loaded._lib.moonshine_transcribe_without_streaming(
                loaded._handle, pointer, len(buffer), SAMPLE_RATE, 0, ctypes.byref(result)
            )
        )
        return list(loaded._parse_transcript(result).lines)

    def _load(self) -> Any:
        if self._loaded is None:
            self._loaded = _open_model(self._options)
        return self._loaded


def _open_model(options: Mapping[str, str]) -> Any:
    if installed_version() != PINNED_VERSION:
        found = installed_version() or "nothing"
        raise WeightsError(f"moonshine-voice {PINNED_VERSION} is needed, found {found}; run: {INSTALL}")
    try:
        from moonshine_voice.errors import MoonshineError
        from moonshine_voice.moonshine_api import ModelArch
        from moonshine_voice.transcriber import Transcriber
        from moonshine_voice.utils import get_model_path
    except (ImportError, OSError) as error:
        raise WeightsError(f"moonshine-voice cannot be loaded ({error}); run: {INSTALL}") from error
    os.environ.setdefault(SINGLE_THREAD, "1")
    folder = get_model_path(MODEL_NAME)
    try:
        return Transcriber(folder, ModelArch.TINY, options=dict(options))
    except MoonshineError as error:
        raise WeightsError(f"{folder}: cannot be loaded ({error}); run: {INSTALL} --force-reinstall") from error
