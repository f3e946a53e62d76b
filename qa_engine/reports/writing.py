"""A report file is written whole or not at all: beside its place first, then moved there in one step."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from pathlib import Path

from qa_engine.errors import SettingsError

__all__ = ["write_report"]

_REMEDIES = {
    errno.ENOSPC: "free some space or write to another disk",
    errno.EDQUOT: "free some of your quota or write to another disk",
    errno.EACCES: "choose a folder you may write to",
    errno.EPERM: "choose a folder you may write to",
    errno.EROFS: "choose a folder on a disk that can be written to",
    errno.ENOENT: "create the folder first, or choose one that exists",
    errno.ENOTDIR: "a part of the path is a file: choose another folder",
    errno.EISDIR: "it is a folder: give a file name in it",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def write_report(path: Path, content: bytes) -> None:
    """Write `content` to `path` atomically; a file that was there keeps its permissions, and its content on failure.

    Raises SettingsError naming the path, the cause and the remedy.
    """
    try:
        target = path.resolve()
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(content)  # a pipe or a device: nothing to move into its place
        else:
            _replace(target, content)
    except OSError as error:
        raise _unwritable(path, error) from error


def _replace(target: Path, content: bytes) -> None:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    temporary = target.with_name(f".qa-{secrets.token_hex(6)}.tmp")
    try:
        _write_new(temporary, content)
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _write_new(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _unwritable(path: Path, error: OSError) -> SettingsError:
    cause = error.strerror or str(error)
    remedy = _REMEDIES.get(error.errno or 0, "choose another place with -o")
    return SettingsError(f"{path}: cannot be written ({cause}); {remedy}; nothing there was changed")
