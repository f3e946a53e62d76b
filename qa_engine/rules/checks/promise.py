"""The manager promises to come back to the customer.

Finds promises ("I'll call you back", "we will let you know") and lists them with their seconds. Whether a promise was
kept is not in this recording, so a call with one comes back as `review` for a person; a call without any is
`not_applicable`.

Why it matters: a forgotten call-back is the most common reason to lose a customer who had already decided to buy.

    check: promise
    any_of: ["i will call you back", "we will let you know"]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Meta

from qa_engine.domain.evaluation import Verdict
from qa_engine.rules.check import Check, Outcome, Question
from qa_engine.rules.messages import clock
from qa_engine.rules.unwanted import find_unwanted
from qa_engine.rules.wording import listed

__all__ = ["CHECK", "Options"]


@dataclass(frozen=True, slots=True)
class Options:
    """How a promise sounds."""

    any_of: Annotated[tuple[str, ...], Meta(min_length=1, description="words that promise a call-back or an answer")]


def phrases(options: Options) -> Iterator[tuple[str, str]]:
    """Every phrase with its path."""
    return listed("any_of", options.any_of)


def judge(question: Question) -> Outcome:
    """Lists the promises; "I did not promise to call back" is none."""
    options: Options = question.criterion.options
    found = find_unwanted(question, {"": options.any_of})
    if not found:
        return Outcome(Verdict.NOT_APPLICABLE, question.say("no_promise"))
    first = found[0].evidence
    reason = question.say("promise_made", quote=first.quote, at=clock(first.start), count=len(found))
    return Outcome(Verdict.REVIEW, reason, tuple(promise.evidence for promise in found))


CHECK: Final = Check("promise", Options, judge, __doc__ or "", phrases, by_words=False)
