"""Nothing is said that must never be said.

Looks for offending words by category: ready-made lexicons of the language, and phrases of one's own. Only the speaker
asked about is judged (the customer's rudeness is not the manager's). Denied words ("I'm not saying you are to blame")
and words quoted from the customer ("you said it was my fault") are no offences. A word that was not heard clearly
accuses nobody: the call comes back as `review` with the second to listen to.

Why it matters: one insult costs more than all the politeness of a month; usually `fatal: true`.

    check: forbidden
    fatal: true
    categories:
      insults: ["lexicon:offence_insult"]
      brushing off: ["lexicon:offence_brushing_off", "call somebody else"]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Meta

from qa_engine.domain.evaluation import Verdict
from qa_engine.rules.check import Check, Outcome, Question
from qa_engine.rules.heard import hear
from qa_engine.rules.messages import clock
from qa_engine.rules.presence import describe_search
from qa_engine.rules.unwanted import Offence, find_unwanted
from qa_engine.rules.wording import listed

__all__ = ["CHECK", "Options"]


@dataclass(frozen=True, slots=True)
class Options:
    """What is forbidden, by category; the category's name is shown in the report."""

    categories: Annotated[
        Mapping[str, tuple[str, ...]],
        Meta(min_length=1, description="name of the category -> phrases, or lexicon:NAME"),
    ]


def phrases(options: Options) -> Iterator[tuple[str, str]]:
    """Every phrase with its path."""
    for name, wordings in options.categories.items():
        yield from listed(f"categories.{name}", wordings)


def judge(question: Question) -> Outcome:
    """Lists the offences; with none, says what was listened to."""
    options: Options = question.criterion.options
    found = find_unwanted(question, options.categories)
    clear = [offence for offence in found if not offence.doubt]
    if clear:
        return Outcome(Verdict.FAIL, _name(question, "offence", clear), tuple(item.evidence for item in found))
    if found:
        reason = _name(question, "offence_doubtful", found) + " " + found[0].doubt
        return Outcome(Verdict.REVIEW, reason, tuple(item.evidence for item in found))
    return _nothing(question)


def _name(question: Question, key: str, offences: list[Offence] | tuple[Offence, ...]) -> str:
    first = offences[0].evidence
    return question.say(
        key, category=offences[0].category, quote=first.quote, at=clock(first.start), count=len(offences)
    )


def _nothing(question: Question) -> Outcome:
    place = question.view.place(question.criterion.said_by, question.criterion.within)
    searched = (describe_search(question, place),)
    if not place.num_words:
        return Outcome(Verdict.REVIEW, question.say("nothing_heard"), searched)
    if hear(question.view, place).words_uncertain:
        return Outcome(Verdict.REVIEW, question.say("too_uncertain_for_absence"), searched)
    return Outcome(Verdict.PASS, question.say("no_offence"), searched)


CHECK: Final = Check("forbidden", Options, judge, __doc__ or "", phrases)
