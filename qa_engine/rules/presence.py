"""Found, proven absent, or not to be told: the reasoning that all checks for something wished for share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from qa_engine.domain.evaluation import Evidence, EvidenceKind, Verdict
from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Role
from qa_engine.language.matching import MATCH_AT
from qa_engine.rules.call_view import Hit, Place, Search
from qa_engine.rules.certainty import ATTRIBUTION_GAP, MIN_ROLE_CONFIDENCE
from qa_engine.rules.check import Question
from qa_engine.rules.heard import doubts, hear, is_speaker_doubtful, one_party_per_channel
from qa_engine.rules.messages import clock, number

__all__ = ["Finding", "Presence", "Suspect", "describe_search", "look_for", "look_in"]

_MOST_QUOTES = 3
"""Matches cited per criterion: enough to check by ear, few enough to read."""

_SEARCHED_WORDS = 25
"""Words quoted of a place that was searched in vain."""


Suspect = Callable[[Place], tuple[Evidence, str] | None]
"""Looks for traces of something that a search did not find: the evidence, and why a person should listen."""


class Presence(Enum):
    """Whether something was said."""

    FOUND = "found"
    UNSURE = "unsure"
    ABSENT = "absent"  # proven


@dataclass(frozen=True, slots=True)
class Finding:
    """What a search came to; `doubt` tells people why it is unsure, `hits` the matches in time order."""

    presence: Presence
    evidence: tuple[Evidence, ...]
    doubt: str = ""
    hits: tuple[Hit, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The verdict on something that had to be said."""
        return {
            Presence.FOUND: Verdict.PASS,
            Presence.UNSURE: Verdict.REVIEW,
            Presence.ABSENT: Verdict.FAIL,
        }[self.presence]


def look_for(question: Question, search: Search, *, suspect: Suspect | None = None) -> Finding:
    """Looks for words in the criterion's window of the role asked about, and weighs what that proves."""
    place = question.view.place(question.criterion.said_by, question.criterion.within)
    return look_in(question, search, place, suspect=suspect)


def look_in(question: Question, search: Search, place: Place, *, suspect: Suspect | None = None) -> Finding:
    """Looks for words in one place, and weighs what the answer proves; `suspect` may see traces of them."""
    hits = question.view.find(search, place)
    matches = sorted((hit for hit in hits if hit.similarity >= MATCH_AT), key=lambda hit: hit.first_word)
    if matches:
        cited = tuple(question.view.cite(place.role, hit) for hit in matches[:_MOST_QUOTES])
        sure = question.call.roles.confidence
        if sure < MIN_ROLE_CONFIDENCE:  # said, but it is not known by whom
            doubt = question.say("doubt_roles", confidence=number(100 * sure, 0))
            return Finding(Presence.UNSURE, cited, doubt, hits=tuple(matches))
        return Finding(Presence.FOUND, cited, hits=tuple(matches))
    traces = suspect(place) if suspect is not None and not hits else None
    return _not_found(question, search, place, hits, traces)


def _not_found(
    question: Question, search: Search, place: Place, near: Sequence[Hit], traces: tuple[Evidence, str] | None
) -> Finding:
    view = question.view
    heard = hear(view, place)
    reasons = [*_near_miss(question, place.role, near), *doubts(view, place, heard, question.scorecard.language)]
    evidence = [view.cite(place.role, hit, kind=EvidenceKind.NEAR_MISS) for hit in near[:1]]
    if traces is not None:
        evidence.append(traces[0])
        reasons.append(traces[1])
    other = _said_by_other(question, search, place)
    if other is not None:
        evidence.append(other)
        reasons.append(question.say("doubt_other_said_it", quote=other.quote, at=clock(other.start)))
    evidence += _said_elsewhere(question, search, place)
    evidence.append(describe_search(question, place))
    if not reasons:
        return Finding(Presence.ABSENT, tuple(evidence))
    return Finding(Presence.UNSURE, tuple(evidence), reasons[0])


def _near_miss(question: Question, role: Role, near: Sequence[Hit]) -> list[str]:
    if not near:
        return []
    best = near[0]
    quote = question.view.quote(role, best.first_word, best.last_word)
    return [
        question.say("doubt_near_miss", quote=quote, similarity=number(best.similarity, 0), needed=number(MATCH_AT, 0))
    ]


def _said_by_other(question: Question, search: Search, place: Place) -> Evidence | None:
    """The same words under another party's name, where the name may be wrong."""
    view = question.view
    others = [other for other in (view.other(place.role), *_colleague(question, place)) if other is not None]
    if not others or not _may_be_mislabelled(question):
        return None
    for other in others:
        for hit in view.find(search, view.between(other, place.span)):
            if hit.similarity >= MATCH_AT and _may_be(question, other, hit, place.role):
                return view.cite(other, hit, kind=EvidenceKind.NEAR_MISS, note=question.say("note_other_party"))
    return None


def _colleague(question: Question, place: Place) -> tuple[Role, ...]:
    """The second manager, where nothing but his voice and words tells that there is one."""
    alone = place.role is Role.MANAGER and question.call.timings.handed_over_at is None
    return (Role.SECOND_MANAGER,) if alone else ()


def _may_be_mislabelled(question: Question) -> bool:
    call = question.call
    if call.roles.confidence < MIN_ROLE_CONFIDENCE or not one_party_per_channel(call):
        return True
    return question.view.once("doubtful", lambda: any(map(is_speaker_doubtful, call.turns)))


def _may_be(question: Question, other: Role, hit: Hit, role: Role) -> bool:
    """Whether words under the name of `other` may have been said by `role`."""
    call = question.call
    if call.roles.confidence < MIN_ROLE_CONFIDENCE or other is Role.SECOND_MANAGER:
        return True
    if is_speaker_doubtful(question.view.turn_at(other, hit.first_word)):
        return True
    return not one_party_per_channel(call) and _touches(question, other, hit, role)


def _touches(question: Question, other: Role, hit: Hit, role: Role) -> bool:
    """Whether the other party speaks within the collar of the words, so that a border may have been put wrong."""
    theirs = question.view.words_of(other).words
    said = Span(theirs[hit.first_word].start, theirs[hit.last_word].end).grow(ATTRIBUTION_GAP)
    return any(said.overlap(Span(word.start, word.end)) > 0 for word in question.view.words_of(role).words)


def _said_elsewhere(question: Question, search: Search, place: Place) -> list[Evidence]:
    """The first place outside the window where it was said after all."""
    whole = question.view.whole(place.role)
    if whole.num_words == place.num_words:
        return []
    hits = [hit for hit in question.view.find(search, whole) if hit.similarity >= MATCH_AT]
    outside = [hit for hit in hits if hit.last_word < place.first or hit.first_word > place.last]
    first = min(outside, key=lambda hit: hit.first_word, default=None)
    if first is None:
        return []
    note = question.say("note_outside_window")
    return [question.view.cite(place.role, first, kind=EvidenceKind.NEAR_MISS, note=note)]


def describe_search(question: Question, place: Place) -> Evidence:
    """Where was looked, what was heard there, and how well."""
    heard = hear(question.view, place)
    note = question.say(
        "note_searched", start=clock(place.span.start), end=clock(place.span.end), words=heard.num_words
    )
    if heard.probability is not None:
        note += question.say("note_probability", percent=number(100 * heard.probability, 0))
    if heard.missed > 0:
        note += question.say("note_missed", seconds=number(heard.missed))
    quote = _sample(question, place)
    return Evidence(EvidenceKind.SEARCHED, quote, place.span.start, place.span.end, place.role, None, note)


def _sample(question: Question, place: Place) -> str:
    """The words nearest to where it should have been: the first of the place, or its last where it ends the call."""
    if not place.num_words:
        return ""
    if place.to_end and not place.from_start:
        return question.view.quote(place.role, max(place.first, place.last - _SEARCHED_WORDS + 1), place.last)
    return question.view.quote(place.role, place.first, min(place.last, place.first + _SEARCHED_WORDS - 1))
