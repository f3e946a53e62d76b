"""Rates and means with how sure they are; no figure of a report goes without its number of calls."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "Difference",
    "Mean",
    "Rate",
    "difference_of_means",
    "difference_of_rates",
    "mean_of",
    "rate_of",
    "wilson_interval",
]

Z_95 = 1.959964
"""Two-sided 95 % point of the normal distribution."""

_T_95 = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
"""Two-sided 95 % points of Student's t for 1 to 30 degrees of freedom (NIST/SEMATECH handbook, table 1.3.6.7.2)."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`num_pass` of `num_judged`; `percent` 0..100 with its 95 % interval; all None where nothing was judged."""

    num_pass: int
    num_judged: int
    percent: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `num` values with its 95 % interval; `low` and `high` None where the values are too few or all equal.

    `lowest` and `highest` are the extremes of the values, `deviation` is their standard deviation (None below two);
    everything is None for no values.
    """

    num: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    lowest: float | None = None
    highest: float | None = None
    deviation: float | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """How much a figure changed, now minus before, with its 95 % interval; None where it cannot be said."""

    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_clear(self) -> bool:
        """Whether it is more than the chance of which calls were checked: 0 is outside the interval."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def rate_of(num_pass: int, num_judged: int) -> Rate:
    """The share of passes in percent with its Wilson interval."""
    if not num_judged:
        return Rate(0, 0)
    low, high = wilson_interval(num_pass, num_judged)
    return Rate(num_pass, num_judged, 100 * num_pass / num_judged, 100 * low, 100 * high)


def wilson_interval(num_pass: int, num_judged: int) -> tuple[float, float]:
    """The 95 % score interval of a share, 0..1 (Wilson 1927; for few trials: Brown, Cai, DasGupta 2001)."""
    share, z_squared = num_pass / num_judged, Z_95**2
    scale = 1 + z_squared / num_judged
    middle = (share + z_squared / (2 * num_judged)) / scale
    spread = Z_95 * math.sqrt(share * (1 - share) / num_judged + z_squared / (4 * num_judged**2)) / scale
    return max(0.0, middle - spread), min(1.0, middle + spread)


def mean_of(values: Sequence[float], *, least: float = 0.0, most: float = math.inf) -> Mean:
    """The mean with its Student interval, cut to what is possible at all (`least`..`most`)."""
    num = len(values)
    if not num:
        return Mean(0)
    value = math.fsum(values) / num
    deviation = math.sqrt(math.fsum((one - value) ** 2 for one in values) / (num - 1)) if num > 1 else None
    margin = None if deviation is None or num < 3 or min(values) == max(values) else _margin(deviation, num)
    low, high = (None, None) if margin is None else (max(least, value - margin), min(most, value + margin))
    return Mean(num, value, low, high, min(values), max(values), deviation)


def difference_of_rates(now: Rate, before: Rate) -> Difference:
    """The change in percentage points, with the interval of Newcombe (1998, method 10), which holds for few calls."""
    if now.percent is None or before.percent is None:
        return Difference()
    value = now.percent - before.percent
    return Difference(
        value,
        value - math.hypot(now.percent - (now.low or 0.0), (before.high or 0.0) - before.percent),
        value + math.hypot((now.high or 0.0) - now.percent, before.percent - (before.low or 0.0)),
    )


def difference_of_means(now: Mean, before: Mean) -> Difference:
    """The change of a mean with Welch's interval (1947); no interval below three values on either side."""
    if now.value is None or before.value is None:
        return Difference()
    value = now.value - before.value
    if min(now.num, before.num) < 3 or now.deviation is None or before.deviation is None:
        return Difference(value)
    parts = (now.deviation**2 / now.num, before.deviation**2 / before.num)
    if not sum(parts):
        return Difference(value)
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (now.num - 1) + parts[1] ** 2 / (before.num - 1))
    margin = _quantile(int(freedom)) * math.sqrt(sum(parts))
    return Difference(value, value - margin, value + margin)


def _margin(deviation: float, num: int) -> float:
    return _quantile(num - 1) * deviation / math.sqrt(num)


def _quantile(freedom: int) -> float:
    return _T_95[freedom - 1] if freedom <= len(_T_95) else Z_95
