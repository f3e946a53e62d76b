"""The manager names the company.

Looks for the company of the scorecard, in any of its forms (`company.name` and `company.also`), with a greater
allowance for mishearing than for usual words: recognisers mangle names. The company may be set on the command line
(``--set company.name=...``); it is never taken from the call.

Why it matters: a caller who hears the company's name knows at once that the number was right.

    check: company_name
    within: {first_seconds: 20}
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qa_engine.language.matching import PhraseHit, TokenText, find_company
from qa_engine.rules.check import Check, Outcome, Question
from qa_engine.rules.presence import Presence, look_for
from qa_engine.rules.traces import mangled_company

__all__ = ["CHECK", "Options"]


@dataclass(frozen=True, slots=True)
class Options:
    """None of its own: the names are the scorecard's."""


def judge(question: Question) -> Outcome:
    """Looks for the company's names in the window."""
    company = question.scorecard.company
    names = (company.name, *company.also)

    def search(text: TokenText, first: int, last: int) -> Sequence[PhraseHit]:
        return find_company(text, names, first=first, last=last)

    finding = look_for(question, search, suspect=lambda place: mangled_company(question, place))
    if finding.presence is Presence.FOUND:
        return Outcome(
            finding.verdict, question.say("company_named", quote=finding.evidence[0].quote), finding.evidence
        )
    return Outcome(
        finding.verdict, finding.doubt or question.say("company_not_named", company=company.name), finding.evidence
    )


CHECK: Final = Check("company_name", Options, judge, __doc__ or "")
