"""Missed calls and what became of them: called back when and by whom, or called again by himself.

The rules are those of TELEPHONY 3.1: a call is missed where no person answered it, and the call-back is the first
outbound call to the same number after it. Memory and time grow with the number of records (a sort besides).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome, CallRecord
from qa_engine.domain.missed_call import MissedCall
from qa_engine.domain.record_keys import number_key
from qa_engine.telephony.same_call import combine, group_calls, most_telling_first

__all__ = ["find_callbacks"]

# Seen from the caller nobody answered, whether he was left on a machine, heard busy, or never got through.
UNANSWERED = frozenset({CallOutcome.MISSED, CallOutcome.VOICEMAIL, CallOutcome.BUSY, CallOutcome.FAILED})
A_DAY = timedelta(hours=24)


def find_callbacks(records: Iterable[CallRecord], *, within: timedelta = A_DAY) -> tuple[MissedCall, ...]:
    """Every missed inbound call in order of time, with the first call back within a time after its end.

    Records in any order; what several systems say of one call is taken together first. One call-back serves all missed
    calls of the number before it. A customer who called again and was answered before any call-back reached him counts
    as `called_again`; a call to him after that is no call-back. A hidden number cannot be matched.
    """
    calls = [combine(most_telling_first(call)) for call in group_calls(tuple(records))]
    following: dict[str, _Following] = {}
    missed = []
    for call in sorted(calls, key=_latest_first):
        key = number_key(call.customer)
        if _is_missed(call):
            missed.append(_what_became(call, following.get(key, _NOTHING), within) if key else MissedCall(call, False))
        elif key:
            following[key] = following.get(key, _NOTHING).before(call)
    return tuple(reversed(missed))


@dataclass(frozen=True, slots=True)
class _Following:
    """The next calls of one number, seen from a moment: to it, to it and answered, from it and answered."""

    outbound: CallRecord | None = None
    reaching: CallRecord | None = None
    answered: CallRecord | None = None

    def before(self, call: CallRecord) -> _Following:
        """The same seen from just before `call`."""
        was_answered = call.outcome is CallOutcome.ANSWERED
        if call.direction is Direction.OUTBOUND:
            return _Following(call, call if was_answered else self.reaching, self.answered)
        if call.direction is Direction.INBOUND and was_answered:
            return _Following(self.outbound, self.reaching, call)
        return self


_NOTHING = _Following()


def _what_became(missed: CallRecord, following: _Following, within: timedelta) -> MissedCall:
    outbound, reaching, again = (
        call if call is not None and _seconds_after(missed, call) <= within.total_seconds() else None
        for call in (following.outbound, following.reaching, following.answered)
    )
    if again is not None and reaching is not None and _begin(reaching) < _begin(again):
        again = None
    if again is not None:
        reaching = None
        outbound = outbound if outbound is not None and _begin(outbound) < _begin(again) else None
    return MissedCall(
        missed,
        called_back_at=None if outbound is None else outbound.started_at,
        called_back_by="" if outbound is None else outbound.manager,
        seconds_to_call_back=None if outbound is None else _seconds_after(missed, outbound),
        call_back_answered=None if outbound is None else outbound.outcome is CallOutcome.ANSWERED,
        reached_at=None if reaching is None else reaching.started_at,
        called_again_at=None if again is None else again.started_at,
    )


def _is_missed(call: CallRecord) -> bool:
    return call.direction is Direction.INBOUND and call.outcome in UNANSWERED


def _latest_first(call: CallRecord) -> tuple[float, bool, str, str]:
    """Of one second the missed calls first, so that what began with them does not count as after them."""
    return (-_begin(call), not _is_missed(call), call.system, call.record_id)


def _begin(call: CallRecord) -> float:
    return call.started_at.timestamp()  # moments of one zone compare by its clock on the wall, which is put back


def _seconds_after(missed: CallRecord, call: CallRecord) -> float:
    """From the end of the missed call; 0 where it was still ringing."""
    return max(0.0, _begin(call) - (missed.ended_at or missed.started_at).timestamp())
