"""Speech models on this machine: which there are, whether they are whole, and where one lies.

A model is a folder under the models folder: CTranslate2 files (whisper), ONNX files (onnx) or a pyannote pipeline. Any
folder of such a shape will do; `models pull` (`qa_engine.speech.pulling`) makes them, copying by hand does as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from qa_engine.errors import SettingsError, WeightsError
from qa_engine.speech.model_cards import Card, find_damage, read_card
from qa_engine.speech.model_names import (
    KNOWN_MODELS,
    PYANNOTE_FILES,
    WHISPER_FILES,
    KnownModel,
    bare_name,
    find_known,
    kind_of,
)
from qa_engine.speech.onnx_models import read_onnx_model

__all__ = [
    "Weights",
    "check_weights",
    "find_damaged_files",
    "find_weights",
    "find_whisper",
    "list_weights",
    "missing_files",
]

PART = ".part"  # a download that is not finished
ANY_ONNX = "*.onnx"  # of a kind that onnx-asr knows


@dataclass(frozen=True, slots=True)
class Weights:
    """One model: its name as `models pull` takes it, its folder, the files that are missing there, its card."""

    name: str
    folder: Path
    missing: tuple[str, ...]
    card: Card = field(default_factory=Card)

    @property
    def kind(self) -> str:
        """The engine: whisper, onnx or pyannote."""
        return kind_of(self.name)

    @property
    def ready(self) -> bool:
        """Whether all its files are there and its card can be read."""
        return not self.problem

    @property
    def problem(self) -> str:
        """What keeps it from being used, "" where nothing does."""
        missing = f"{', '.join(self.missing)} missing or empty" if self.missing else ""
        return "; ".join(filter(None, (missing, self.card.problem)))

    @property
    def remedy(self) -> str:
        """The command or the deed that mends it."""
        if find_known(self.name) is not None:
            return f"run: qa-engine models pull {self.name}"
        return "copy the model there anew"

    @property
    def only_for(self) -> frozenset[str]:
        """SHA-256 of the recordings it may be chosen for by itself; empty means any."""
        return self.card.recordings

    @property
    def languages(self) -> tuple[str, ...]:
        """What its card, its name or its vocabulary says it understands; () means any."""
        known = find_known(self.name)
        return self.card.languages or (known.languages if known else self._named_languages())

    def _named_languages(self) -> tuple[str, ...]:
        if self.kind == "onnx":
            return () if ANY_ONNX in self.missing else read_onnx_model(self.folder).languages
        return ("en",) if self.name.endswith(".en") else ()  # how the makers of Whisper name such models

    @property
    def size(self) -> int:
        """Bytes on disk, without unfinished downloads."""
        files = (file for file in self.folder.rglob("*") if file.is_file() and file.suffix != PART)
        return sum(file.stat().st_size for file in files)


def missing_files(folder: Path, kind: str = "whisper") -> tuple[str, ...]:
    """Names of the files that a folder of this kind lacks or has empty; () for a whole one."""
    if kind == "onnx":
        return _missing_onnx_files(folder)
    known = find_known(folder.name)
    usual = PYANNOTE_FILES if kind == "pyannote" else WHISPER_FILES
    needed = known.files if known is not None and known.kind == kind else usual
    return tuple(names.partition("|")[0] for names in needed if not _has_one(folder, names.split("|")))


def _missing_onnx_files(folder: Path) -> tuple[str, ...]:
    try:
        return read_onnx_model(folder).missing
    except WeightsError:
        return (ANY_ONNX,)


def _has_one(folder: Path, names: list[str]) -> bool:
    return any((folder / name).is_file() and (folder / name).stat().st_size > 0 for name in names)


def list_weights(models: Path, kind: str = "") -> tuple[Weights, ...]:
    """The model folders under `models`, whole or not, of one kind or of all, sorted by folder."""
    found = ((folder, _kind_of_folder(folder)) for folder in _folders(models))
    return tuple(_weights(folder, each) for folder, each in found if each and kind in ("", each))


def _folders(models: Path) -> Iterator[Path]:
    if models.is_dir():
        yield from sorted(path for path in models.iterdir() if path.is_dir())


def _kind_of_folder(folder: Path) -> str:
    known = find_known(folder.name)
    if known is not None:
        return known.kind
    if any((folder / name).exists() for name in ("model.bin", "vocabulary.json", "vocabulary.txt")):
        return "whisper"
    if (folder / "segmentation").is_dir() and (folder / "config.yaml").exists():
        return "pyannote"
    return "onnx" if any(folder.glob(ANY_ONNX)) else ""


def _weights(folder: Path, kind: str) -> Weights:
    known = find_known(folder.name)
    name = known.name if known is not None and known.kind == kind else f"{kind}:{folder.name}"
    return Weights(name, folder, missing_files(folder, kind), read_card(folder))


def check_weights(name: str, models: Path) -> Weights:
    """The model `name` under `models` with its missing files.

    Raises WeightsError, with the command that gets it, when there is no such folder.
    """
    folder = _folder(name, models)
    if not folder.is_dir():
        raise WeightsError(_not_here(name, folder))
    return _weights(folder, kind_of(name) or _kind_of_folder(folder) or "whisper")


def find_damaged_files(weights: Weights) -> tuple[str, ...]:
    """One line for each file that is missing, empty or not what was downloaded; reads every byte."""
    missing = tuple(f"{name}: missing or empty" for name in weights.missing)
    problem = (weights.card.problem,) if weights.card.problem else ()
    damaged = (line for line in find_damage(weights.folder) if line.partition(":")[0] not in weights.missing)
    return (*missing, *problem, *damaged)


def find_weights(name: str, models: Path) -> Path:
    """Folder of a whole model: `name` is like ``small`` or ``onnx:t-one`` (under `models`), or a folder anywhere.

    Raises WeightsError, with the command that mends it, if it is not there or not whole.
    """
    weights = check_weights(name, models)
    if not weights.ready:
        raise WeightsError(f"{weights.folder}: {weights.problem}; {weights.remedy}")
    return weights.folder


def find_whisper(name: str, models: Path) -> Path:
    """Folder of a whole faster-whisper model; raises as `find_weights` does."""
    return find_weights(name if kind_of(name) else f"whisper:{name}", models)


def _folder(name: str, models: Path) -> Path:
    bare = bare_name(name)
    if not bare:
        raise SettingsError(f"{name} needs a model name or a folder behind it, such as whisper:small or onnx:t-one")
    direct = Path(bare).expanduser()
    if direct.is_dir() and (direct.is_absolute() or len(direct.parts) > 1):
        return direct
    known = find_known(name)
    return models / (known.folder if known is not None else bare)


def _not_here(name: str, folder: Path) -> str:
    known = find_known(name)
    if known is not None:
        return (
            f"the speech model {known.name} is not on this machine ({folder}); run: qa-engine models pull {known.name}"
        )
    names = ", ".join(_names_of(kind_of(name)))
    return f"no speech model at {folder}; known names: {names}; run: qa-engine models pull whisper:small"


def _names_of(kind: str) -> Iterator[str]:
    def fits(known: KnownModel) -> bool:
        return kind in ("", known.kind)

    return (known.name for known in KNOWN_MODELS if fits(known))
