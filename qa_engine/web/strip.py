"""A call drawn as a strip of time: who speaks when, and the waits; positions are in thousandths of the call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa_engine.domain.call import Call
from qa_engine.domain.transcript import Role

__all__ = ["Mark", "Strip", "draw_strip"]

WIDTH = 1000.0
THINNEST = 2.0  # of WIDTH: a word in an hour is still seen


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a lane; `kind` names its look: ``manager``, ``ringing``, ``hold``, ``dead_air``, ``transfer`` ..."""

    kind: str
    start: float
    end: float
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Strip:
    """The lanes of a call of `duration` seconds."""

    duration: float
    manager: tuple[Mark, ...]
    customer: tuple[Mark, ...]
    waits: tuple[Mark, ...]


def draw_strip(call: Call) -> Strip:
    """The strip of a call; words of machines and of unknown parties stand in the lane of the waits.

    Both managers stand in one lane, in different colours.
    """
    duration = max(call.duration, *(turn.end for turn in call.turns), 0.001)
    lanes: dict[Role, list[Mark]] = {role: [] for role in Role}
    for turn in call.turns:
        lanes[turn.role].append(_mark(str(turn.role), turn.start, turn.end, duration))
    waits = [_mark(kind, start, end, duration) for kind, start, end in _waits(call)]
    return Strip(
        duration,
        (*lanes[Role.MANAGER], *lanes[Role.SECOND_MANAGER]),
        tuple(lanes[Role.CUSTOMER]),
        (*lanes[Role.IVR], *lanes[Role.UNKNOWN], *waits),
    )


def _waits(call: Call) -> Iterator[tuple[str, float, float]]:
    timings = call.timings
    ringing = timings.ringing
    if ringing.measured and ringing.start is not None and ringing.end is not None:
        yield "ringing", ringing.start, ringing.end
    for hold in timings.holds:
        yield "hold", hold.start, hold.end
    for air in timings.dead_air:
        yield "dead_air", air.start, air.end
    for transfer in timings.transfers:
        yield "transfer", transfer.at, transfer.at


def _mark(kind: str, start: float, end: float, duration: float) -> Mark:
    left = min(max(start / duration * WIDTH, 0.0), WIDTH - THINNEST)
    width = min(max((end - start) / duration * WIDTH, THINNEST), WIDTH - left)
    return Mark(kind, start, end, round(left, 2), round(width, 2))
