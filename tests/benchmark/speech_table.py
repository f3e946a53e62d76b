"""Rows of the speech benchmark: as text while it runs, as JSON for later."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Row", "as_json", "as_text", "share"]


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: the engine's value first, then what a user would pick instead; `unit` ``%`` shows shares as such.

    `n` counts cases, `of` says what; `interval` is the 95 % interval of the first value, None where there is none.
    """

    part: str
    what: str
    n: int
    of: str
    values: Mapping[str, float]
    unit: str = ""
    goal: str = ""
    interval: tuple[float, float] | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)


def share(value: float, unit: str) -> str:
    """A value in its unit: shares with one decimal, counts as they are."""
    if math.isnan(value):
        return "-"
    if unit == "%":
        return f"{100 * value:.1f} %"
    digits = 0 if value == int(value) and unit not in {"s", "x"} else 2
    return f"{value:.{digits}f} {unit}".rstrip()


def as_text(row: Row) -> str:
    """The row on one line."""
    found = [f"{name} {share(value, row.unit)}" for name, value in row.values.items()]
    if row.interval is not None:
        found[0] += " [" + "-".join(share(end, row.unit).removesuffix(" %") for end in row.interval) + "]"
    goal = f"goal {row.goal}" if row.goal else ""
    return f"{row.part:<12}{row.what:<58}{row.n:>6} {row.of:<8}{goal:<14}{' | '.join(found)}"


def as_json(row: Row) -> dict[str, Any]:
    """The row for a file; what is not a number becomes null."""
    told = asdict(row)
    told["values"] = {name: None if math.isnan(value) else value for name, value in row.values.items()}
    return told
