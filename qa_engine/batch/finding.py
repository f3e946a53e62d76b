"""What to score in the paths of a command line: recordings, transcripts beside them, transcripts alone."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from qa_engine.errors import SettingsError
from qa_engine.pipeline import Source
from qa_engine.speech.transcript_files import find_transcript, is_transcript

__all__ = ["SOUND_SUFFIXES", "find_sources"]

# What phone systems and phones write; a file named on the command line may have any suffix.
SOUND_SUFFIXES = frozenset(
    {".wav", ".wav49", ".mp3", ".ogg", ".oga", ".opus", ".flac", ".m4a", ".mp4", ".aac", ".amr", ".gsm", ".wma"}
    | {".webm", ".au", ".aif", ".aiff", ".3gp"}
)
TRANSCRIPT_SUFFIXES = frozenset({".json", ".srt", ".vtt"})


def find_sources(paths: Iterable[Path], *, retranscribe: bool = False) -> tuple[Source, ...]:
    """Sources in `paths` (files and folders, searched through), sorted by path, each once.

    Hidden files and folders are passed over; links are followed, loops of links are not.
    `retranscribe`: transcripts beside recordings are ignored.
    Raises SettingsError for a path that is not there and where nothing to score was found.
    """
    paths = tuple(paths)
    found: dict[Path, Source] = {}
    for path in paths:
        for source in _sources_of(path, retranscribe):
            found.setdefault(source.path, source)
    if not found:
        known = " ".join(sorted(SOUND_SUFFIXES))
        looked = ", ".join(str(path) for path in paths)
        raise SettingsError(f"{looked}: no recordings found; looked for {known} and transcripts (.json .srt .vtt)")
    return tuple(found[path] for path in sorted(found))


def _sources_of(path: Path, retranscribe: bool) -> Iterator[Source]:
    if path.is_dir():
        yield from _sources_below(path, retranscribe)
    elif not path.exists() and not path.is_symlink():
        raise SettingsError(f"{path}: no such file or folder; check the spelling")
    elif path.suffix.lower() in TRANSCRIPT_SUFFIXES:
        yield Source(None, path)
    else:
        yield Source(path, None if retranscribe else find_transcript(path))


def _sources_below(folder: Path, retranscribe: bool) -> Iterator[Source]:
    files = tuple(_files_below(folder))
    sounds = [file for file in files if file.suffix.lower() in SOUND_SUFFIXES]
    yield from (Source(file, None if retranscribe else find_transcript(file)) for file in sounds)
    with_sound = {file.with_suffix("") for file in sounds}
    for file in files:
        alone = file.suffix.lower() in TRANSCRIPT_SUFFIXES and file.with_suffix("") not in with_sound
        if alone and is_transcript(file):
            yield Source(None, file)


def _files_below(folder: Path) -> Iterator[Path]:
    """Files below a folder in a stable order; every real folder is entered once."""
    entered: set[str] = set()
    for root, folders, files in os.walk(folder, followlinks=True):
        real = os.path.realpath(root)
        if real in entered:
            folders.clear()
            continue
        entered.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(root, name) for name in sorted(files) if not name.startswith("."))
