"""The customer does not wait long.

Compares one of the call's times with a limit: `measure` names it, `at_most` or `at_least` says what is wanted,
`zero_at` (optional) from where there are no points at all, with a straight line between. What could not be measured
is `not_measured` with the reason, never 0; where the uncertainty of a figure straddles the limit a person decides.
How long an outbound call rings is up to the customer, so there `ring_seconds` and `rings` are `not_applicable`.

Measures: `ring_seconds`, `rings` (before the answer); `hold_longest`, `hold_total` (seconds on hold), `holds` (how
many); `transfers` (how many), `transfer_hold` (longest wait during a transfer, seconds).

Why it matters: customers forgive a long answer sooner than a long wait.

    check: timing
    measure: ring_seconds
    at_most: 15        # three rings of 5 seconds
    zero_at: 30
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from msgspec import Meta

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.evaluation import Evidence, EvidenceKind, Verdict
from qa_engine.domain.timings import Comparison, Hold, Ringing
from qa_engine.language.whys import say_why
from qa_engine.rules.check import Check, Outcome, Question
from qa_engine.rules.measure import Measurement, amount, event, judge_measurement, limit_problems

__all__ = ["CHECK", "Options"]

HOLD_UNCERTAINTY: Final = 0.5
"""Seconds by which the length of a hold may be off: both of its borders are found to a quarter of a second."""

RECORD_UNCERTAINTY: Final = 1.0
"""Seconds by which a phone system's figure may be off: its clock steps in whole seconds (TELEPHONY 3.1)."""

Measure = Literal["ring_seconds", "rings", "hold_longest", "hold_total", "holds", "transfers", "transfer_hold"]


@dataclass(frozen=True, slots=True)
class Options:
    """What is measured, and its limits in seconds or counts."""

    measure: Annotated[Measure, Meta(description="which time of the call")]
    at_most: Annotated[float, Meta(ge=0, description="full points up to this")] | None = None
    at_least: Annotated[float, Meta(ge=0, description="full points from this on")] | None = None
    zero_at: Annotated[float, Meta(ge=0, description="no points from this on, a straight line before")] | None = None


def needs(options: Options) -> Iterator[tuple[str, str]]:
    """Limits that make sense."""
    return limit_problems(options)


def judge(question: Question) -> Outcome:
    """Takes the measure and compares."""
    options: Options = question.criterion.options
    return judge_measurement(question, _MEASURES[options.measure](question), options)


def _ring_seconds(question: Question) -> Measurement:
    ringing = question.call.timings.ringing
    if question.call.identity.direction is Direction.OUTBOUND:
        return _ringing_of_the_customer(question)
    if not ringing.measured or ringing.seconds is None:
        return _no_ringing(question, ringing)
    remark = "" if ringing.rings is None else question.say("rings_remark", rings=ringing.rings)
    return _of_ringing(question, ringing, ringing.seconds, "seconds", ringing.uncertainty or 0.0, remark)


def _rings(question: Question) -> Measurement:
    ringing = question.call.timings.ringing
    if question.call.identity.direction is Direction.OUTBOUND:
        return _ringing_of_the_customer(question)
    if not ringing.measured or ringing.rings is None:
        return _no_ringing(question, ringing)
    return _of_ringing(question, ringing, float(ringing.rings), "times", 0.0, "")


def _of_ringing(
    question: Question, ringing: Ringing, value: float, unit: str, uncertainty: float, remark: str
) -> Measurement:
    start, end = ringing.start, ringing.end
    cited = () if start is None or end is None else (event(question, "event_ringing", start, end),)
    if "records" in ringing.source:
        cited = (*cited, *_record(question, "ring_seconds"))
    return Measurement(value, unit, uncertainty, ringing.source or "audio", cited, remark=remark)


def _no_ringing(question: Question, ringing: Ringing) -> Measurement:
    return Measurement(
        None, "seconds", missing=say_why(ringing.why, question.scorecard.language) or question.say("no_ringing")
    )


def _ringing_of_the_customer(question: Question) -> Measurement:
    said = question.say("other_direction", direction=question.say(f"direction_{Direction.OUTBOUND.value}"))
    return Measurement(None, "seconds", missing=said, verdict=Verdict.NOT_APPLICABLE)


def _hold_seconds(question: Question, holds: tuple[Hold, ...], value: float, unit: str = "seconds") -> Measurement:
    if not question.call.timings.holds_measured and not holds:
        return Measurement(None, unit, missing=question.say("holds_unknown"))
    cited = tuple(event(question, f"event_hold_{hold.kind.value}", hold.start, hold.end) for hold in holds)
    sources = {hold.source for hold in holds} or {"audio"}
    uncertainty = HOLD_UNCERTAINTY if holds and unit == "seconds" else 0.0
    return Measurement(value, unit, uncertainty, "+".join(sorted(sources)), cited)


def _hold_longest(question: Question) -> Measurement:
    holds = question.call.timings.holds
    longest = max(holds, key=lambda hold: hold.seconds, default=None)
    return _hold_seconds(question, () if longest is None else (longest,), longest.seconds if longest else 0.0)


def _hold_total(question: Question) -> Measurement:
    holds, told = question.call.timings.holds, _told(question, "hold_seconds")
    if told is not None:
        return Measurement(told, "seconds", RECORD_UNCERTAINTY, "records", _record(question, "hold_seconds"))
    return _hold_seconds(question, holds, sum(hold.seconds for hold in holds))


def _holds(question: Question) -> Measurement:
    holds = question.call.timings.holds
    return _hold_seconds(question, holds, float(len(holds)), "times")


def _transfers(question: Question) -> Measurement:
    timings = question.call.timings
    told = _told(question, "transfers")
    if told is not None:
        return Measurement(told, "times", 0.0, "records", _record(question, "transfers"))
    if not timings.transfers and not timings.holds_measured:
        return Measurement(None, "times", missing=question.say("transfers_unknown"))
    cited = tuple(event(question, "event_transfer", transfer.at, transfer.at) for transfer in timings.transfers)
    sources = {transfer.source for transfer in timings.transfers} or {"audio"}
    return Measurement(float(len(timings.transfers)), "times", 0.0, "+".join(sorted(sources)), cited)


def _told(question: Question, measure: str) -> float | None:
    """The phone system's figure of a measure where it is the one that counts."""
    compared = _compared(question, measure)
    return compared.records if compared and compared.counts == "records" else None


def _compared(question: Question, measure: str) -> Comparison | None:
    recorded = question.call.timings.recorded
    return next((each for each in recorded.comparisons if each.measure == measure), None) if recorded else None


def _record(question: Question, measure: str) -> tuple[Evidence, ...]:
    """The phone system's record as evidence: what it says of the measure."""
    recorded, compared = question.call.timings.recorded, _compared(question, measure)
    if recorded is None or compared is None or compared.records is None:
        return ()
    at = question.call.timings.answered_at or 0.0
    figure = amount(question, compared.records, "times" if measure == "transfers" else "seconds")
    note = question.say("event_record", system=recorded.system, figure=figure)
    return (Evidence(EvidenceKind.EVENT, "", at, at, note=note),)


def _transfer_hold(question: Question) -> Measurement:
    timings = question.call.timings
    holds = tuple(hold for hold in timings.holds if hold.during_transfer)
    if not holds and timings.holds_measured:
        why = "transfer_without_hold" if timings.transfers else "no_transfer"
        return Measurement(None, "seconds", missing=question.say(why), verdict=Verdict.NOT_APPLICABLE)
    longest = max((hold.seconds for hold in holds), default=0.0)
    return _hold_seconds(question, tuple(hold for hold in holds if hold.seconds == longest), longest)


_MEASURES: Final[Mapping[str, Callable[[Question], Measurement]]] = {
    "ring_seconds": _ring_seconds,
    "rings": _rings,
    "hold_longest": _hold_longest,
    "hold_total": _hold_total,
    "holds": _holds,
    "transfers": _transfers,
    "transfer_hold": _transfer_hold,
}

CHECK: Final = Check("timing", Options, judge, __doc__ or "", needs=needs, by_words=False)
