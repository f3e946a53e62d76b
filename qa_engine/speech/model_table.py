"""All models in one table: those in the wheels, those on this machine, those that can be pulled."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from qa_engine.speech.model_names import KNOWN_MODELS, KnownModel, find_known
from qa_engine.speech.moonshine_library import PINNED_VERSION, installed_version
from qa_engine.speech.weights import Weights, list_weights

__all__ = ["ModelRow", "model_table"]

MEGABYTE = 1_000_000
MOONSHINE_MEGABYTES = (44, 42)  # tiny-en; libmoonshine.so with the diarization models inside, version 0.0.73
ROLES = {"whisper": "transcriber", "onnx": "transcriber", "pyannote": "diarizer"}


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model. `state` is ready, not whole or can be pulled, with more in `note`; `languages` () means any."""

    name: str
    kind: str
    languages: tuple[str, ...]
    megabytes: float
    state: str
    licence: str
    note: str = ""


def model_table(models: Path) -> tuple[ModelRow, ...]:
    """The embedded models, those under `models`, and the known ones that are not there."""
    found = list_weights(models)
    here = {weights.name for weights in found}
    absent = (known for known in KNOWN_MODELS if known.name not in here)
    return (*_embedded(), *map(_on_disk, found), *map(_to_be_had, absent))


def _embedded() -> tuple[ModelRow, ...]:
    version = installed_version()
    ready = version == PINNED_VERSION and find_spec("moonshine_voice") is not None
    state = "ready" if ready else "not installed"
    note = "in its wheel" if ready else f"moonshine-voice {PINNED_VERSION} is needed, found {version or 'nothing'}"
    words, speakers = MOONSHINE_MEGABYTES
    return (
        ModelRow("moonshine", "transcriber", ("en",), words, state, "MIT", note),
        ModelRow("moonshine", "diarizer", (), speakers, state, "CC-BY-4.0", note),
    )


def _on_disk(weights: Weights) -> ModelRow:
    known = find_known(weights.name)
    licence = weights.card.licence or (known.licence if known is not None else "")
    restricted = f"by itself for {len(weights.only_for)} recordings only" if weights.only_for else ""
    notes = (weights.problem, weights.card.note, restricted)
    state = "ready" if weights.ready else "not whole"
    size = weights.size / MEGABYTE
    note = "; ".join(filter(None, notes))
    return ModelRow(weights.name, ROLES[weights.kind], weights.languages, size, state, licence, note)


def _to_be_had(known: KnownModel) -> ModelRow:
    note = "needs an account on its hub and a token" if known.gated else ""
    kind = ROLES[known.kind]
    return ModelRow(known.name, kind, known.languages, known.megabytes, "can be pulled", known.licence, note)
