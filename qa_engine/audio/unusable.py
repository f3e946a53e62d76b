"""Why a file cannot be used, told to a person: which file, what was found, what to do."""

from __future__ import annotations

from pathlib import Path

from qa_engine.errors import RecordingError, RecordingErrorKind

__all__ = ["damaged", "empty_file", "missing", "no_samples", "no_sound", "not_permitted", "too_many"]


def missing(path: Path) -> RecordingError:
    """There is no such file."""
    found = "it is a folder" if path.is_dir() else "there is no such file"
    return RecordingError(RecordingErrorKind.UNREADABLE, f"{path}: {found}; give the path of a sound file")


def empty_file(path: Path) -> RecordingError:
    """A file of no bytes."""
    message = f"{path}: the file is empty (0 bytes); copy it again from the phone system, or delete it"
    return RecordingError(RecordingErrorKind.EMPTY, message)


def not_permitted(path: Path) -> RecordingError:
    """The file may not be read by this user."""
    message = f"{path}: no permission to read it; allow it (chmod a+r) or run as the user that owns the recordings"
    return RecordingError(RecordingErrorKind.NOT_PERMITTED, message)


def damaged(path: Path, found: str) -> RecordingError:
    """The content is not sound, or too damaged to read."""
    message = f"{path}: cannot be read as sound ({found}); check that it plays in a player, or export it again as wav"
    return RecordingError(RecordingErrorKind.UNREADABLE, message)


def no_sound(path: Path) -> RecordingError:
    """A video or another container without a sound track."""
    message = f"{path}: holds no sound track (a video without sound?); give the recording of the call itself"
    return RecordingError(RecordingErrorKind.UNREADABLE, message)


def no_samples(path: Path, codec: str, *, damaged: bool) -> RecordingError:
    """A sound file in which nothing can be decoded: damaged, or of zero length."""
    if damaged:
        message = f"{path}: looks like {codec}, but nothing in it can be decoded; copy it again from the phone system"
        return RecordingError(RecordingErrorKind.UNREADABLE, message)
    message = f"{path}: a {codec} file of zero length (a header, no samples); copy it again, or delete it"
    return RecordingError(RecordingErrorKind.EMPTY, message)


def too_many(path: Path, count: int, *, what: str, remedy: str) -> RecordingError:
    """More channels or sound tracks than two parties have."""
    message = f"{path}: {count} {what} found, at most 2 channels in one track can be used; {remedy}"
    return RecordingError(RecordingErrorKind.UNSUPPORTED, message)
