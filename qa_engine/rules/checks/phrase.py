"""A phrase that must be said, or must stay unsaid.

Asks whether the speaker said any of some phrases (`any_of`), every one of them (`all_of`), and none of others
(`none_of`). A phrase is found whatever form its words take (``help`` finds ``helped``), and a slightly misheard one
too. ``lexicon:NAME`` stands for a ready-made list of the language. Nothing fails for what could not be heard: such a
call comes back as `review`.

Why it matters: most rules of a conversation are small courtesies that are either there or not.

    check: phrase
    said_by: manager
    within: {first_seconds: 20}
    any_of: ["lexicon:greeting", "welcome to the garden"]
    none_of: ["what do you want"]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Meta

from qa_engine.domain.evaluation import Evidence, Verdict
from qa_engine.rules.check import Check, Outcome, Question
from qa_engine.rules.presence import Finding, Presence, describe_search, look_for
from qa_engine.rules.traces import mangled_phrase
from qa_engine.rules.unwanted import Offence, find_unwanted
from qa_engine.rules.wording import any_of, listed

__all__ = ["CHECK", "Options"]


@dataclass(frozen=True, slots=True)
class Options:
    """At least one of the three lists must be given; all that are given must hold."""

    any_of: Annotated[tuple[str, ...], Meta(description="one of these must be said")] = ()
    all_of: Annotated[tuple[str, ...], Meta(description="each of these must be said")] = ()
    none_of: Annotated[tuple[str, ...], Meta(description="none of these may be said")] = ()


def phrases(options: Options) -> Iterator[tuple[str, str]]:
    """Every phrase with its path."""
    yield from listed("any_of", options.any_of)
    yield from listed("all_of", options.all_of)
    yield from listed("none_of", options.none_of)


def needs(options: Options) -> Iterator[tuple[str, str]]:
    """Something to look for."""
    if not (options.any_of or options.all_of or options.none_of):
        yield "", "give phrases to look for: any_of, all_of or none_of"


def judge(question: Question) -> Outcome:
    """`none_of` first, then what had to be said."""
    options: Options = question.criterion.options
    unwanted = find_unwanted(question, {"": options.none_of}) if options.none_of else ()
    if unwanted:
        return _said_unwanted(question, unwanted)
    wanted = _wanted(question, options)
    if not wanted:
        return _nothing_unwanted(question)
    verdict = min((finding.verdict for _, finding in wanted), key=[Verdict.FAIL, Verdict.REVIEW, Verdict.PASS].index)
    evidence = tuple(item for _, finding in wanted for item in finding.evidence)
    return Outcome(verdict, _reason(question, wanted, verdict), evidence)


def _wanted(question: Question, options: Options) -> list[tuple[str, Finding]]:
    language = question.scorecard.language
    wanted: list[tuple[str, tuple[str, ...]]] = [(phrase, (phrase,)) for phrase in options.all_of]
    if options.any_of:
        wanted.append(("", options.any_of))
    return [(name, _look_for_any(question, phrases, language)) for name, phrases in wanted]


def _look_for_any(question: Question, phrases: tuple[str, ...], language: str) -> Finding:
    search = any_of(phrases, language)
    return look_for(question, search, suspect=lambda place: mangled_phrase(question, place, phrases))


def _reason(question: Question, wanted: list[tuple[str, Finding]], verdict: Verdict) -> str:
    if verdict is Verdict.PASS:
        return question.say("said", quote=wanted[0][1].evidence[0].quote)
    if verdict is Verdict.REVIEW:
        return next(finding.doubt for _, finding in wanted if finding.presence is Presence.UNSURE)
    missing = [phrase for phrase, finding in wanted if finding.presence is Presence.ABSENT and phrase]
    if missing:
        return question.say("not_said_these", phrases=", ".join(f"«{phrase}»" for phrase in missing))
    return question.say("not_said")


def _said_unwanted(question: Question, unwanted: tuple[Offence, ...]) -> Outcome:
    certain = [offence for offence in unwanted if not offence.doubt]
    evidence: tuple[Evidence, ...] = tuple(offence.evidence for offence in unwanted)
    if certain:
        return Outcome(Verdict.FAIL, question.say("unwanted", quote=certain[0].evidence.quote), evidence)
    return Outcome(Verdict.REVIEW, unwanted[0].doubt, evidence)


def _nothing_unwanted(question: Question) -> Outcome:
    place = question.view.place(question.criterion.said_by, question.criterion.within)
    if not place.num_words:
        return Outcome(Verdict.REVIEW, question.say("nothing_heard"), (describe_search(question, place),))
    return Outcome(Verdict.PASS, question.say("nothing_unwanted"), (describe_search(question, place),))


CHECK: Final = Check("phrase", Options, judge, __doc__ or "", phrases, needs)
