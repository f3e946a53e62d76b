"""The manager a call was handed to, told by voice and words; and his name.

Here only voices that the diarizer told apart are judged. On one channel per party both managers stand under one label;
those are parted by the time of the transfer (`qa_engine.timings.hand_over`), and `name_second_manager` reads the name
from the turns that come of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from qa_engine.domain.call import RoleAssignment
from qa_engine.domain.transcript import Role, Turn, Utterance
from qa_engine.language.matching import MATCH_AT, TokenText, find_any
from qa_engine.speech.role_evidence import LabelSpeech, RoleHints, stated_name

__all__ = ["name_second_manager", "tell_second_manager"]

LAST_WORDS = 40  # of the first manager before the other is heard: where he announces him
FEW_WORDS = 12  # of the first manager beside the second: he stays to introduce him, or his voice is mistaken once


def tell_second_manager(roles: Mapping[str, Role], speeches: Mapping[str, LabelSpeech]) -> dict[str, Role]:
    """The roles with the employees parted: who speaks first is the manager, who takes the call over is the second one.

    A label that goes on beside the first one, or comes without hand-over words and without another name, is taken for
    the same person: diarizers split one voice into two labels more often than calls are handed over.
    """
    told = dict(roles)
    employees = [label for label in speeches if roles[label] is Role.MANAGER]
    for label in employees[1:]:
        if _takes_over(speeches[employees[0]], speeches[label]):
            told[label] = Role.SECOND_MANAGER
    return told


def name_second_manager(roles: RoleAssignment, turns: Sequence[Turn], hints: RoleHints) -> RoleAssignment:
    """The assignment with the names each manager gave himself, once the turns are parted by the hand-over.

    The first manager keeps his name only if he gave it himself.
    """
    spoken = {role: _speech(turns, role, hints) for role in (Role.MANAGER, Role.SECOND_MANAGER)}
    if not spoken[Role.SECOND_MANAGER].utterances:
        return roles
    first, second = (stated_name(speech) if speech.utterances else "" for speech in spoken.values())
    return replace(roles, stated_name=first, second_name=second)


def _speech(turns: Sequence[Turn], role: Role, hints: RoleHints) -> LabelSpeech:
    own = tuple(Utterance(turn.start, turn.end, turn.words, turn.speaker, turn.channel) for turn in turns)
    return LabelSpeech(tuple(one for one, turn in zip(own, turns, strict=True) if turn.role is role), hints)


def _takes_over(first: LabelSpeech, other: LabelSpeech) -> bool:
    begins = other.utterances[0].start
    beside = sum(len(one.words) for one in first.utterances if one.start >= begins)
    if beside > FEW_WORDS:
        return False
    return _is_another_name(first, other) or _is_announced(first, begins)


def _is_another_name(first: LabelSpeech, other: LabelSpeech) -> bool:
    names = [stated_name(speech) for speech in (first, other)]
    forms = [first.language.name_forms(name) for name in names]
    return all(names) and not forms[0] & forms[1]


def _is_announced(first: LabelSpeech, begins: float) -> bool:
    """Whether the first manager's last words before the other speaks hand the call over."""
    before = [word.text for one in first.utterances if one.start < begins for word in one.words][-LAST_WORDS:]
    text = TokenText.from_words(first.language, before)
    return any(hit.similarity >= MATCH_AT for hit in find_any(text, first.language.lexicon("transfer")))
