"""What to score in the paths of a command line: recordings, transcripts beside them, transcripts alone."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from qa_engine.errors import SettingsError
from qa_engine.pipeline import Source
from qa_engine.speech.transcript_files import SUFFIXES, find_transcript, is_transcript, transcripts_beside

__all__ = ["SOUND_SUFFIXES", "find_sources"]

# What phone systems and phones write; a file named on the command line may have any suffix.
SOUND_SUFFIXES = frozenset(
    {".wav", ".wav49", ".mp3", ".ogg", ".oga", ".opus", ".flac", ".m4a", ".mp4", ".aac", ".amr", ".gsm", ".wma"}
    | {".webm", ".au", ".aif", ".aiff", ".3gp"}
)


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
    return tuple(found[path] for path in sorted(_each_once(found)))


def _each_once(found: Mapping[Path, Source]) -> set[Path]:
    """Paths of the sources without those transcripts that another source stands for.

    A transcript beside a recording belongs to it; of one call's transcripts in several formats the one that
    tells most is taken.
    """
    recordings = [source.recording for source in found.values() if source.recording is not None]
    beside = {path for recording in recordings for path in transcripts_beside(recording)}
    alone = [path for path, source in found.items() if source.recording is None and path not in beside]
    best: dict[Path, Path] = {}
    for path in sorted(alone, key=lambda path: (SUFFIXES.index(path.suffix.lower()), path)):
        best.setdefault(path.with_suffix(""), path)
    return {*recordings, *best.values()}


def _sources_of(path: Path, retranscribe: bool) -> Iterator[Source]:
    if path.is_dir():
        yield from _sources_below(path, retranscribe)
    elif not path.exists() and not path.is_symlink():
        raise SettingsError(f"{path}: no such file or folder; check the spelling")
    elif path.suffix.lower() in SUFFIXES:
        yield Source(None, path)
    else:
        yield Source(path, None if retranscribe else find_transcript(path))


def _sources_below(folder: Path, retranscribe: bool) -> Iterator[Source]:
    files = tuple(_files_below(folder))
    sounds = [file for file in files if file.suffix.lower() in SOUND_SUFFIXES]
    yield from (Source(file, None if retranscribe else find_transcript(file)) for file in sounds)
    yield from (Source(None, file) for file in files if file.suffix.lower() in SUFFIXES and is_transcript(file))


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
