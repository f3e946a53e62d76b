"""Who called whom and when, as far as a file name, a transcript file or the phone system's records say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["CallIdentity", "Direction"]


class Direction(StrEnum):
    """Who called whom, seen from the company."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CallIdentity:
    """Outer facts of a call; "" or None where unknown.

    `manager` is a name or a phone extension, as the source gave it; `source` is ``file name``, ``transcript``, ...
    """

    manager: str = ""
    customer: str = ""
    started_at: datetime | None = None
    direction: Direction = Direction.UNKNOWN
    call_id: str = ""
    source: str = ""
