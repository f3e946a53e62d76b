"""The conversation is balanced.

Compares one figure of the conversation with a limit, as `timing` does for waits. Measures: `talk_ratio` (the
manager's share of all speech, 0..1), `interruptions` (how often the manager cut the customer short), `overlap`
(seconds of both at once), `dead_air_longest`, `dead_air_total` (seconds of silence outside holds), `dead_air` (how
many such silences). A figure that a mono recording cannot give is `not_measured`.

Why it matters: a manager who interrupts or goes silent loses the customer, however right his words are.

    check: talk
    measure: interruptions
    at_most: 1
    zero_at: 4
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from msgspec import Meta

from qa_engine.domain.timings import Beginning, Talk
from qa_engine.rules.check import Check, Outcome, Question
from qa_engine.rules.measure import Measurement, event, judge_measurement, limit_problems

__all__ = ["CHECK", "Options"]

DEAD_AIR_UNCERTAINTY: Final = 0.3
"""Seconds by which a silence may be off: voice activity keeps 0.1-0.2 s around speech at either side."""

Measure = Literal["talk_ratio", "interruptions", "overlap", "dead_air_longest", "dead_air_total", "dead_air"]


@dataclass(frozen=True, slots=True)
class Options:
    """What is measured, and its limits in seconds, counts or shares."""

    measure: Annotated[Measure, Meta(description="which figure of the conversation")]
    at_most: Annotated[float, Meta(ge=0, description="full points up to this")] | None = None
    at_least: Annotated[float, Meta(ge=0, description="full points from this on")] | None = None
    zero_at: Annotated[float, Meta(ge=0, description="no points from this on, a straight line before")] | None = None


def needs(options: Options) -> Iterator[tuple[str, str]]:
    """Limits that make sense."""
    yield from limit_problems(options)
    if options.measure == "talk_ratio":
        for name in ("at_most", "at_least", "zero_at"):
            limit = getattr(options, name)
            if limit is not None and limit > 1:
                yield name, f"talk_ratio is a share between 0 and 1 (0.6 is 60 %), found {limit:g}"


def judge(question: Question) -> Outcome:
    """Takes the measure and compares."""
    options: Options = question.criterion.options
    return judge_measurement(question, _MEASURES[options.measure](question), options)


def _talk_ratio(question: Question) -> Measurement:
    talk = question.call.timings.talk
    if talk is None or talk.manager + talk.customer <= 0:
        return Measurement(None, "percent", missing=question.say("talk_unknown"))
    return Measurement(talk.manager / (talk.manager + talk.customer), "percent", source=talk.source)


def _interruptions(question: Question) -> Measurement:
    counted = question.call.timings.interruptions
    if counted is None or not counted.measured:
        return Measurement(None, "times", missing=question.say("interruptions_unknown"))
    return Measurement(float(counted.by_manager), "times")


def _overlap(question: Question) -> Measurement:
    talk: Talk | None = question.call.timings.talk
    if talk is None or talk.estimate:
        return Measurement(None, "seconds", missing=question.say("overlap_unknown"))
    return Measurement(talk.overlap, "seconds", DEAD_AIR_UNCERTAINTY if talk.overlap else 0.0, talk.source)


def _dead_air(question: Question, value: float, unit: str, uncertainty: float) -> Measurement:
    timings = question.call.timings
    if timings.beginning is Beginning.UNKNOWN and question.call.events is None and not timings.dead_air:
        return Measurement(None, unit, missing=question.say("dead_air_unknown"))
    cited = tuple(event(question, "event_dead_air", span.start, span.end) for span in timings.dead_air)
    return Measurement(value, unit, uncertainty if cited else 0.0, evidence=cited)


def _dead_air_longest(question: Question) -> Measurement:
    longest = max((span.duration for span in question.call.timings.dead_air), default=0.0)
    return _dead_air(question, longest, "seconds", DEAD_AIR_UNCERTAINTY)


def _dead_air_total(question: Question) -> Measurement:
    total = sum(span.duration for span in question.call.timings.dead_air)
    return _dead_air(question, total, "seconds", DEAD_AIR_UNCERTAINTY)


def _num_dead_air(question: Question) -> Measurement:
    return _dead_air(question, float(len(question.call.timings.dead_air)), "times", 0.0)


_MEASURES: Final[Mapping[str, Callable[[Question], Measurement]]] = {
    "talk_ratio": _talk_ratio,
    "interruptions": _interruptions,
    "overlap": _overlap,
    "dead_air_longest": _dead_air_longest,
    "dead_air_total": _dead_air_total,
    "dead_air": _num_dead_air,
}

CHECK: Final = Check("talk", Options, judge, __doc__ or "", needs=needs, by_words=False)
