"""Speech models on this machine: which there are, whether they are whole, and getting one (the only download there is).

A faster-whisper model is a folder of CTranslate2 files under the models folder; any folder of that shape will do.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qa_engine.errors import SettingsError, WeightsError

__all__ = [
    "WHISPER_MODELS",
    "Weights",
    "check_weights",
    "find_whisper",
    "list_weights",
    "missing_files",
    "pull_weights",
]

# Name -> repository on the hub, as faster-whisper 1.2.1 maps them (faster_whisper/utils.py).
WHISPER_MODELS = {
    "tiny": "Systran/faster-whisper-tiny",
    "base": "Systran/faster-whisper-base",
    "small": "Systran/faster-whisper-small",
    "medium": "Systran/faster-whisper-medium",
    "large-v2": "Systran/faster-whisper-large-v2",
    "large-v3": "Systran/faster-whisper-large-v3",
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
}
REQUIRED_FILES = ("model.bin", "config.json", "tokenizer.json")
VOCABULARY_FILES = ("vocabulary.json", "vocabulary.txt")  # either
OPTIONAL_FILES = ("preprocessor_config.json",)
PREFIX = "whisper:"


@dataclass(frozen=True, slots=True)
class Weights:
    """One model: its name as `models pull` takes it, its folder, and the files that are missing there."""

    name: str
    folder: Path
    missing: tuple[str, ...]

    @property
    def ready(self) -> bool:
        """Whether all its files are there."""
        return not self.missing

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())


def missing_files(folder: Path) -> tuple[str, ...]:
    """Names of the files a faster-whisper folder lacks or has empty; () for a whole one."""
    missing = [name for name in REQUIRED_FILES if not _is_filled(folder / name)]
    if not any(_is_filled(folder / name) for name in VOCABULARY_FILES):
        missing.append(VOCABULARY_FILES[0])
    return tuple(missing)


def _is_filled(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0


def list_weights(models: Path) -> tuple[Weights, ...]:
    """The faster-whisper folders under `models`, whole or not, sorted by name."""
    return tuple(Weights(PREFIX + folder.name, folder, missing_files(folder)) for folder in _whisper_folders(models))


def _whisper_folders(models: Path) -> Iterator[Path]:
    if not models.is_dir():
        return
    known = (*REQUIRED_FILES[:1], *VOCABULARY_FILES)
    for folder in sorted(path for path in models.iterdir() if path.is_dir()):
        if folder.name in WHISPER_MODELS or any((folder / name).exists() for name in known):
            yield folder


def check_weights(name: str, models: Path) -> Weights:
    """The model `name` under `models` with its missing files.

    Raises WeightsError, with the command that gets it, when there is no such folder.
    """
    folder = _folder(name, models)
    if not folder.is_dir():
        raise WeightsError(_not_here(name, folder))
    return Weights(PREFIX + folder.name, folder, missing_files(folder))


def find_whisper(name: str, models: Path) -> Path:
    """Folder of a whole model: `name` is like ``small`` or ``whisper:small`` (under `models`), or a folder anywhere.

    Raises WeightsError, with the command that mends it, if it is not there or not whole.
    """
    weights = check_weights(name, models)
    if not weights.ready:
        raise WeightsError(
            f"{weights.folder}: {', '.join(weights.missing)} missing or empty; "
            f"run: qa-engine models pull {weights.name}"
        )
    return weights.folder


def _folder(name: str, models: Path) -> Path:
    bare = name.removeprefix(PREFIX)
    if not bare:
        raise SettingsError("whisper: needs a model name or a folder, such as whisper:small")
    direct = Path(bare).expanduser()
    return direct if direct.is_dir() and (direct.is_absolute() or len(direct.parts) > 1) else models / bare


def _not_here(name: str, folder: Path) -> str:
    bare = name.removeprefix(PREFIX)
    if bare in WHISPER_MODELS:
        return f"the speech model {bare} is not on this machine ({folder}); run: qa-engine models pull {PREFIX}{bare}"
    known = ", ".join(WHISPER_MODELS)
    return f"no speech model at {folder}; known names: {known}; run: qa-engine models pull whisper:small"


def pull_weights(name: str, models: Path) -> Weights:
    """Download a model into ``models/<name>``: the only function of the engine that uses the network.

    Raises SettingsError for an unknown name, WeightsError when the hub cannot be reached or the files did not all come.
    """
    bare = name.removeprefix(PREFIX)
    if bare not in WHISPER_MODELS:
        raise SettingsError(f"unknown model {name!r}; known: {', '.join(PREFIX + known for known in WHISPER_MODELS)}")
    folder = models / bare
    _fetch_snapshot(WHISPER_MODELS[bare], folder)
    missing = missing_files(folder)
    if missing:
        raise WeightsError(f"{folder}: {', '.join(missing)} did not arrive; run the command again")
    return Weights(PREFIX + bare, folder, ())


def _fetch_snapshot(repository: str, folder: Path) -> None:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    wanted = [*REQUIRED_FILES, *VOCABULARY_FILES, *OPTIONAL_FILES]
    try:
        snapshot_download(repository, local_dir=folder, allow_patterns=wanted)
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise WeightsError(
            f"{repository} cannot be downloaded ({type(error).__name__}). On a machine with internet: get "
            f"{', '.join(REQUIRED_FILES)}, {' or '.join(VOCABULARY_FILES)} and {OPTIONAL_FILES[0]} from "
            f"https://huggingface.co/{repository} and copy them to {folder}"
        ) from error
