"""A question that only a person can answer.

The engine never answers it: every call comes back as `review` with the question, and counts in the score once a
reviewer has answered.

Why it matters: whether the facts were right and the matter was solved cannot be read from words alone.

    check: manual
    question: Were the facts about the product right and complete?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Meta

from qa_engine.domain.evaluation import BY_PERSON, Verdict
from qa_engine.rules.check import Check, Outcome, Question

__all__ = ["CHECK", "Options"]


@dataclass(frozen=True, slots=True)
class Options:
    """The question that is put to the reviewer."""

    question: Annotated[str, Meta(min_length=1, description="what the reviewer is asked")]


def judge(question: Question) -> Outcome:
    """Hands the question to a person."""
    options: Options = question.criterion.options
    return Outcome(Verdict.REVIEW, options.question, source=BY_PERSON)


CHECK: Final = Check("manual", Options, judge, __doc__ or "", by_words=False)
