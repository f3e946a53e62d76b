"""A measured figure against a limit: full points inside it, none beyond, a straight line down to `zero_at` if given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from qa_engine.domain.evaluation import Evidence, EvidenceKind, Verdict
from qa_engine.rules.check import Outcome, Question, outcome_of_share
from qa_engine.rules.messages import clock, number

__all__ = ["Limits", "Measurement", "amount", "event", "judge_measurement", "limit_problems"]


class Limits(Protocol):
    """The part of a check's options that says what is wanted."""

    @property
    def at_most(self) -> float | None:
        """The largest figure with full points."""

    @property
    def at_least(self) -> float | None:
        """The smallest figure with full points."""

    @property
    def zero_at(self) -> float | None:
        """The figure from which there are no points."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A figure of a call, ± `uncertainty`, in `unit` (a key of the messages: ``seconds``, ``times``, ``percent``).

    `value` None: `missing` tells why, and `verdict` whether it could not be measured or there was nothing to measure.
    """

    value: float | None
    unit: str
    uncertainty: float = 0.0
    source: str = "audio"
    evidence: tuple[Evidence, ...] = ()
    missing: str = ""
    verdict: Verdict = Verdict.NOT_MEASURED
    remark: str = ""


def limit_problems(options: Limits) -> Iterator[tuple[str, str]]:
    """What is wrong with a set of limits, as (path, message)."""
    if options.at_most is None and options.at_least is None:
        yield "", "give a limit: at_most or at_least"
    elif options.at_most is not None and options.at_least is not None and options.at_least > options.at_most:
        yield "at_least", f"at_least ({number(options.at_least)}) is above at_most ({number(options.at_most)})"
    elif options.zero_at is not None:
        yield from _zero_problems(options.zero_at, options)


def _zero_problems(zero: float, options: Limits) -> Iterator[tuple[str, str]]:
    if options.at_most is not None and options.at_least is not None:
        yield "zero_at", "zero_at needs one limit: give at_most or at_least, not both"
    elif options.at_most is not None and zero <= options.at_most:
        yield "zero_at", f"zero_at must be above at_most ({number(options.at_most)}), found {number(zero)}"
    elif options.at_least is not None and zero >= options.at_least:
        yield "zero_at", f"zero_at must be below at_least ({number(options.at_least)}), found {number(zero)}"


def judge_measurement(question: Question, measured: Measurement, limits: Limits) -> Outcome:
    """The verdict on a figure; where its uncertainty straddles a limit, a person decides."""
    if measured.value is None:
        return Outcome(measured.verdict, measured.missing, measured.evidence, source=measured.source)
    shares = {_share(measured.value + shift, limits) for shift in (-measured.uncertainty, 0.0, measured.uncertainty)}
    share = _share(measured.value, limits)
    fields = {
        "value": amount(question, measured.value, measured.unit),
        "limit": _limit(question, limits, measured.unit),
    }
    if min(shares) < max(shares) and (min(shares) == 0.0 or max(shares) == 1.0):
        fields["uncertainty"] = amount(question, measured.uncertainty, measured.unit)
        return Outcome(Verdict.REVIEW, question.say("straddles", **fields), measured.evidence, source=measured.source)
    verdict = outcome_of_share(share)
    reason = question.say(f"measured_{verdict.value}", **fields)
    reason = f"{reason} {measured.remark}" if measured.remark else reason
    return Outcome(verdict, reason, measured.evidence, share, measured.source)


def _share(value: float, limits: Limits) -> float:
    below = _side(value, limits.at_most, limits.zero_at)
    above = _side(-value, _minus(limits.at_least), _minus(limits.zero_at))
    return min(below, above)


def _minus(value: float | None) -> float | None:
    return None if value is None else -value


def _side(value: float, limit: float | None, zero: float | None) -> float:
    """1 up to the limit, then a line down to 0 at `zero` (at once without one)."""
    if limit is None or value <= limit:
        return 1.0
    return 0.0 if zero is None or zero <= limit else max(0.0, (zero - value) / (zero - limit))


def amount(question: Question, value: float, unit: str) -> str:
    """A figure with its unit, in words."""
    if unit == "percent":
        return question.say("amount_percent", value=number(100 * value, 0))
    return question.say(f"amount_{unit}", value=number(value))


def _limit(question: Question, limits: Limits, unit: str) -> str:
    parts = []
    if limits.at_least is not None:
        parts.append(question.say("limit_at_least", value=amount(question, limits.at_least, unit)))
    if limits.at_most is not None:
        parts.append(question.say("limit_at_most", value=amount(question, limits.at_most, unit)))
    return ", ".join(parts)


def event(question: Question, key: str, start: float, end: float, **fields: object) -> Evidence:
    """Evidence for a sound or a record, told in words."""
    said = question.say(key, at=clock(start), seconds=number(end - start), **fields)
    return Evidence(EvidenceKind.EVENT, "", start, end, None, None, said)
