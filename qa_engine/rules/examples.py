"""Runs the examples that a scorecard carries for each criterion (`scorecard test`)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qa_engine.domain.call import Call, RoleAssignment
from qa_engine.domain.call_identity import CallIdentity
from qa_engine.domain.evaluation import CriterionResult, Verdict
from qa_engine.domain.hearing import Engines
from qa_engine.domain.scorecard import AppliesWhen, Criterion, Scorecard
from qa_engine.domain.timings import Beginning, Ringing, Timings
from qa_engine.domain.transcript import Role, Turn, Word
from qa_engine.language import get_language
from qa_engine.rules.call_view import CallView
from qa_engine.rules.evaluate import judge_criterion

__all__ = ["ExampleOutcome", "run_examples"]

_SECONDS_PER_WORD = 0.4  # 150 words a minute, unhurried speech


@dataclass(frozen=True, slots=True)
class ExampleOutcome:
    """One example: `must_pass` is what the scorecard says of it, `verdict` and `reason` what came out."""

    criterion: str
    text: str
    must_pass: bool
    verdict: Verdict
    reason: str

    @property
    def is_right(self) -> bool:
        """Whether the scorecard judges it as it says it should: `pass`, or anything but `pass`."""
        return (self.verdict is Verdict.PASS) == self.must_pass


def run_examples(scorecard: Scorecard) -> tuple[ExampleOutcome, ...]:
    """All examples of a scorecard, each as a call of its own.

    An example is one sentence of the speaker asked about, or several lines that begin with ``manager:`` or
    ``customer:``. Whether the criterion applies (`applies_when`) is left out: an example is there to show the words.
    """
    return tuple(
        _run(criterion, text, must_pass, scorecard)
        for criterion in scorecard.criteria
        for must_pass, texts in ((True, criterion.examples.passing), (False, criterion.examples.failing))
        for text in texts
    )


def _run(criterion: Criterion, text: str, must_pass: bool, scorecard: Scorecard) -> ExampleOutcome:
    view = CallView(_call(text, criterion.said_by, scorecard.language), get_language(scorecard.language))
    result: CriterionResult = judge_criterion(view, replace(criterion, applies_when=AppliesWhen()), scorecard)
    return ExampleOutcome(criterion.id, text, must_pass, result.verdict, result.reason)


def _call(text: str, said_by: Role, language: str) -> Call:
    turns = _turns(text, said_by)
    duration = turns[-1].end + 1.0 if turns else 1.0
    return Call(
        call_id="example",
        sha256="",
        path="",
        language=language,
        duration=duration,
        manager="",
        identity=CallIdentity(),
        turns=turns,
        events=None,
        timings=Timings(duration, Beginning.BEFORE_ANSWER, Ringing(measured=False), 0.0, holds_measured=False),
        roles=RoleAssignment(1.0, "example"),
        engines=Engines("example", "example"),
    )


def _turns(text: str, said_by: Role) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    clock = 0.0
    for line in text.splitlines():
        role, said = _role(line, said_by)
        words = []
        for word in said.split():
            words.append(Word(word, round(clock, 2), round(clock + _SECONDS_PER_WORD, 2)))
            clock += _SECONDS_PER_WORD
        if words:
            turns.append(Turn(role, words[0].start, words[-1].end, tuple(words)))
    return tuple(turns)


def _role(line: str, said_by: Role) -> tuple[Role, str]:
    name, colon, said = line.partition(":")
    if colon and name.strip() in (Role.MANAGER, Role.CUSTOMER, Role.SECOND_MANAGER):
        return Role(name.strip()), said
    return said_by, line
