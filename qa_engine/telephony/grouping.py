"""Rows of one call brought together, in whatever order a file has them, without the file in memory.

Few rows are grouped in memory. More of them go to a private folder of temporary files, cut by a hash of their key, and
each of these is grouped alone: memory holds some thousands of rows, not the file.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar
from zlib import crc32

__all__ = ["MOST_IN_MEMORY", "grouped"]

MOST_IN_MEMORY = 20_000  # rows; about 50 MB of a table with 20 columns
NUM_PARTS = 256  # a file of 2 GB gives parts of 8 MB

T = TypeVar("T")


def grouped(rows: Iterable[T], key: Callable[[T], str], *, most_in_memory: int = MOST_IN_MEMORY) -> Iterator[list[T]]:
    """The rows that share a key, each group once and in the order of the file; the groups come in any order."""
    rows = iter(rows)
    first = list(islice(rows, most_in_memory + 1))
    if len(first) <= most_in_memory:
        yield from _in_memory(first, key)
        return
    with tempfile.TemporaryDirectory(prefix="qa-engine-records-") as folder:  # readable by this user alone
        parts = [Path(folder) / f"{i:03}" for i in range(NUM_PARTS)]
        rows = chain(first, rows)
        first = []
        while batch := list(islice(rows, most_in_memory)):
            _append(batch, key, parts)
        for part in parts:
            yield from _in_memory(_load(part), key)
            part.unlink(missing_ok=True)


def _in_memory(rows: Iterable[T], key: Callable[[T], str]) -> Iterator[list[T]]:
    groups: dict[str, list[T]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    yield from groups.values()


def _append(batch: list[T], key: Callable[[T], str], parts: list[Path]) -> None:
    shares: list[list[T]] = [[] for _ in parts]
    for row in batch:
        shares[crc32(key(row).encode("utf-8", "surrogatepass")) % len(parts)].append(row)
    for part, share in zip(parts, shares, strict=True):
        if share:
            with part.open("ab") as file:
                pickle.dump(share, file, pickle.HIGHEST_PROTOCOL)


def _load(part: Path) -> Iterator[T]:
    if not part.exists():
        return
    with part.open("rb") as file:
        while True:
            try:
                rows = pickle.load(file)
            except EOFError:
                return
            yield from rows
