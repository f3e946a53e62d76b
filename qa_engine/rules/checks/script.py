"""The steps of a script are followed.

Each step has a `title` and phrases of which one must be said (`any_of`). Points are given per step (`points`, 1
unless said), so part of the steps earns part of the weight. With ``ordered: true`` a step said out of its order earns
half; the report names what was skipped and what came out of order. An `optional` step earns nothing and costs
nothing. `place` limits a step to the seconds just before or just after every hold (``before_hold``, ``after_hold``);
after a hold from which another manager took the call nothing is asked of the first one.

Why it matters: a script is the experience of a company's best calls; what is skipped is usually what goes wrong later.

    check: script
    ordered: true
    steps:
      - {title: find out the need, any_of: ["what would you like", "which one do you need"]}
      - {title: confirm the details, points: 2, any_of: ["let me repeat", "so that is"]}
      - {title: say what happens next, any_of: ["you will receive", "will be delivered"]}
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from msgspec import Meta

from qa_engine.domain.evaluation import Evidence, Verdict
from qa_engine.domain.spans import Span
from qa_engine.rules.call_view import Place
from qa_engine.rules.check import Check, Outcome, Question, outcome_of_share
from qa_engine.rules.presence import Finding, Presence, look_for, look_in
from qa_engine.rules.traces import mangled_phrase
from qa_engine.rules.wording import any_of, listed

__all__ = ["CHECK", "OUT_OF_ORDER_SHARE", "Options", "Step"]

OUT_OF_ORDER_SHARE: Final = 0.5
"""Share of a step's points for a step said out of its order: it was done, but not as asked."""

HOLD_REACH: Final = 15.0
"""Seconds before and after a hold in which words belong to it: two or three sentences."""

HOLD_OVERLAP: Final = 2.0
"""Seconds into a hold, from either side, where its border may have been put late or early."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: any of the phrases shows it."""

    title: Annotated[str, Meta(min_length=1, description="what the report calls it")]
    any_of: Annotated[tuple[str, ...], Meta(min_length=1, description="one of these must be said")]
    points: Annotated[float, Meta(gt=0, description="its points among those of all steps")] = 1
    optional: Annotated[bool, Meta(description="neither earns nor costs points")] = False
    place: Annotated[
        Literal["anywhere", "before_hold", "after_hold"], Meta(description="where in the call it belongs")
    ] = "anywhere"


@dataclass(frozen=True, slots=True)
class Options:
    """The steps, in their order."""

    steps: Annotated[tuple[Step, ...], Meta(min_length=1, description="the steps of the script")]
    ordered: Annotated[bool, Meta(description="whether the order of the steps matters")] = False


@dataclass(frozen=True, slots=True)
class _Done:
    """A step with what was found, and whether it came in its order."""

    step: Step
    finding: Finding
    in_order: bool = True

    @property
    def points(self) -> float:
        """Points earned."""
        if self.finding.presence is not Presence.FOUND:
            return 0.0
        return self.step.points * (1.0 if self.in_order else OUT_OF_ORDER_SHARE)


def phrases(options: Options) -> Iterator[tuple[str, str]]:
    """Every phrase with its path."""
    for index, step in enumerate(options.steps):
        yield from listed(f"steps[{index}].any_of", step.any_of)


def needs(options: Options) -> Iterator[tuple[str, str]]:
    """A step that counts."""
    if all(step.optional for step in options.steps):
        yield "steps", "all steps are optional, so there is nothing to judge; leave one of them required"


def judge(question: Question) -> Outcome:
    """Finds every step, then its order, then adds up the points."""
    options: Options = question.criterion.options
    steps = [step for step in options.steps if step.place != "after_hold" or not _handed_over(question)]
    if not steps:
        return Outcome(Verdict.NOT_APPLICABLE, question.say("handed_over_in_hold"))
    findings = [_find(question, step) for step in steps]
    order = _in_order(findings) if options.ordered else frozenset(range(len(findings)))
    done = [
        _Done(step, finding, index in order) for index, (step, finding) in enumerate(zip(steps, findings, strict=True))
    ]
    required = [item for item in done if not item.step.optional]
    unsure = [item for item in required if item.finding.presence is Presence.UNSURE]
    if unsure:
        reason = question.say("step_unsure", step=unsure[0].step.title, doubt=unsure[0].finding.doubt)
        return Outcome(Verdict.REVIEW, reason, _evidence(done))
    share = sum(item.points for item in required) / sum(item.step.points for item in required)
    return Outcome(outcome_of_share(share), _reason(question, done, required), _evidence(done), share)


def _find(question: Question, step: Step) -> Finding:
    search = any_of(step.any_of, question.scorecard.language)

    def suspect(place: Place) -> tuple[Evidence, str] | None:
        return mangled_phrase(question, place, step.any_of)

    if step.place == "anywhere":
        return look_for(question, search, suspect=suspect)
    findings = [
        look_in(question, search, question.view.between(question.criterion.said_by, span), suspect=suspect)
        for span in _around_holds(question, before=step.place == "before_hold")
    ]
    if not findings:
        return Finding(Presence.UNSURE, (), question.say("no_hold"))
    return min(findings, key=lambda finding: [Presence.ABSENT, Presence.UNSURE, Presence.FOUND].index(finding.presence))


def _handed_over(question: Question) -> bool:
    """Whether from every hold somebody else took the call."""
    holds = question.call.timings.holds
    return bool(holds) and all(hold.during_transfer for hold in holds)


def _around_holds(question: Question, *, before: bool) -> list[Span]:
    spans = []
    for hold in question.call.timings.holds:
        if hold.during_transfer and not before:
            continue
        start, end = (
            (hold.start - HOLD_REACH, hold.start + HOLD_OVERLAP)
            if before
            else (hold.end - HOLD_OVERLAP, hold.end + HOLD_REACH)
        )
        spans.append(Span(max(0.0, start), max(0.0, end)))
    return spans


def _in_order(findings: Sequence[Finding]) -> frozenset[int]:
    """The largest set of steps whose words can be taken in rising order; the others came out of order."""
    chains: list[tuple[int, frozenset[int]]] = []  # last word of the chain, steps in it
    for index, finding in enumerate(findings):
        grown = [
            (hit.first_word, steps | {index})
            for hit in finding.hits
            for last, steps in [(-1, frozenset[int]()), *chains]
            if last < hit.first_word
        ]
        chains = _best(chains + grown)
    return max(
        (steps for _, steps in chains), key=lambda steps: (len(steps), sorted(steps, reverse=True)), default=frozenset()
    )


def _best(chains: list[tuple[int, frozenset[int]]]) -> list[tuple[int, frozenset[int]]]:
    """Of chains of one length, the one that ends first: the others cannot grow further than it can."""
    best: dict[int, tuple[int, frozenset[int]]] = {}
    for chain in chains:
        kept = best.get(len(chain[1]))
        if kept is None or chain[0] < kept[0]:
            best[len(chain[1])] = chain
    return list(best.values())


def _evidence(done: Sequence[_Done]) -> tuple[Evidence, ...]:
    cited: list[Evidence] = []
    for item in done:
        few = item.finding.evidence[:1] if item.finding.presence is Presence.FOUND else item.finding.evidence
        cited += [_noted(evidence, item.step.title) for evidence in few]
    return tuple(cited)


def _noted(evidence: Evidence, title: str) -> Evidence:
    note = f"{title}: {evidence.note}" if evidence.note else title
    return Evidence(
        evidence.kind, evidence.quote, evidence.start, evidence.end, evidence.role, evidence.similarity, note
    )


def _reason(question: Question, done: Sequence[_Done], required: Sequence[_Done]) -> str:
    found = [item for item in required if item.finding.presence is Presence.FOUND]
    skipped = [item.step.title for item in required if item.finding.presence is not Presence.FOUND]
    late = [item.step.title for item in done if item.finding.presence is Presence.FOUND and not item.in_order]
    parts = [question.say("steps_done", done=len(found), all=len(required))]
    if skipped:
        parts.append(question.say("steps_skipped", steps=", ".join(skipped)))
    if late:
        parts.append(question.say("steps_out_of_order", steps=", ".join(late)))
    return " ".join(parts)


CHECK: Final = Check("script", Options, judge, __doc__ or "", phrases, needs)
