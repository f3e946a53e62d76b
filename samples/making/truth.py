"""What is true about each sample, from the one who wrote it: times, roles, and the verdicts a fair judge would give."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from making.composing import Composition, Ringing
from making.dialogue import Call, Day
from making.files import heard_text

__all__ = ["broken_truth", "recording_truth"]


def recording_truth(day: Day, call: Call, made: Composition, path: Path) -> dict[str, Any]:
    """The truth about one recording; seconds from its beginning."""
    return {
        **_about(day, call, path),
        "duration": made.duration,
        "channels": _channel_roles(call),
        "ringing": _ringing(made.ringing),
        "answered_at": _seconds(made.ringing.answered_at) if made.ringing else None,
        "starts_late": bool(call.starts_late),
        "turns": _turns(day, call, made),
        "holds": _holds(made),
        "transfers": [{"at": _seconds(placed.end), "announced": True} for placed in made.holds if placed.hold.transfer],
        "expected": call.expected,
        "error": None,
    }


def broken_truth(day: Day, call: Call, path: Path) -> dict[str, Any]:
    """The truth about a file that is not sound."""
    return {**_about(day, call, path), "duration": None, "error": {"kind": call.error}}


def _about(day: Day, call: Call, path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "file": call.file,
        "title": call.title,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "format": call.format,
        "manager": {"id": call.manager, "name": day.managers[call.manager].name},
        "customer": call.customer,
        "started_at": call.started_at,
        "direction": call.direction,
    }


def _channel_roles(call: Call) -> list[str]:
    roles = {"mono": ["both"], "manager-left": ["manager", "customer"], "manager-right": ["customer", "manager"]}
    return roles[call.channels]


def _ringing(ringing: Ringing | None) -> dict[str, Any] | None:
    if ringing is None:
        return None
    return {
        "start": _seconds(ringing.start),
        "end": _seconds(ringing.end),
        "rings": ringing.rings,
        "tone": ringing.tone,
        "answered_at": _seconds(ringing.answered_at),
    }


def _turns(day: Day, call: Call, made: Composition) -> list[dict[str, Any]]:
    names = {"m": day.managers[call.manager].name, "c": "customer"}
    if call.second:
        names["m2"] = day.managers[call.second].name
    return [
        {
            "role": "customer" if placed.line.speaker == "c" else "manager",
            "speaker": names[placed.line.speaker],
            "start": _seconds(placed.start),
            "end": _seconds(placed.end),
            "text": heard_text(call, placed),
        }
        for placed in made.lines
    ]


def _holds(made: Composition) -> list[dict[str, Any]]:
    return [
        {
            "kind": placed.hold.kind,
            "start": _seconds(placed.start),
            "end": _seconds(placed.end),
            "during_transfer": placed.hold.transfer,
        }
        for placed in made.holds
    ]


def _seconds(value: float) -> float:
    return round(value, 2)
