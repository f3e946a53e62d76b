"""One row per setting: name, default, unit, help; read from `qa-engine.toml`, overridden on the command line."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from qa_engine.errors import SettingsError

__all__ = ["SETTINGS", "Settings", "load_settings"]


@dataclass(frozen=True, slots=True)
class Row:
    """One setting: what it is called, what it is measured in ("" for none), what it does."""

    name: str
    unit: str
    help: str


SETTINGS: tuple[Row, ...] = (
    Row("db", "", "database URL or SQLite file; postgresql://... for PostgreSQL"),
    Row("transcriber", "", "auto, moonshine, or whisper:NAME-or-FOLDER"),
    Row("diarizer", "", "auto, moonshine, pyannote or channels, for mono recordings"),
    Row("language", "", "ru, en, or empty: the scorecard's"),
    Row("jobs", "processes", "how many recordings are heard at once; 0: chosen from the cores"),
    Row("manager_channel", "", "auto, left or right: the side of the manager in stereo recordings"),
    Row("file_names", "", "auto, freepbx, 3cx, or a regular expression with named groups"),
    Row("models", "", "folder of the speech models"),
    Row("time_zone", "", "of call records that name none, like Europe/Moscow"),
    Row("device", "", "auto, cpu or cuda: where whisper runs"),
    Row("compute_type", "", "auto, int8, float16, ...: the numbers whisper computes with, as ctranslate2 names them"),
    Row("batch_size", "clips", "how many clips whisper hears at once; 0: chosen from the machine"),
)


CHOICES = {
    "language": ("", "ru", "en"),
    "manager_channel": ("auto", "left", "right"),
    "device": ("auto", "cpu", "cuda"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Values of all settings; the defaults are here and nowhere else."""

    db: str = "qa.db"
    transcriber: str = "auto"
    diarizer: str = "auto"
    language: str = ""
    jobs: int = 0
    manager_channel: str = "auto"
    file_names: str = "auto"
    models: str = "models"
    time_zone: str = ""
    device: str = "auto"
    compute_type: str = "auto"
    batch_size: int = 0

    def override(self, **values: Any) -> Settings:
        """A copy with the given values; None means "not given"."""
        return replace(self, **{name: value for name, value in values.items() if value is not None})


def load_settings(file: Path | None) -> Settings:
    """Settings from a TOML file; without one, from `qa-engine.toml` in the working folder if it is there.

    Raises SettingsError for a missing file, broken TOML, an unknown name or a value of the wrong type.
    """
    path = file or Path("qa-engine.toml")
    if file is None and not path.exists():
        return Settings()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read as TOML ({error}); correct it or leave --config out") from error
    return _checked(path, values)


def _checked(path: Path, values: dict[str, Any]) -> Settings:
    kinds = {field.name: type(field.default) for field in fields(Settings)}
    for name, value in values.items():
        if name not in kinds:
            raise SettingsError(f"{path}: unknown setting {name!r}; known: {', '.join(sorted(kinds))}")
        if type(value) is not kinds[name]:
            raise SettingsError(f"{path}: {name} must be {kinds[name].__name__}, found {value!r}")
        if name in CHOICES and value not in CHOICES[name]:
            allowed = ", ".join(repr(choice) for choice in CHOICES[name])
            raise SettingsError(f"{path}: {name} must be one of {allowed}, found {value!r}")
    for name in ("jobs", "batch_size"):
        if values.get(name, 0) < 0:
            raise SettingsError(f"{path}: {name} must not be negative, found {values[name]}")
    return Settings(**values)
