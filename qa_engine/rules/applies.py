"""Whether a criterion is asked of a call at all (`applies_when`)."""

from __future__ import annotations

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.evaluation import Verdict
from qa_engine.domain.transcript import Role
from qa_engine.language.matching import MATCH_AT, PhraseHit
from qa_engine.rules.certainty import MIN_ROLE_CONFIDENCE
from qa_engine.rules.check import Outcome, Question
from qa_engine.rules.heard import is_speaker_doubtful
from qa_engine.rules.measure import event
from qa_engine.rules.messages import clock
from qa_engine.rules.wording import expand

__all__ = ["doubt_of_conditions", "why_not"]


def why_not(question: Question) -> Outcome | None:
    """None where every condition holds; else `not_applicable`, or `not_measured` where a condition cannot be told.

    The end of a call that was handed over belongs to whoever closes it, so the first manager is not asked about it.
    """
    return (
        _by_parties(question)
        or _by_handover(question)
        or _by_outer_facts(question)
        or _by_events(question)
        or _by_words(question)
    )


def doubt_of_conditions(question: Question) -> str:
    """Why a person decides whether the criterion is asked at all: what it depends on may be the other party's words."""
    when = question.criterion.applies_when
    for role, phrases in ((Role.CUSTOMER, when.said_by_customer), (Role.MANAGER, when.said_by_manager)):
        matches = _matches(question, role, phrases) if phrases else []
        turns = [question.view.turn_at(role, hit.first_word) for hit in matches]
        if turns and all(map(is_speaker_doubtful, turns)):
            quote = question.view.quote(role, matches[0].first_word, matches[0].last_word)
            return question.say("doubt_condition", quote=quote, at=clock(turns[0].start))
    return ""


def _by_parties(question: Question) -> Outcome | None:
    """The second manager is asked about only where there is one."""
    if question.criterion.said_by is not Role.SECOND_MANAGER or question.call.turns_of(Role.SECOND_MANAGER):
        return None
    return _not_asked(question.say("no_second_manager"))


def _not_asked(reason: str) -> Outcome:
    return Outcome(Verdict.NOT_APPLICABLE, reason)


def _by_handover(question: Question) -> Outcome | None:
    handed_over = question.view.handed_over_at
    window = question.criterion.within
    at_end = window.last_seconds is not None or window.last_turns is not None
    if handed_over is None or not at_end or question.criterion.said_by is not Role.MANAGER:
        return None
    transfers = question.call.timings.transfers
    return Outcome(
        Verdict.NOT_APPLICABLE,
        question.say("handed_over", at=clock(handed_over)),
        (event(question, "event_transfer", handed_over, handed_over),),
        source=transfers[0].source if transfers else "words",
    )


def _by_outer_facts(question: Question) -> Outcome | None:
    wanted = question.criterion.applies_when.direction
    found = question.call.identity.direction
    if not wanted or found.value == wanted:
        return None
    if found is Direction.UNKNOWN:
        return Outcome(Verdict.NOT_MEASURED, question.say("direction_unknown"))
    return _not_asked(question.say("other_direction", direction=question.say(f"direction_{found.value}")))


def _by_events(question: Question) -> Outcome | None:
    when, timings = question.criterion.applies_when, question.call.timings
    for name, wanted, found in (
        ("transfer", when.has_transfer, bool(timings.transfers)),
        ("hold", when.has_hold, bool(timings.holds)),
    ):
        if wanted is None:
            continue
        if not found and not timings.holds_measured:
            return Outcome(Verdict.NOT_MEASURED, question.say(f"{name}s_unknown"))
        if found != wanted:
            return _not_asked(question.say(f"{name}_there" if found else f"{name}_not_there"))
    return None


def _by_words(question: Question) -> Outcome | None:
    when = question.criterion.applies_when
    for role, phrases in ((Role.CUSTOMER, when.said_by_customer), (Role.MANAGER, when.said_by_manager)):
        if phrases and not question.view.words_of(role).words and question.call.roles.confidence < MIN_ROLE_CONFIDENCE:
            return Outcome(Verdict.REVIEW, question.say(f"nobody_is_{role.value}"))
        if phrases and _heard(question, role, phrases) is None:
            return _not_asked(question.say(f"not_said_by_{role.value}"))
    for role, phrases in ((Role.CUSTOMER, when.not_said_by_customer), (Role.MANAGER, when.not_said_by_manager)):
        quote = _heard(question, role, phrases) if phrases else None
        if quote is not None:
            return _not_asked(question.say(f"was_said_by_{role.value}", quote=quote))
    return None


def _heard(question: Question, role: Role, phrases: tuple[str, ...]) -> str | None:
    """The first words of `role` that match any of the phrases."""
    matches = _matches(question, role, phrases)
    return question.view.quote(role, matches[0].first_word, matches[0].last_word) if matches else None


def _matches(question: Question, role: Role, phrases: tuple[str, ...]) -> list[PhraseHit]:
    hits = question.view.says_any(role, expand(phrases, question.scorecard.language))
    return [hit for hit in hits if hit.similarity >= MATCH_AT]
