"""Who is the manager, the customer, a colleague, a machine: evidence per speaker label, compared between labels.

Confidence is the logistic of the margin between the manager and the likeliest other person: with nothing but "who
spoke first" 0.6, with a greeting that names the company and offers help 0.99. With one party per channel the openings
are weighed first, and only where they do not settle it is everything weighed that was said; labels of a mix are never
trusted with the opening alone: one turn under the wrong label would turn the call round.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa_engine.domain.call import RoleAssignment
from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Role, Turn, Utterance
from qa_engine.language.languages import LANGUAGES
from qa_engine.speech.machine_voices import machine_flags
from qa_engine.speech.role_evidence import Evidence, LabelSpeech, RoleHints, stated_name, weigh_label
from qa_engine.speech.second_manager import tell_second_manager
from qa_engine.speech.turns import build_turns

__all__ = ["RoleHints", "assign_roles"]

SETTLED = 4.6  # log-odds, 99 %: then the rest of the call need not be weighed
MOST_SURE = 0.99  # no evidence from words alone is surer than that
ALONE_AT_MOST = 0.7  # confidence when the whole call carries one label: two people may have been heard as one
ANNOUNCEMENT = 0.9  # confidence that a call is nothing but a machine
PLAYED = 0.6  # share of an utterance inside a known announcement that makes it one
COLLEAGUE = 2.0  # log-odds a third voice needs to count as another employee

Said = tuple[Utterance, ...]


@dataclass(frozen=True, slots=True)
class _Scored:
    label: str
    evidence: Evidence


def assign_roles(
    utterances: Sequence[Utterance], hints: RoleHints, *, labels_are_roles: bool, two_channels: bool
) -> tuple[tuple[Turn, ...], RoleAssignment]:
    """Turns with roles, and how sure that is.

    `labels_are_roles`: the speakers already are ``manager``/``customer``/``ivr``. `two_channels`: each label is one
    channel of the recording, so that nobody is heard under two labels. Without utterances: no turns, confidence 0.
    """
    said = sorted((one for one in utterances if one.words), key=lambda one: (one.start, one.end, one.speaker))
    if not said:
        return (), RoleAssignment(0.0, "nothing said")
    if hints.language not in LANGUAGES:  # transcribed only: there are no words to tell the manager by
        roles = [Role(one.speaker) if labels_are_roles and one.speaker in set(Role) else Role.UNKNOWN for one in said]
        assignment = RoleAssignment(0.0, "no rules for this language")
    elif labels_are_roles:
        roles, assignment = _given(said, hints)
    else:
        roles, assignment = _worked_out(said, hints, two_channels=two_channels)
    return build_turns(list(zip(roles, said, strict=True))), assignment


def _given(said: Sequence[Utterance], hints: RoleHints) -> tuple[list[Role], RoleAssignment]:
    roles = [Role(one.speaker) if one.speaker in set(Role) else Role.UNKNOWN for one in said]
    names = []
    for role in (Role.MANAGER, Role.SECOND_MANAGER):
        own = tuple(one for one, given in zip(said, roles, strict=True) if given is role)
        names.append(stated_name(LabelSpeech(own, hints)) if own else "")
    return roles, RoleAssignment(1.0, "transcript", *names)


def _worked_out(
    said: Sequence[Utterance], hints: RoleHints, *, two_channels: bool
) -> tuple[list[Role], RoleAssignment]:
    machines = _machine_utterances(said, hints)
    people = [one for one in said if id(one) not in machines]
    if not people:
        return [Role.IVR] * len(said), RoleAssignment(ANNOUNCEMENT, "announcement")
    speeches = {label: LabelSpeech(own, hints) for label, own in _by_label(people).items()}
    scored = _scored(speeches, two_channels=two_channels)
    roles = tell_second_manager(_roles_of(scored), speeches)
    names = {role: _name_of(role, roles, speeches) for role in (Role.MANAGER, Role.SECOND_MANAGER)}
    flat = [Role.IVR if id(one) in machines else roles[one.speaker] for one in said]
    by = _by(scored, roles, two_channels=two_channels)
    sure = round(_confidence(scored, roles), 3)
    return flat, RoleAssignment(sure, by, names[Role.MANAGER], names[Role.SECOND_MANAGER])


def _name_of(role: Role, roles: Mapping[str, Role], speeches: Mapping[str, LabelSpeech]) -> str:
    """The first name given under a role, by its labels in the order of speaking."""
    return next((name for label in speeches if roles[label] is role and (name := stated_name(speeches[label]))), "")


def _by_label(said: Sequence[Utterance]) -> dict[str, Said]:
    """Utterances per label, labels in the order of speaking."""
    labels = dict.fromkeys(one.speaker for one in said)
    return {label: tuple(one for one in said if one.speaker == label) for label in labels}


def _machine_utterances(said: Sequence[Utterance], hints: RoleHints) -> set[int]:
    """Identities of the utterances a machine says."""
    speeches = (LabelSpeech(own, hints) for own in _by_label(said).values())
    flagged = (zip(speech.utterances, machine_flags(speech), strict=True) for speech in speeches)
    by_words = {id(one) for pairs in flagged for one, is_machine in pairs if is_machine}
    return by_words | {id(one) for one in said if _is_played(one, hints.machines)}


def _is_played(one: Utterance, machines: Sequence[Span]) -> bool:
    return sum(one.span.overlap(span) for span in machines) > PLAYED * (one.end - one.start)


def _scored(speeches: Mapping[str, LabelSpeech], *, two_channels: bool) -> tuple[_Scored, ...]:
    """Labels by log-odds of being the manager, best first; equal ones in the order of speaking."""
    scored = _weighed(speeches, two_channels=two_channels, whole=False)
    if two_channels and len(scored) == 2 and _margin(scored, _roles_of(scored)) >= SETTLED:
        return scored
    return _weighed(speeches, two_channels=two_channels, whole=True)


def _weighed(speeches: Mapping[str, LabelSpeech], *, two_channels: bool, whole: bool) -> tuple[_Scored, ...]:
    first = _first_after_answer(speeches)
    weighed = [
        _Scored(label, weigh_label(speech, speaks_first=label == first, two_channels=two_channels, whole=whole))
        for label, speech in speeches.items()
    ]
    return tuple(sorted(weighed, key=lambda scored: -scored.evidence.log_odds))


def _first_after_answer(speeches: Mapping[str, LabelSpeech]) -> str:
    starts = {
        label: next((one.start for one in speech.utterances if one.end > (speech.hints.answered_at or 0.0)), math.inf)
        for label, speech in speeches.items()
    }
    return min(starts, key=lambda label: starts[label])


def _roles_of(scored: Sequence[_Scored]) -> dict[str, Role]:
    """The best is the manager (alone only unless he talks like a customer); a third one may be his colleague."""
    best, *others = scored
    alone_customer = not others and best.evidence.log_odds < 0
    roles = {best.label: Role.CUSTOMER if alone_customer else Role.MANAGER}
    for other in others:
        colleague = len(others) > 1 and other.evidence.introduced and other.evidence.log_odds >= COLLEAGUE
        roles[other.label] = Role.MANAGER if colleague else Role.CUSTOMER
    return roles


def _margin(scored: Sequence[_Scored], roles: Mapping[str, Role]) -> float:
    best = scored[0].evidence.log_odds
    rivals = [other.evidence.log_odds for other in scored[1:] if roles[other.label] is Role.CUSTOMER]
    return best - max(rivals) if rivals else abs(best)


def _confidence(scored: Sequence[_Scored], roles: Mapping[str, Role]) -> float:
    at_most = MOST_SURE if len(scored) > 1 else ALONE_AT_MOST
    return min(at_most, 1 / (1 + math.exp(-_margin(scored, roles))))


def _by(scored: Sequence[_Scored], roles: Mapping[str, Role], *, two_channels: bool) -> str:
    """Short reasons joined by " + ": the manager's own, then what speaks against the others."""
    best, alone = scored[0].evidence, len(scored) == 1
    own = best.reasons or (best.against if alone else ())
    rivals = [other.evidence for other in scored[1:] if roles[other.label] is Role.CUSTOMER]
    others = dict.fromkeys(reason for rival in rivals for reason in rival.against if reason not in own)
    reasons = [*own, *others, *(["one side only" if two_channels else "one voice"] if alone else [])]
    return " + ".join(reasons) or "order of speaking"
