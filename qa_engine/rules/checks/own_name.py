"""The manager gives his own name.

Looks for the manager introducing himself ("this is Emma", "Emma speaking", "my name is Emma"); a name that is merely
mentioned ("is that Emma?") does not count, nor does the customer's. The names of the scorecard's `managers` are known
in all their forms; other first names are recognised too.

Why it matters: a named person is somebody to come back to; an unnamed one is "some employee of yours".

    check: own_name
    within: {first_seconds: 20}
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qa_engine.language.matching import NameHit, TokenText, find_own_name
from qa_engine.rules.check import Check, Outcome, Question
from qa_engine.rules.presence import Presence, look_for
from qa_engine.rules.traces import mangled_own_name, name_across_border

__all__ = ["CHECK", "Options"]


@dataclass(frozen=True, slots=True)
class Options:
    """None of its own: the roster is the scorecard's."""


def judge(question: Question) -> Outcome:
    """Looks for an introduction in the window."""
    roster = tuple(name for person in question.scorecard.managers for name in (person.name, *person.also))

    def search(text: TokenText, first: int, last: int) -> Sequence[NameHit]:
        return find_own_name(text, roster=roster, first=first, last=last)

    finding = look_for(
        question,
        search,
        suspect=lambda place: mangled_own_name(question, place) or name_across_border(question, place),
    )
    if finding.presence is Presence.FOUND:
        return Outcome(finding.verdict, question.say("name_given", quote=finding.evidence[0].quote), finding.evidence)
    return Outcome(finding.verdict, finding.doubt or question.say("name_not_given"), finding.evidence)


CHECK: Final = Check("own_name", Options, judge, __doc__ or "")
