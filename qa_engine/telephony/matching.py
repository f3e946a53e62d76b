"""Which call records belong to a recording: by id, by file name, by number and time; what they say together.

A wrong record does more harm than none (another customer's times, another manager's name), so where two calls fit
equally well, or something that is known speaks against a call, there is no match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import inf

from qa_engine.domain.call_identity import CallIdentity, Direction
from qa_engine.domain.call_record import CallOutcome, CallRecord
from qa_engine.domain.record_keys import RecordQuery, is_telling, number_key, recording_key, recording_stem
from qa_engine.telephony.same_call import LONGEST_CALL, combine, group_calls, most_telling_first

__all__ = ["Match", "RecordQuery", "combine", "complete_identity", "match_records", "what_to_ask"]

# Ids inside file names: Asterisk's uniqueid (TELEPHONY 2.2), UUIDs (FreeSWITCH, Amazon), sids (Twilio).
IDS_IN_NAMES = re.compile(
    r"(?<!\d)\d{9,11}\.\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:CA|RE)[0-9a-f]{32}", re.IGNORECASE
)
CLOCKS_APART = 60.0  # seconds between the clocks of the phone system and the recorder; stamps without seconds too
LONGER = 5.0  # seconds by which a recording may outlast its call: whole seconds, a recorder that stops late
UNIQUE_DIGITS = 6  # a file name with fewer digits (call.wav, 1.wav) may come again in another folder
AS_NEAR = 10.0  # seconds: of two calls of a number this much apart in nearness neither is the nearer one
FAR = LONGEST_CALL + timedelta(hours=14)  # whatever the zones: counters that start again give an id to calls so apart
OPPOSITE = frozenset({Direction.INBOUND, Direction.OUTBOUND})
OF_A_COLLEAGUE = "the recording is of a colleague's part, after a transfer"
WEST, EAST = timedelta(hours=12), timedelta(hours=14)  # how far clocks of the world are behind and ahead of UTC

Records = tuple[CallRecord, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The records of one call, the most telling first; `matched_by`: ``id``, ``file name``, ``number and time``."""

    records: Records
    matched_by: str


def what_to_ask(identity: CallIdentity, path: str) -> RecordQuery:
    """By what the records of a recording may be found; the number only with a time, or it would mean any call."""
    asked = RecordQuery(ids=_ids_of(identity, path), recordings=(path,))
    moment = identity.started_at
    if moment is None or not number_key(identity.customer):
        return asked
    earlier = later = timedelta(seconds=CLOCKS_APART)
    if moment.tzinfo is None:  # on the wall of any zone
        moment, earlier, later = moment.replace(tzinfo=UTC), earlier + EAST, later + WEST
    try:
        return replace(asked, number=identity.customer, since=moment - LONGEST_CALL - earlier, until=moment + later)
    except OverflowError:  # a stamp of the year 1
        return asked


def match_records(identity: CallIdentity, path: str, duration: float, candidates: Sequence[CallRecord]) -> Match | None:
    """The records of the call that was recorded: of all systems that tell of it, by the surest sign there is.

    An id goes before the file name, that before number and time. `duration`: of the recording in seconds, 0 where it is
    not known. A moment without a zone is compared with the clock on the wall where the record was written. Two
    different calls that fit equally well give None rather than a guess. Of a call that was transferred the records tell
    of the part that was recorded.
    """
    calls = [call for call in group_calls(candidates) if not _is_between_colleagues(identity, call)]
    for sign in _signs(identity, path):
        named = _named(sign, identity, calls)
        if sign.needs_time or len(named) > 1:
            named = _nearest(identity, duration, named)
        if len(named) > 1:
            return None
        if named:
            return Match(_of_part(identity, most_telling_first(named[0])), sign.matched_by)
    return None


def _named(sign: _Sign, identity: CallIdentity, calls: Sequence[Records]) -> list[Records]:
    """The calls that a sign names and against which nothing speaks."""
    named = [call for call in calls if any(map(sign.names, call))]
    if sign.needs_time:
        return [call for call in named if not _goes_the_other_way(identity, call)]
    return [call for call in named if not _is_far(identity, call)] if sign.repeats else named


@dataclass(frozen=True, slots=True)
class _Sign:
    """By what a record names the recording; `needs_time`: it says something only near the recording's time.

    `repeats`: it may come again after months, when a phone system was set up anew.
    """

    matched_by: str
    names: Callable[[CallRecord], bool]
    needs_time: bool = False
    repeats: bool = True


def _signs(identity: CallIdentity, path: str) -> tuple[_Sign, ...]:
    """The surest first."""
    ids, file, number = _ids_of(identity, path), recording_key(path), number_key(identity.customer)
    telling = {each for each in ids if is_telling(each)}
    unique = {each for each in telling if IDS_IN_NAMES.fullmatch(each)}
    counters = set(ids) - telling
    by_unique = _Sign("id", lambda record: not unique.isdisjoint((record.record_id, *record.ids)), repeats=False)
    by_id = _Sign("id", lambda record: not telling.isdisjoint((record.record_id, *record.ids)))
    repeats = sum(map(str.isdigit, file)) < UNIQUE_DIGITS
    by_file = _Sign("file name", lambda record: file in map(recording_key, record.recordings), needs_time=repeats)
    if identity.started_at is None:
        return by_unique, by_id, by_file
    by_counter = _Sign("id", lambda record: not counters.isdisjoint((record.record_id, *record.ids)), needs_time=True)
    by_number = _Sign(
        "number and time", lambda record: number != "" and number_key(record.customer) == number, needs_time=True
    )
    return by_unique, by_id, by_file, by_counter, by_number


def complete_identity(identity: CallIdentity, record: CallRecord) -> CallIdentity:
    """Who, when and which way by the phone system, and by the file name where that says nothing.

    Who answered is better known to the phone system than to a file name; a queue is no manager, and neither is who was
    only rung: what is heard in the recording of a call that nobody answered was not said by him. The file's id stays.
    """
    queues = {record.queue} - {""}
    named = "" if identity.manager in queues else identity.manager
    recorded = "" if record.manager in queues else record.manager
    was_answered = record.outcome in (CallOutcome.ANSWERED, CallOutcome.UNKNOWN)
    customer = record.customer if number_key(record.customer) or not identity.customer else identity.customer
    return CallIdentity(
        manager=(recorded or named) if was_answered else named,
        customer=customer,
        started_at=record.started_at,
        direction=identity.direction if record.direction is Direction.UNKNOWN else record.direction,
        call_id=identity.call_id,
        source=" + ".join(source for source in (identity.source, record.system) if source),
    )


def _ids_of(identity: CallIdentity, path: str) -> tuple[str, ...]:
    """The ids a recording bears: the one its name was read for, those that look like one, the whole name."""
    stem = recording_stem(path)
    return tuple(dict.fromkeys(each for each in (identity.call_id, *IDS_IN_NAMES.findall(stem), stem) if each))


def _nearest(identity: CallIdentity, duration: float, calls: Sequence[Records]) -> list[Records]:
    """Of calls that fit in length and time the nearest; several where nothing tells them apart.

    A call that is less near by no more than clocks differ, but agrees better in way and manager, makes it doubtful.
    """
    nearness = {number: _nearness(identity, duration, call) for number, call in enumerate(calls)}
    best = min(nearness.values(), default=inf)
    if best == inf:
        return []
    near = [call for number, call in enumerate(calls) if nearness[number] < best + AS_NEAR]
    agreeing = max(_agreement(identity, call) for call in near)
    doubtful = [call for number, call in enumerate(calls) if best + AS_NEAR <= nearness[number] < best + CLOCKS_APART]
    return [call for call in near if _agreement(identity, call) == agreeing] + [
        call for call in doubtful if _agreement(identity, call) > agreeing
    ]


def _nearness(identity: CallIdentity, duration: float, call: Records) -> float:
    """Seconds from the recording's time to the next thing that starts one (the call, its answer); infinite: no fit."""
    started = min(record.started_at.timestamp() for record in call)
    length = max((record.ended_at.timestamp() for record in call if record.ended_at), default=inf) - started
    if duration > length + LONGER:
        return inf
    moment = identity.started_at
    if moment is None:
        return 0.0
    starts = {each.timestamp() for r in call for each in (r.started_at, r.answered_at, r.recording_started_at) if each}
    latest = started + min(length - duration + LONGER, LONGEST_CALL.total_seconds()) + CLOCKS_APART  # it ends in time
    fitting = [each for each in _seconds(moment, call) if started - CLOCKS_APART <= each <= latest]
    return min((abs(each - start) for each in fitting for start in starts), default=inf)


def _seconds(moment: datetime, call: Records) -> set[float]:
    """A moment in seconds since 1970; one without a zone as the clocks show it where the records were written.

    Those of one call may stand in several zones: a queue log counts UTC, the CDR beside it has the local time.
    """
    if moment.tzinfo is not None:
        return {moment.timestamp()}
    return {moment.replace(tzinfo=record.started_at.tzinfo).timestamp() for record in call}


def _agreement(identity: CallIdentity, call: Records) -> int:
    """How much else is the same: the way of the call, the manager."""
    known = (identity.direction is not Direction.UNKNOWN, identity.manager != "")
    same = (
        any(record.direction is identity.direction for record in call),
        any(record.manager == identity.manager for record in call),
    )
    return sum(knows and agrees for knows, agrees in zip(known, same, strict=True))


def _is_between_colleagues(identity: CallIdentity, call: Records) -> bool:
    """Whether the recording is of two colleagues only: the question back before a transfer bears the call's id too."""
    if identity.direction is not Direction.INTERNAL:
        return False
    return any(record.direction in OPPOSITE for record in call)


def _goes_the_other_way(identity: CallIdentity, call: Records) -> bool:
    """Whether the customer called where the recording says that he was called, or the other way round."""
    told = {record.direction for record in call} & OPPOSITE
    return identity.direction in OPPOSITE and told != set() and identity.direction not in told


def _is_far(identity: CallIdentity, call: Records) -> bool:
    """Whether the recording was made on quite another day than the call."""
    if identity.started_at is None:
        return False
    started = min(record.started_at.timestamp() for record in call)
    return all(abs(each - started) > FAR.total_seconds() for each in _seconds(identity.started_at, call))


def _of_part(identity: CallIdentity, records: Records) -> Records:
    """The records as they are of the part that was recorded: that of a colleague who took the call over is his.

    He is known by name where the recording says so and does not begin with the call: how long it rang before, and who
    was transferred until then, is nothing of his.
    """
    taken = [each for record in records for each in record.transfers if each.to == identity.manager != ""]
    if not taken or any(record.manager == identity.manager for record in records):
        return records
    at = min(each.at for each in taken)
    moment, begun = identity.started_at, min(record.started_at for record in records)
    if moment is not None:
        middle = (begun.timestamp() + at.timestamp()) / 2
        if all(each < middle for each in _seconds(moment, records)):
            return records
    return tuple(
        replace(
            record,
            started_at=at.astimezone(record.started_at.tzinfo),
            manager=identity.manager,
            ring_seconds=None,
            ring_by="",
            no_ring_why=OF_A_COLLEAGUE,
            hold_seconds=None,
            num_holds=None,
            transfers=tuple(each for each in record.transfers if each.at > at),
        )
        for record in records
    )
