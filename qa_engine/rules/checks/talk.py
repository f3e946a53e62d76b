"""The conversation is balanced.

Compares one figure of the conversation with a limit, as `timing` does for waits. Measures: `talk_ratio` (the
manager's share of all speech, 0..1), `interruptions` (how often the manager cut the customer short), `overlap`
(seconds of both at once), `dead_air_longest`, `dead_air_total` (seconds of silence outside holds), `dead_air` (how
many such silences, of 5 seconds and more), `silence_share` (the share of the conversation in which nobody speaks,
0..1), `monologue_longest` (seconds the manager speaks while the customer only listens), `words_per_minute` (of the
manager's own speech, an estimate: what is within 5 % of a limit a person decides). A figure that a mono recording
cannot give is `not_measured`, and so is what needs both parties where only one was recorded. What happened after the
call was handed to another manager does not count. Where it is not sure who is who, a person decides.

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

from qa_engine.domain.evaluation import Verdict
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Beginning, Talk
from qa_engine.domain.transcript import Role
from qa_engine.rules.certainty import MIN_ROLE_CONFIDENCE
from qa_engine.rules.check import Check, Outcome, Question
from qa_engine.rules.heard import doubtful_share, is_one_party, is_speaker_doubtful
from qa_engine.rules.measure import Measurement, event, judge_measurement, limit_problems
from qa_engine.rules.messages import number

__all__ = ["CHECK", "Options"]

DEAD_AIR_UNCERTAINTY: Final = 0.3
"""Seconds by which a silence may be off: voice activity keeps 0.1-0.2 s around speech at either side."""

MONOLOGUE_UNCERTAINTY: Final = 0.5
"""Seconds by which a monologue may be off: voice activity at either end, and half a second more in a mix of both."""

PACE_UNCERTAINTY: Final = 0.05
"""Share by which a pace may be off: recognisers miss or put in 5-10 % of the words, in both directions."""

Measure = Literal[
    "talk_ratio",
    "interruptions",
    "overlap",
    "dead_air_longest",
    "dead_air_total",
    "dead_air",
    "silence_share",
    "monologue_longest",
    "words_per_minute",
]
ABOUT_THE_MANAGER: Final = ("talk_ratio", "interruptions", "monologue_longest", "words_per_minute")
SHARES: Final = ("talk_ratio", "silence_share")


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
    if options.measure in SHARES:
        for name in ("at_most", "at_least", "zero_at"):
            limit = getattr(options, name)
            if limit is not None and limit > 1:
                yield name, f"{options.measure} is a share between 0 and 1 (0.6 is 60 %), found {limit:g}"


def judge(question: Question) -> Outcome:
    """Takes the measure and compares."""
    options: Options = question.criterion.options
    if options.measure != "words_per_minute" and is_one_party(question.call):
        return Outcome(Verdict.NOT_MEASURED, question.say("one_party"))
    measured = _MEASURES[options.measure](question)
    doubt = _doubt(question, options.measure, measured)
    if measured.value is not None and doubt:
        return Outcome(Verdict.REVIEW, doubt, measured.evidence, source=measured.source)
    return judge_measurement(question, measured, options)


def _doubt(question: Question, measure: str, measured: Measurement) -> str:
    """Why the figure may be the other party's; "" where it is the manager's."""
    confidence = question.call.roles.confidence
    if measure in ABOUT_THE_MANAGER and confidence < MIN_ROLE_CONFIDENCE:
        return question.say("doubt_roles", confidence=number(100 * confidence, 0))
    cited = [Span(one.start, one.end) for one in measured.evidence] if measure == "monologue_longest" else []
    doubtful = [turn for turn in question.call.turns if is_speaker_doubtful(turn)]
    if any(turn.span.overlap(span) > 0 for turn in doubtful for span in cited):
        return question.say("doubt_speaker")
    return ""


def _talk_ratio(question: Question) -> Measurement:
    talk = question.call.timings.talk
    if talk is None or talk.ratio is None:
        return Measurement(None, "percent", missing=question.say("talk_unknown"))
    return Measurement(talk.ratio, "percent", doubtful_share(question.call), talk.source)


def _silence_share(question: Question) -> Measurement:
    talk = question.call.timings.talk
    if talk is None or talk.silence_share is None or _is_without_sound(question):
        return Measurement(None, "percent", missing=question.say("dead_air_unknown"))
    return Measurement(talk.silence_share, "percent", source=talk.source)


def _interruptions(question: Question) -> Measurement:
    counted = question.call.timings.interruptions
    if counted is None or not counted.measured:
        return Measurement(None, "times", missing=question.say("interruptions_unknown"))
    own = [
        moment for moment in counted.moments if moment.by is Role.MANAGER and _is_before_handover(question, moment.at)
    ]
    cited = tuple(event(question, "event_interruption", one.at, one.at + one.seconds) for one in own)
    value = len(own) if counted.moments else counted.by_manager  # calls stored by older versions: the number alone
    return Measurement(float(value), "times", evidence=cited)


def _overlap(question: Question) -> Measurement:
    talk: Talk | None = question.call.timings.talk
    if talk is None or talk.estimate:
        return Measurement(None, "seconds", missing=question.say("overlap_unknown"))
    return Measurement(talk.overlap, "seconds", DEAD_AIR_UNCERTAINTY if talk.overlap else 0.0, talk.source)


def _dead_air(question: Question, take: Callable[[list[float]], float], unit: str, uncertainty: float) -> Measurement:
    timings = question.call.timings
    if _is_without_sound(question):
        return Measurement(None, unit, missing=question.say("dead_air_unknown"))
    own = [span for span in timings.dead_air if _is_before_handover(question, span.start)]
    cited = tuple(event(question, "event_dead_air", span.start, span.end) for span in own)
    return Measurement(take([span.duration for span in own]), unit, uncertainty if cited else 0.0, evidence=cited)


def _dead_air_longest(question: Question) -> Measurement:
    return _dead_air(question, lambda lengths: max(lengths, default=0.0), "seconds", DEAD_AIR_UNCERTAINTY)


def _dead_air_total(question: Question) -> Measurement:
    return _dead_air(question, sum, "seconds", DEAD_AIR_UNCERTAINTY)


def _num_dead_air(question: Question) -> Measurement:
    return _dead_air(question, lambda lengths: float(len(lengths)), "times", 0.0)


def _monologue_longest(question: Question) -> Measurement:
    monologues = question.call.timings.monologues
    if monologues is None or monologues.manager is None:
        return Measurement(None, "seconds", missing=question.say("talk_unknown"))
    longest = monologues.manager
    uncertainty = MONOLOGUE_UNCERTAINTY * (2 if monologues.estimate else 1)
    cited = (event(question, "event_monologue", longest.start, longest.end),)
    return Measurement(longest.duration, "seconds", uncertainty, monologues.source, cited)


def _words_per_minute(question: Question) -> Measurement:
    pace = question.call.timings.pace
    if pace is None or pace.manager is None:
        return Measurement(None, "words_per_minute", missing=question.say("pace_unknown"))
    return Measurement(pace.manager, "words_per_minute", PACE_UNCERTAINTY * pace.manager, pace.source)


def _is_without_sound(question: Question) -> bool:
    return question.call.timings.beginning is Beginning.UNKNOWN and question.call.events is None


def _is_before_handover(question: Question, second: float) -> bool:
    """Whether the first manager still has the call."""
    handed_over = question.view.handed_over_at
    return handed_over is None or second < handed_over


_MEASURES: Final[Mapping[str, Callable[[Question], Measurement]]] = {
    "talk_ratio": _talk_ratio,
    "interruptions": _interruptions,
    "overlap": _overlap,
    "dead_air_longest": _dead_air_longest,
    "dead_air_total": _dead_air_total,
    "dead_air": _num_dead_air,
    "silence_share": _silence_share,
    "monologue_longest": _monologue_longest,
    "words_per_minute": _words_per_minute,
}

CHECK: Final = Check("talk", Options, judge, __doc__ or "", needs=needs, by_words=False)
