"""Model folders as the onnx-asr library reads them: the kind of model, the files it needs, what it understands.

Nothing is loaded here: the folder's name, `config.json`, the file names and the vocabulary tell. A folder named like a
known model is taken for that model, so that a half-copied one names what is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa_engine.errors import WeightsError
from qa_engine.speech.model_names import KNOWN_MODELS, find_known

__all__ = ["OnnxKind", "OnnxModel", "read_onnx_model", "whole_onnx_model"]

PREFIX = "onnx:"
CONFIG = "config.json"
PULL = "qa-engine models pull onnx:gigaam-v3-ctc"
QUANTIZATIONS = ("", "int8")  # full precision first where a folder holds both


@dataclass(frozen=True, slots=True)
class OnnxKind:
    """One kind of model: `name` is what onnx-asr calls it, `weights` its ONNX files (without ``.onnx``).

    `languages` () means: those of the vocabulary. `longest` is the seconds of sound it hears well in one piece,
    `together` the seconds of several pieces worth hearing at once, padding counted (0: one by one), `delay` the
    seconds its token times lie behind the sound.
    """

    name: str
    weights: tuple[str, ...]
    others: tuple[str, ...]
    languages: tuple[str, ...] = ("ru",)
    sample_rate: int = 16_000
    longest: float = 24.0
    together: float = 0.0
    delay: float = 0.0


def _gigaam(name: str, stem: str, vocabulary: str, config: tuple[str, ...] = (CONFIG,)) -> OnnxKind:
    """GigaAM: its own `transcribe` refuses more than 25 s. Without config.json a v3 gets the features of a v2."""
    parts = ("_encoder", "_decoder", "_joint") if stem.endswith("rnnt") else ("",)
    return OnnxKind(name, tuple(stem + part for part in parts), (vocabulary, *config))


def _nemo(name: str, *weights: str) -> OnnxKind:
    """NeMo Conformers and Parakeets hear minutes at once, at a memory that grows with the square of them."""
    return OnnxKind(name, weights, ("vocab.txt", CONFIG), languages=())


# The classes and file names of onnx-asr 0.12.0 (onnx_asr/loader.py, onnx_asr/models/), those that give token times.
KINDS = (
    _gigaam("gigaam-v3-e2e-rnnt", "v3_e2e_rnnt", "v3_e2e_rnnt_vocab.txt"),
    _gigaam("gigaam-v3-e2e-ctc", "v3_e2e_ctc", "v3_e2e_ctc_vocab.txt"),
    _gigaam("gigaam-v3-rnnt", "v3_rnnt", "v3_vocab.txt"),
    _gigaam("gigaam-v3-ctc", "v3_ctc", "v3_vocab.txt"),
    _gigaam("gigaam-v2-rnnt", "v2_rnnt", "v2_vocab.txt", ()),
    _gigaam("gigaam-v2-ctc", "v2_ctc", "v2_vocab.txt", ()),
    # T-one hears a stream in blocks of 0.3 s, of any length; in blocks of several pieces at once a model of its size
    # took 30 % less processor time (the others 0-35 % more, on one core). Its delay is MEAN_TIME_BIAS of its
    # tone/onnx_wrapper.py: its own pipeline takes it off the times, onnx-asr does not.
    OnnxKind("t-one-ctc", ("model",), (CONFIG,), sample_rate=8_000, longest=30.0, together=30.0, delay=0.33),
    _nemo("nemo-conformer-ctc", "model"),
    _nemo("nemo-conformer-rnnt", "encoder-model", "decoder_joint-model"),
    _nemo("nemo-conformer-tdt", "encoder-model", "decoder_joint-model"),
)
_BY_NAME = {kind.name: kind for kind in KINDS}
# Folder names of known models -> kind; any other folder is looked into.
_BY_FOLDER: Mapping[str, OnnxKind] = {
    **{name: kind for name, kind in _BY_NAME.items() if name.startswith("gigaam")},
    "t-one": _BY_NAME["t-one-ctc"],
    "parakeet-tdt-0.6b-v3": _BY_NAME["nemo-conformer-tdt"],
}


@dataclass(frozen=True, slots=True)
class OnnxModel:
    """A model folder: its kind, its quantization ("" for full precision), the files that are missing or empty."""

    folder: Path
    kind: OnnxKind
    quantization: str
    missing: tuple[str, ...]

    @property
    def name(self) -> str:
        """As `--transcriber` takes it."""
        return PREFIX + self.folder.name

    @property
    def ready(self) -> bool:
        """Whether all its files are there."""
        return not self.missing

    @property
    def languages(self) -> tuple[str, ...]:
        """Those it understands; () while the files are missing that would tell."""
        known = find_known(self.name)
        published = known.languages if known is not None else ()
        return published or self.kind.languages or _languages_of_vocabulary(self.folder / "vocab.txt")


def whole_onnx_model(folder: Path) -> OnnxModel:
    """The model in `folder`; raises WeightsError, with the command that gets it, where it is not there or not whole."""
    model = read_onnx_model(folder)
    if not model.ready:
        raise WeightsError(
            f"{model.folder}: {', '.join(model.missing)} missing or empty; run: {_pull(model.folder.name)}, "
            "or copy the files there"
        )
    return model


def read_onnx_model(folder: Path) -> OnnxModel:
    """What `folder` holds; raises WeightsError where it is not there or no model of a known kind."""
    if not folder.is_dir():
        raise WeightsError(f"no speech model at {folder}; known names: {_names()}; run: {_pull(folder.name)}")
    model = _look_at(folder)
    if model is None:
        raise WeightsError(
            f"{folder}: no model that onnx-asr can load was recognised there (by folder name, {CONFIG} or file names); "
            f"known names: {_names()}; run: {PULL}"
        )
    return model


def _look_at(folder: Path) -> OnnxModel | None:
    kind = _BY_FOLDER.get(folder.name) or _kind_by_config(_config(folder)) or _kind_by_files(folder)
    if kind is None:
        return None
    quantization = next((quantized for quantized in QUANTIZATIONS if _has_any(folder, kind, quantized)), "")
    wanted = (*_weight_files(kind, quantization), *kind.others)
    return OnnxModel(folder, kind, quantization, tuple(name for name in wanted if not _is_filled(folder / name)))


def _kind_by_config(config: Mapping[str, Any]) -> OnnxKind | None:
    """NeMo exports say what they are; T-one's own file lists its letters instead."""
    named = _BY_NAME.get(str(config.get("model_type")))
    return _BY_NAME["t-one-ctc"] if named is None and "decoder_params" in config else named


def _kind_by_files(folder: Path) -> OnnxKind | None:
    speaking = (kind for kind in KINDS if kind.name.startswith("gigaam"))  # the file names of these say it all
    return next((kind for kind in speaking if any(_has_any(folder, kind, each) for each in QUANTIZATIONS)), None)


def _config(folder: Path) -> Mapping[str, Any]:
    file = folder / CONFIG
    if not _is_filled(file):
        return {}
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return {}  # not ours, or damaged: then the file names tell, and the library says what is wrong with it
    return config if isinstance(config, dict) else {}


def _has_any(folder: Path, kind: OnnxKind, quantization: str) -> bool:
    return any(_is_filled(folder / name) for name in _weight_files(kind, quantization))


def _weight_files(kind: OnnxKind, quantization: str) -> Iterator[str]:
    ending = f".{quantization}.onnx" if quantization else ".onnx"
    return (stem + ending for stem in kind.weights)


def _is_filled(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0


def _languages_of_vocabulary(file: Path) -> tuple[str, ...]:
    """Russian and English by the letters of the tokens; a script counts from a tenth of the tokens with letters on."""
    if not _is_filled(file):
        return ()
    tokens = [line.rpartition(" ")[0].lower() for line in file.read_text(encoding="utf-8").splitlines()]
    spoken = [token for token in tokens if not token.startswith("<") and any(map(str.isalpha, token))]
    alphabets = {"ru": ("а", "я"), "en": ("a", "z")}
    counts = {
        language: sum(any(first <= letter <= last for letter in token) for token in spoken)
        for language, (first, last) in alphabets.items()
    }
    return tuple(language for language, count in counts.items() if count and count >= len(spoken) / 10)


def _pull(folder_name: str) -> str:
    known = find_known(PREFIX + folder_name)
    return f"qa-engine models pull {known.name}" if known is not None else PULL


def _names() -> str:
    return ", ".join(known.name for known in KNOWN_MODELS if known.kind == "onnx")
