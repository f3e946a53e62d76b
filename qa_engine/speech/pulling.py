"""Downloads a model by name: resumed where it was cut, checked file by file, in place only when all of it is whole.

Each file grows as ``<path>.<checksum>.part`` in the model's folder. When every part is whole and its checksum is the
hub's, the parts take their names, the weights last: a pull that is broken off, killed or out of disk never leaves a
folder that looks ready, and the next one goes on from the parts. The checksums come from the address that gives the
bytes: they guard against damage on the way, not against a mirror that lies.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from qa_engine.errors import SettingsError, WeightsError
from qa_engine.speech.model_cards import DIGITS, PulledFile, sha256_of, write_pulled
from qa_engine.speech.model_hub import DEFAULT_HUB, Hub, HubFailure, HubFile, HubListing, open_hub
from qa_engine.speech.model_names import KNOWN_MODELS, KnownModel, find_known
from qa_engine.speech.weights import PART, Weights, check_weights

__all__ = ["PullFrom", "Told", "pull_weights"]

Told = Callable[[str, int, int], None]  # path, bytes that are here, bytes of the whole file
PAUSES = (1.0, 3.0, 9.0)  # seconds before trying again where nothing new came
SPARE = 50_000_000  # bytes that a pull leaves free on the disk
BLOCK = 1 << 20  # bytes read at once while a checksum is made
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class PullFrom:
    """Where from: a `mirror` of the hub ("" for HF_ENDPOINT or the public hub), and a token for gated models."""

    mirror: str = ""
    token: str = field(default="", repr=False)


def _tell_nobody(path: str, done: int, size: int) -> None:
    """Progress that nobody watches."""


def pull_weights(name: str, models: Path, source: PullFrom | None = None, tell: Told = _tell_nobody) -> Weights:
    """Download a model into its folder under `models`; files that are there and right are not fetched again.

    Raises SettingsError for an unknown name or address, WeightsError when the files did not all come: what to do next
    is said in it.
    """
    known = find_known(name)
    if known is None:
        raise SettingsError(f"unknown model {name!r}; known: {', '.join(each.name for each in KNOWN_MODELS)}")
    source = source or PullFrom()
    folder = models / known.folder
    try:
        with open_hub(source.mirror, source.token) as hub:
            _pull(_Pull(hub, known, folder, tell))
    except HubFailure as failure:
        raise WeightsError(_not_reached(failure, known, folder)) from failure
    except OSError as error:
        raise WeightsError(_not_written(error, known, folder)) from error
    weights = check_weights(known.name, models)
    if not weights.ready:
        raise WeightsError(f"{folder}: {weights.problem}")
    return weights


@dataclass(frozen=True, slots=True)
class _Pull:
    hub: Hub
    known: KnownModel
    folder: Path
    tell: Told


def _pull(pull: _Pull) -> None:
    listing = _patiently(lambda: pull.hub.list_files(pull.known.repository, pull.known.revision))
    wanted = _wanted(pull.known, listing)
    pull.folder.mkdir(parents=True, exist_ok=True)
    with _claimed(pull):
        _complete(pull, listing.commit, wanted)
        pulled = (PulledFile(file.path, file.size, _sha256(pull.folder, file)) for file in wanted)
        write_pulled(pull.folder, pull.known.repository, listing.commit, tuple(pulled))
        _remove_old_parts(pull.folder)


@contextmanager
def _claimed(pull: _Pull) -> Iterator[None]:
    """Two pulls at once would write into each other's parts; the lock ends with the process, however that ends."""
    try:
        import fcntl
    except ImportError:  # Windows: there the checksums find it out
        yield
        return
    claim = os.open(pull.folder, os.O_RDONLY)
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise WeightsError(f"{pull.known.name} is being pulled by another process; wait for that one") from error
    finally:
        os.close(claim)


def _complete(pull: _Pull, commit: str, wanted: tuple[HubFile, ...]) -> None:
    lacking = tuple(file for file in wanted if not _is_right(pull.folder / file.path, file))
    _check_space(pull, lacking)
    parts = tuple(_fetch(pull, commit, file) for file in lacking)
    for file, part in reversed(tuple(zip(lacking, parts, strict=True))):  # the weights are named first: in place last
        part.replace(pull.folder / file.path)


def _sha256(folder: Path, file: HubFile) -> str:
    return file.sha256 or sha256_of(folder / file.path)


def _wanted(known: KnownModel, listing: HubListing) -> tuple[HubFile, ...]:
    """The files to have: of two that serve alike the first that is published."""
    if listing.commit != known.revision:
        raise WeightsError(
            f"{known.repository}: commit {listing.commit[:DIGITS]} was given for {known.revision[:DIGITS]}: "
            f"these are other files than {known.name} means; try without the mirror"
        )
    chosen = {names: _published(names, listing) for names in known.files}
    absent = [names for names, file in chosen.items() if file is None]
    if absent:
        raise WeightsError(
            f"{known.repository} at {listing.commit[:DIGITS]} lacks {', '.join(absent)}: this is not the model that "
            f"{known.name} means; try without the mirror"
        )
    extra = (listing.files[name] for name in known.optional if name in listing.files)
    return (*filter(None, chosen.values()), *extra)


def _published(names: str, listing: HubListing) -> HubFile | None:
    return next((listing.files[name] for name in names.split("|") if name in listing.files), None)


def _is_right(path: Path, file: HubFile) -> bool:
    return path.is_file() and path.stat().st_size == file.size and _checksum(path, file) == file.checksum


def _checksum(path: Path, file: HubFile) -> str:
    """Of the kind that the hub gave: SHA-256, or SHA-1 as git counts a blob."""
    if file.sha256:
        return sha256_of(path)
    digest = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _part(folder: Path, file: HubFile) -> Path:
    return folder / f"{file.path}.{file.checksum[:DIGITS]}{PART}"


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _check_space(pull: _Pull, files: tuple[HubFile, ...]) -> None:
    needed = sum(file.size - min(file.size, _size(_part(pull.folder, file))) for file in files)
    free = shutil.disk_usage(pull.folder).free
    if files and free < needed + SPARE:
        raise WeightsError(
            f"{pull.known.name} needs {needed / MEGABYTE:.0f} MB more on the disk of {pull.folder}, "
            f"{free / MEGABYTE:.0f} MB are free; make room, or keep models elsewhere (setting `models`)"
        )


def _fetch(pull: _Pull, commit: str, file: HubFile) -> Path:
    """The whole part of one file, with the right checksum."""
    part = _part(pull.folder, file)
    part.parent.mkdir(parents=True, exist_ok=True)
    tries = 0
    while _size(part) < file.size or not part.exists():
        before = _size(part)
        try:
            _read_on(pull, commit, file, part)
        except HubFailure as failure:
            tries = 0 if _size(part) > before else tries
            _wait(failure, tries)
            tries += 1
        else:
            break
    _check_part(pull, file, part)
    return part


def _read_on(pull: _Pull, commit: str, file: HubFile, part: Path) -> None:
    start = _size(part)
    with pull.hub.read_file(pull.known.repository, commit, file.path, start) as piece, part.open("ab") as stream:
        stream.truncate(piece.start)  # a server that knows no ranges starts over
        done = piece.start
        pull.tell(file.path, done, file.size)
        for block in piece.blocks:
            stream.write(block)
            done += len(block)
            pull.tell(file.path, min(done, file.size), file.size)
            if done > file.size:
                return  # told by the check


def _check_part(pull: _Pull, file: HubFile, part: Path) -> None:
    size = _size(part)
    found = _checksum(part, file) if size == file.size else ""
    if found == file.checksum:
        return
    part.unlink(missing_ok=True)
    told = f"checksum {found[:DIGITS]}, expected {file.checksum[:DIGITS]}" if found else f"{size} of {file.size} bytes"
    raise WeightsError(
        f"{file.path} of {pull.known.name} came damaged ({told}) and was removed; run the command again, "
        f"from another mirror if it happens twice"
    )


def _patiently(ask: Callable[[], HubListing]) -> HubListing:
    tries = 0
    while True:
        try:
            return ask()
        except HubFailure as failure:
            _wait(failure, tries)
            tries += 1


def _wait(failure: HubFailure, tries: int) -> None:
    """Pause before the next try; raises the failure where another try will not help."""
    if not failure.passing or tries >= len(PAUSES):
        raise failure
    time.sleep(PAUSES[tries])


def _remove_old_parts(folder: Path) -> None:
    for part in folder.rglob(f"*{PART}"):
        part.unlink(missing_ok=True)


def _not_reached(failure: HubFailure, known: KnownModel, folder: Path) -> str:
    page = f"{DEFAULT_HUB}/{known.repository}"
    if failure.refused:
        terms = f"accept its terms at {page}, make a token that may read there" if known.gated else f"see {page}"
        return f"{known.name}: {failure}; {terms}, and give it as HF_TOKEN or with --token-file"
    return (
        f"{known.name} cannot be downloaded: {failure}. What is here is kept: run the command again to go on, with "
        f"--mirror or HTTPS_PROXY where the hub is barred. Or on a machine with internet get "
        f"{', '.join(_to_copy(known))} from {page}/tree/{known.revision} and copy them to {folder}/"
    )


def _to_copy(known: KnownModel) -> Iterator[str]:
    yield from (names.replace("|", " or ") for names in known.files)
    yield from (f"{name} (if there is one)" for name in known.optional)


def _not_written(error: OSError, known: KnownModel, folder: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk of {folder} is full; make room and run the command again: it goes on where it stopped"
    return f"{known.name} cannot be written to {folder}: {error.strerror or error}; is the folder yours to write?"
