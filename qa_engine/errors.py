"""Every error the engine raises on purpose.

    QAEngineError
    ├── SettingsError        a wrong argument, option, configuration file
    ├── ScorecardError       a scorecard file, with *all* its problems
    ├── RecordingError       one recording cannot be used (kind, path, what to do)
    ├── TranscriptError      a transcript file cannot be read
    ├── WeightsError         a speech engine or its weights are missing
    ├── RecordsError         the phone system's records cannot be read
    └── StoreError           the database cannot be opened, read or written

A message says what happened, to which file or id, what was found against what was expected, and what to do next.
Personal data (names, numbers, words of a call) never goes into a message that is logged.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

__all__ = [
    "Problem",
    "QAEngineError",
    "RecordingError",
    "RecordingErrorKind",
    "RecordsError",
    "ScorecardError",
    "SettingsError",
    "StoreError",
    "TranscriptError",
    "WeightsError",
]


class QAEngineError(Exception):
    """Base of all errors that are told to the user as one message, without a traceback."""


class SettingsError(QAEngineError):
    """A wrong argument, option or configuration value."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem in a file: `line` and `column` count from 1 (0: unknown), `path` is like ``sections[0].id``."""

    message: str
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}: " if self.line else ""
        path = f"[{self.path}] " if self.path else ""
        return f"{where}{path}{self.message}"


class ScorecardError(QAEngineError):
    """A scorecard file with all its problems at once."""

    def __init__(self, file: Path | str, problems: tuple[Problem, ...]) -> None:
        self.file = str(file)
        self.problems = problems
        count = f"{len(problems)} problem" + ("" if len(problems) == 1 else "s")
        super().__init__("\n".join([f"{self.file}: {count}", *(f"  {problem}" for problem in problems)]))


class RecordingErrorKind(StrEnum):
    """Why a recording cannot be used; the value is `error.kind` in the JSON."""

    UNREADABLE = "unreadable"  # not sound, damaged, an unknown codec
    EMPTY = "empty"  # no bytes, or no samples
    NOT_PERMITTED = "not_permitted"  # no permission to read
    UNSUPPORTED = "unsupported"  # sound, but more channels or a rate that cannot be used
    NO_RECOGNISER = "no_recogniser"  # no speech engine for the language on this machine
    NO_SPEECH = "no_speech"  # nothing was said in it
    BAD_TRANSCRIPT = "bad_transcript"  # the transcript file beside it cannot be read
    CRASHED = "crashed"  # a stage failed unexpectedly


class RecordingError(QAEngineError):
    """One recording cannot be used; the rest of the batch goes on."""

    def __init__(self, kind: RecordingErrorKind, message: str) -> None:
        self.kind = kind
        self.message = message
        super().__init__(message)

    def __reduce__(self) -> tuple[type[RecordingError], tuple[RecordingErrorKind, str]]:
        return (type(self), (self.kind, self.message))


class TranscriptError(RecordingError):
    """A transcript file cannot be read."""

    def __init__(self, message: str) -> None:
        super().__init__(RecordingErrorKind.BAD_TRANSCRIPT, message)

    def __reduce__(self) -> tuple[type[TranscriptError], tuple[str]]:  # type: ignore[override]
        return (type(self), (self.message,))


class WeightsError(QAEngineError):
    """A speech engine or its weights are missing; the message holds the command that gets them."""


class RecordsError(QAEngineError):
    """The phone system's records cannot be read."""


class StoreError(QAEngineError):
    """The database cannot be opened, read or written."""
