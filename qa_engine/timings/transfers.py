"""Transfers: the customer is handed to somebody else.

Heard as a second ringing, as a new voice after a hold, or as somebody who introduces himself after it; announced where
the manager said so before. The words alone ("I'll put you through") are no transfer: somebody else must be heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa_engine.domain.timings import Hold, HoldKind, Transfer
from qa_engine.domain.transcript import Role, Turn
from qa_engine.timings.cues import Cues

__all__ = ["find_transfers", "mark_transfers"]

ANNOUNCED_BEFORE = 30.0  # seconds: a transfer is announced where it was said so long before the hold, or nearer
INTRODUCES_WITHIN = 10.0  # seconds after a hold in which a new party says its name
NEW_VOICE = 1.5  # seconds a new speaker must be heard before it counts
LISTEN_AFTER = 30.0  # seconds after a hold in which a new voice is looked for
RETURN_WITHIN = 6.0  # seconds after a hold in which the same manager thanks for waiting


def find_transfers(holds: Sequence[Hold], turns: Sequence[Turn], cues: Cues) -> tuple[Transfer, ...]:
    """One transfer at most per hold, in time order."""
    found = (_after_hold(hold, turns, cues) for hold in holds)
    return tuple(transfer for transfer in found if transfer is not None)


def mark_transfers(holds: Sequence[Hold], transfers: Sequence[Transfer]) -> tuple[Hold, ...]:
    """The holds, those that end in a transfer marked."""
    ends = [transfer.at for transfer in transfers]
    return tuple(replace(hold, during_transfer=any(_ends_in(hold, at, holds) for at in ends)) for hold in holds)


def _ends_in(hold: Hold, at: float, holds: Sequence[Hold]) -> bool:
    """Whether `hold` is the last one before the new party is heard `at`."""
    return hold.end <= at + 0.5 and not any(hold.end < other.end <= at + 0.5 for other in holds)


def _after_hold(hold: Hold, turns: Sequence[Turn], cues: Cues) -> Transfer | None:
    announced = any(hold.start - ANNOUNCED_BEFORE <= cue.start <= hold.start + 1.0 for cue in cues.transfer)
    following = [turn for turn in turns if turn.end > hold.end and turn.role not in (Role.CUSTOMER, Role.IVR)]
    at = max(hold.end, following[0].start) if following else hold.end
    is_heard = hold.kind is HoldKind.TONE or (_is_new_voice(hold, turns) or _is_introduced(hold, cues))
    returned = any(0 <= cue.start - hold.end <= RETURN_WITHIN for cue in cues.back) and not _is_introduced(hold, cues)
    if not following and hold.kind is not HoldKind.TONE:
        return None
    if not is_heard and not (announced and not returned):
        return None
    if returned and hold.kind is not HoldKind.TONE and not _is_new_voice(hold, turns):
        return None
    by_words = announced or hold.kind is not HoldKind.TONE
    return Transfer(at=round(at, 3), announced=announced, source="audio+words" if by_words else "audio")


def _is_introduced(hold: Hold, cues: Cues) -> bool:
    return any(-0.5 <= cue.start - hold.end <= INTRODUCES_WITHIN for cue in cues.own_name)


def _is_new_voice(hold: Hold, turns: Sequence[Turn]) -> bool:
    """Whether a speaker label never heard before speaks soon after the hold, and not as the customer."""
    before = {turn.speaker for turn in turns if turn.start < hold.start}
    heard: dict[str, float] = {}
    for turn in turns:
        is_new = turn.speaker and turn.speaker not in before and turn.role not in (Role.CUSTOMER, Role.IVR)
        if is_new and hold.end - 0.5 <= turn.start <= hold.end + LISTEN_AFTER:
            heard[turn.speaker] = heard.get(turn.speaker, 0.0) + turn.end - turn.start
    return bool(before) and any(seconds >= NEW_VOICE for seconds in heard.values())
