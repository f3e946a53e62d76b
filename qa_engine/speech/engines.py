"""Which speech engines work on this machine, found out without loading any of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from qa_engine.speech.moonshine_library import INSTALL as MOONSHINE_INSTALL
from qa_engine.speech.moonshine_library import PINNED_VERSION, installed_version
from qa_engine.speech.pyannote_diarizer import PYANNOTE_INSTALL, is_pyannote_installed, missing_pyannote_files
from qa_engine.speech.weights import Weights, list_weights

__all__ = ["EngineInfo", "installed_engines"]

WHISPER_INSTALL = "pip install faster-whisper"
WHISPER_PULL = "qa-engine models pull whisper:small"
ONNX_INSTALL = "pip install onnx-asr"
ONNX_PULL = "qa-engine models pull onnx:gigaam-v3-ctc"
PYANNOTE_PULL = "qa-engine models pull pyannote:community-1"


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """One engine: `role` is transcriber or diarizer; `languages` () means any; not ready: why, and what mends it."""

    name: str
    role: str
    languages: tuple[str, ...]
    ready: bool
    why_not: str = ""
    command: str = ""


def installed_engines(models: Path) -> tuple[EngineInfo, ...]:
    """All engines the product knows, with the state of each; `models` is the models folder."""
    return (*_moonshine(), *_whisper(models), *_onnx(models), *_pyannote(models / "pyannote"), _channels())


def _moonshine() -> Iterator[EngineInfo]:
    found = installed_version()
    ready = found == PINNED_VERSION and find_spec("moonshine_voice") is not None
    why = "" if ready else f"moonshine-voice {PINNED_VERSION} is needed, found {found or 'nothing'}"
    command = "" if ready else MOONSHINE_INSTALL
    yield EngineInfo("moonshine", "transcriber", ("en",), ready, why, command)
    yield EngineInfo("moonshine", "diarizer", (), ready, why, command)


def _whisper(models: Path) -> Iterator[EngineInfo]:
    if find_spec("faster_whisper") is None:
        yield EngineInfo("whisper", "transcriber", (), False, "faster-whisper is not installed", WHISPER_INSTALL)
        return
    found = list_weights(models, "whisper")
    if not found:
        yield EngineInfo("whisper", "transcriber", (), False, f"no model under {models}", WHISPER_PULL)
    yield from map(_transcriber, found)


def _onnx(models: Path) -> Iterator[EngineInfo]:
    if find_spec("onnx_asr") is None:
        yield EngineInfo("onnx", "transcriber", (), False, "onnx-asr is not installed", ONNX_INSTALL)
        return
    found = list_weights(models, "onnx")
    if not found:
        yield EngineInfo("onnx", "transcriber", (), False, f"no model under {models}", ONNX_PULL)
    yield from map(_transcriber, found)


def _transcriber(weights: Weights) -> EngineInfo:
    why = "" if weights.ready else f"{weights.problem} in {weights.folder}"
    command = "" if weights.ready else weights.remedy.removeprefix("run: ")
    return EngineInfo(weights.name, "transcriber", weights.languages, weights.ready, why, command)


def _pyannote(folder: Path) -> Iterator[EngineInfo]:
    if not is_pyannote_installed():
        yield EngineInfo("pyannote", "diarizer", (), False, "pyannote.audio is not installed", PYANNOTE_INSTALL)
        return
    missing = missing_pyannote_files(folder)
    why = f"{', '.join(missing)} missing in {folder}" if missing else ""
    command = PYANNOTE_PULL if missing else ""
    yield EngineInfo("pyannote", "diarizer", (), not missing, why, command)


def _channels() -> EngineInfo:
    return EngineInfo("channels", "diarizer", (), True)
