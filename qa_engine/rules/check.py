"""What a check is: a name, its options, the phrases in them, and a function that judges one call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from qa_engine.domain.call import Call
from qa_engine.domain.evaluation import Evidence, Verdict
from qa_engine.domain.scorecard import Criterion, Scorecard
from qa_engine.rules.call_view import CallView
from qa_engine.rules.messages import CATALOGUE

__all__ = ["Check", "Outcome", "Question", "no_phrases", "outcome_of_share"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check answers; `share` (0..1) only for `partial`, otherwise it follows from the verdict."""

    verdict: Verdict
    reason: str
    evidence: tuple[Evidence, ...] = ()
    share: float | None = None
    source: str = "words"


@dataclass(frozen=True, slots=True)
class Question:
    """One criterion asked of one call: all that a check sees."""

    view: CallView
    criterion: Criterion
    scorecard: Scorecard

    @property
    def call(self) -> Call:
        """The call asked about."""
        return self.view.call

    def say(self, key: str, /, **fields: object) -> str:
        """A sentence in the language of the scorecard."""
        return CATALOGUE.say(self.scorecard.language, key, **fields)


def no_phrases(_: Any) -> Iterator[tuple[str, str]]:
    """For checks whose options hold no phrases."""
    return iter(())


@dataclass(frozen=True, slots=True)
class Check:
    """A check as the registry lists it.

    `options` is its frozen dataclass; `judge` answers a Question; `phrases` gives (path inside the options, phrase) of
    every phrase in the options; `needs` tells what is missing in the options as (path, message), for what a type cannot
    say; `manual` is the page for people; `by_words`: one sentence can show it, so `examples` can be run.
    """

    name: str
    options: type
    judge: Callable[[Question], Outcome]
    manual: str
    phrases: Callable[[Any], Iterator[tuple[str, str]]] = no_phrases
    needs: Callable[[Any], Iterator[tuple[str, str]]] = field(default=no_phrases)
    by_words: bool = True


def outcome_of_share(share: float) -> Verdict:
    """The verdict that a share of the points (0..1) stands for."""
    if share >= 1.0:
        return Verdict.PASS
    return Verdict.PARTIAL if share > 0.0 else Verdict.FAIL
