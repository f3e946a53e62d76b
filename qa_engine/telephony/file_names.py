"""What a recording's file name says of the call: FreePBX, 3CX, or the user's own regular expression.

The patterns are those of the vendors' own naming code (FreePBX callrecording `functions.inc.php`) or of samples seen
in the field (3CX); the manager is the extension on the company's side of the call.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qa_engine.domain.call_identity import CallIdentity, Direction
from qa_engine.errors import SettingsError

__all__ = ["FileNames", "file_names"]

# FreePBX: <type>-<dest>-<from>-<YYYYMMDD>-<HHMMSS>-<uniqueid>.<ext>; the time is the entry of the call, not the answer.
FREEPBX = re.compile(
    r"^(?P<type>out|in|external|internal|exten|q|rg|parked|ondemand|force)-(?P<dest>[^-]*)-(?P<src>[^-]*)"
    r"-(?P<date>\d{8})-(?P<time>\d{6})-(?P<id>(?:.+-)?\d{9,11}\.\d+)$"
)
# 3CX: [Name]_<from>-<to>_<YYYYMMDDHHMMSS>(<id>)
THREE_CX = re.compile(r"^\[(?P<name>.*?)\]_(?P<src>[^-]*)-(?P<dest>[^_]*)_(?P<stamp>\d{14})\((?P<id>\d+)\)$")
GROUPS = frozenset({"manager", "customer", "started_at", "direction", "id"})
EXTENSION_DIGITS = 5  # an internal number has at most five digits; longer ones are outside numbers
STAMPS = {14: "%Y%m%d%H%M%S", 12: "%Y%m%d%H%M", 8: "%Y%m%d"}  # by the number of digits, whatever stands between

Reader = Callable[[str], CallIdentity | None]


@dataclass(frozen=True, slots=True)
class FileNames:
    """Reads call facts from file names, by the chosen convention."""

    readers: tuple[Reader, ...]

    def read(self, path: Path) -> CallIdentity:
        """What the name of `path` says; an empty identity where no convention fits."""
        for reader in self.readers:
            identity = reader(path.stem)
            if identity is not None:
                return identity
        return CallIdentity()


def file_names(convention: str) -> FileNames:
    """The convention by name: ``auto`` (each in turn), ``freepbx``, ``3cx``, or a regular expression.

    A regular expression needs at least one of the named groups manager, customer, started_at, direction, id.
    Raises SettingsError for a broken one.
    """
    known: dict[str, tuple[Reader, ...]] = {
        "auto": (_freepbx, _three_cx),
        "freepbx": (_freepbx,),
        "3cx": (_three_cx,),
    }
    if convention in known:
        return FileNames(known[convention])
    return FileNames((_own(convention),))


def _freepbx(stem: str) -> CallIdentity | None:
    found = FREEPBX.match(stem)
    if found is None:
        return None
    kind, dest, src = found["type"], found["dest"], found["src"]
    if kind == "out":
        manager, customer, direction = src, dest, Direction.OUTBOUND
    elif kind == "internal":
        manager, customer, direction = dest, src, Direction.INTERNAL
    else:  # external, in, q, rg, exten, ...: a queue or ring group names no person
        manager, customer, direction = (dest if kind not in ("q", "rg") else ""), src, Direction.INBOUND
    stamp = _stamp(f"{found['date']}{found['time']}")
    return CallIdentity(manager, customer, stamp, direction, found["id"], "file name")


def _three_cx(stem: str) -> CallIdentity | None:
    found = THREE_CX.match(stem)
    if found is None:
        return None
    src, dest = found["src"], found["dest"]
    outbound = len(src) <= EXTENSION_DIGITS < len(dest)
    manager, customer = (src, dest) if outbound else (dest, src)
    direction = Direction.OUTBOUND if outbound else Direction.INBOUND
    return CallIdentity(manager, customer, _stamp(found["stamp"]), direction, found["id"], "file name")


def _own(pattern: str) -> Reader:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise SettingsError(f"--file-names {pattern!r} is not a regular expression: {error}") from error
    names = GROUPS & set(compiled.groupindex)
    if not names:
        raise SettingsError(
            f"--file-names {pattern!r} has none of the named groups {', '.join(sorted(GROUPS))}; "
            r"write for example (?P<manager>\w+)_(?P<customer>\d+)"
        )

    def read(stem: str) -> CallIdentity | None:
        found = compiled.search(stem)
        return None if found is None else _from_groups({name: found[name] or "" for name in names})

    return read


def _from_groups(groups: dict[str, str]) -> CallIdentity:
    direction = groups.get("direction", "").lower()
    known = {"in": "inbound", "out": "outbound"}.get(direction, direction)
    return CallIdentity(
        groups.get("manager", ""),
        groups.get("customer", ""),
        _stamp(groups.get("started_at", "")),
        Direction(known) if known in set(Direction) else Direction.UNKNOWN,
        groups.get("id", ""),
        "file name",
    )


def _stamp(text: str) -> datetime | None:
    digits = re.sub(r"\D", "", text)
    layout = STAMPS.get(len(digits))
    if layout is None:
        return None
    try:
        return datetime.strptime(digits, layout)
    except ValueError:
        return None
