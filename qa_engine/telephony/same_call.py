"""Records of several systems about one call (CDR, queue log, CEL): brought together by their ids, made one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta, tzinfo
from typing import Any

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome, CallRecord
from qa_engine.domain.record_keys import is_telling

__all__ = ["LONGEST_CALL", "combine", "group_calls", "most_telling_first"]

LONGEST_CALL = timedelta(hours=12)  # records further apart share an id by chance: counters of two systems

# What the phone system says of the answer; taken together from records that saw it, never mixed with those of a part
# of the call (a queue the caller left) that did not.
OF_THE_ANSWER = ("outcome", "manager", "answered_at", "wait_seconds")
OF_THE_CALL = (
    "direction",
    "customer",
    "ended_at",
    "hold_seconds",
    "num_holds",
    "transfers",
    "recording_started_at",
    "queue",
    "legs",
)
UNKNOWN = ("", None, (), Direction.UNKNOWN, CallOutcome.UNKNOWN)

Records = tuple[CallRecord, ...]


def group_calls(records: Sequence[CallRecord]) -> tuple[Records, ...]:
    """Records of the same call together: they share an id; calls in the order of their first record.

    Counters that start again ("2") join nothing. Takes time in proportion to the number of records.
    """
    parents = list(range(len(records)))
    last_with: dict[str, int] = {}
    for number, record in enumerate(records):
        for each in {record.record_id, *record.ids}:
            if is_telling(each):
                before = last_with.get(each)
                last_with[each] = number
                if before is not None and _are_near(records[before], record):
                    _join(parents, before, number)
    calls: dict[int, list[CallRecord]] = {}
    for number, record in enumerate(records):
        calls.setdefault(_root(parents, number), []).append(record)
    return tuple(map(tuple, calls.values()))


def most_telling_first(records: Iterable[CallRecord]) -> Records:
    """Records of one call: the finer clock first, of equals the one that knows more, then by time and system."""
    return tuple(sorted(records, key=_tellingness))


def combine(records: Records) -> CallRecord:
    """One record from several about the same call, the most telling first: each field by the first that knows it.

    What is said of the answer comes from records that saw one, if any did. The ring figure is the most trusted one
    (`_ring_trust`) with its own clock's step. The call begins on the local clock if one record knows it: its day is the
    day there. `system` names all: ``asterisk cel + asterisk queue log``.
    Raises ValueError for no records.
    """
    if not records:
        raise ValueError("one record at least is needed to combine")
    if len(records) == 1:
        return records[0]
    answered = [record for record in records if record.outcome is CallOutcome.ANSWERED] or list(records)
    values = {name: _first_known(records, name) for name in OF_THE_CALL}
    values |= {name: _first_known(answered, name) for name in OF_THE_ANSWER}
    return replace(
        records[0],
        started_at=records[0].started_at.astimezone(_local_zone(records)),
        **values,
        **_ring(answered),
        system=" + ".join(_each_once(record.system for record in records)),
        ids=_each_once(each for record in records for each in record.ids),
        recordings=_each_once(each for record in records for each in record.recordings),
    )


def _local_zone(records: Records) -> tzinfo | None:
    """The zone of the first record that is not written in UTC: counters since 1970 say nothing of the place."""
    zones = [record.started_at.tzinfo for record in records if record.started_at.utcoffset()]
    return zones[0] if zones else records[0].started_at.tzinfo


def _ring(answered: Sequence[CallRecord]) -> dict[str, Any]:
    measured = [record for record in answered if record.ring_seconds is not None]
    if not measured:
        return {"no_ring_why": _first_known(answered, "no_ring_why")}
    best = min(measured, key=_ring_trust)
    return {name: getattr(best, name) for name in ("ring_seconds", "ring_by", "no_ring_why", "resolution")}


def _ring_trust(record: CallRecord) -> int:
    """The smaller the better founded the ring figure.

    0: events on a clock finer than a second. 1: the queue's own stopwatch, cut to a whole second once. 2: alert and
    answer both cut to whole seconds, so up to a second off either way. 3: a difference of two totals, true only where
    nothing answered the caller before the phone rang (TELEPHONY 3.1).
    """
    if record.ring_by.startswith("duration -"):
        return 3
    if record.resolution < 1.0:
        return 0
    return 1 if record.ring_by.startswith("ringtime") else 2


def _tellingness(record: CallRecord) -> tuple[float, int, float, str, str]:
    known = sum(getattr(record, name) not in UNKNOWN for name in (*OF_THE_CALL, *OF_THE_ANSWER, "ring_seconds"))
    return (record.resolution, -known, record.started_at.timestamp(), record.system, record.record_id)


def _first_known(records: Sequence[CallRecord], name: str) -> Any:
    values = [getattr(record, name) for record in records]
    return next((value for value in values if value not in UNKNOWN), values[0])


def _each_once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _are_near(one: CallRecord, other: CallRecord) -> bool:
    return abs(one.started_at.timestamp() - other.started_at.timestamp()) <= LONGEST_CALL.total_seconds()


def _join(parents: list[int], one: int, other: int) -> None:
    first, second = sorted((_root(parents, one), _root(parents, other)))
    parents[second] = first


def _root(parents: list[int], number: int) -> int:
    while parents[number] != number:
        parents[number] = parents[parents[number]]
        number = parents[number]
    return number
