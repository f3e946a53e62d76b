"""Events of MANGO OFFICE as a company's own server keeps them: JSON lines of call, summary and recording events.

The vendor posts them as they happen: `call_state` Appeared -> Connected -> OnHold -> Disconnected of each leg
(`call_id`) of a call (`entry_id`), in an order that is not the order of time: `seq` counts within a leg. `timestamp`
is seconds since 1970. A line may be the event itself or hold it under `json` or `body` (VPBX API 1.9, 3.1; TELEPHONY
3.4). The ring time is from the first Appeared at an employee's phone to the first Connected.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallRecord
from qa_engine.telephony.grouping import grouped
from qa_engine.telephony.mango_calls import MOSCOW, MangoCall, call_record
from qa_engine.telephony.mango_event_legs import event_legs, is_answered, side, summary_legs
from qa_engine.telephony.reader import Problems, ReadingOptions
from qa_engine.telephony.record_files import read_json_objects
from qa_engine.telephony.row_values import (
    PlainRow,
    RecordsFile,
    RowValues,
    as_text,
    some_calls,
    without_repeats,
)

__all__ = ["MANGO_EVENTS"]

DIRECTIONS = {"0": Direction.INTERNAL, "1": Direction.INBOUND, "2": Direction.OUTBOUND}  # call_direction of a summary
RESULTS = {"0": False, "1": True}  # entry_result
OUTSIDE = {Direction.INBOUND: "from", Direction.OUTBOUND: "to"}
LEFT_OUT = "4002"  # completion_code: the recording was too short to be kept
SOURCE = "mango office events"


class MangoEventsReader:
    """Reads a log of events."""

    name = "mango-events"
    title = "MANGO OFFICE events (JSON lines)"

    def fits(self, beginning: str) -> bool:
        """Whether states of calls by entry_id, or summaries of them, stand in the beginning."""
        plain = beginning.replace('\\"', '"')
        return '"entry_id"' in plain and ('"call_state"' in plain or '"entry_result"' in plain)

    def read(self, path: Path, options: ReadingOptions, problems: Problems) -> Iterator[CallRecord]:
        """The calls, each once, from all its events in whatever order they stand."""
        file = RecordsFile(path, options.time_zone or MOSCOW, problems)
        groups = grouped(_rows(path, options, problems), lambda row: as_text(row[1].get("entry_id")))
        calls = (_call([RowValues(*row, file) for row in rows]) for rows in groups)
        return some_calls((call_record(call) for call in calls if call), path, self.title, problems)


def _rows(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[PlainRow]:
    for item in read_json_objects(path, encoding=options.encoding, problems=problems, whole=True):
        event = _event(item.values)
        if as_text(event.get("entry_id")):
            yield item.line, event
        else:
            problems.add(item.line, "no entry_id: it is no event of a call and was left out")


def _event(values: dict[str, object]) -> dict[str, object]:
    for name in ("json", "body", "payload"):
        inside = values.get(name)
        if isinstance(inside, str):
            try:
                inside = json.loads(inside)
            except ValueError:
                continue
        if isinstance(inside, dict):
            return _event(inside)
    return values


def _call(posted: Sequence[RowValues]) -> MangoCall | None:
    events = sorted(posted, key=_order)
    summary = next((event for event in events if event.text("entry_result")), None)
    states = [event for event in events if event.text("call_state")]
    moments = [at for event in states if (at := event.moment("timestamp")) is not None]
    started_at = (summary.moment("create_time") if summary else None) or min(moments, default=None)
    if started_at is None:
        posted[0].file.problems.add(posted[0].line, "no time of the call in its events: it was left out")
        return None
    first = summary or states[0]
    direction = _direction(first)
    legs, ring_by = event_legs(states, direction), "events"
    if summary and not any(leg.answered_at for leg in legs) and (told := summary_legs(summary, direction)):
        legs, ring_by = told, "talk_time of the summary"
    recordings = [event for event in events if event.text("recording_id") and event.text("completion_code") != LEFT_OUT]
    return MangoCall(
        first.text("entry_id"),
        SOURCE,
        direction,
        started_at,
        caller=side(first, "from"),
        customer=first.inside(OUTSIDE[direction]).text("number") if direction in OUTSIDE else "",
        legs=legs,
        ended_at=(summary.moment("end_time") if summary else None) or max(moments, default=None),
        answered=RESULTS.get(summary.text("entry_result")) if summary else is_answered(states) or None,
        reason=next((reason for event in reversed(events) if (reason := event.text("disconnect_reason"))), ""),
        queue=next((group for event in states if (group := event.inside("to").text("acd_group"))), ""),
        ids=without_repeats(event.text(name) for event in events for name in ("call_id", "sip_call_id")),
        recordings=without_repeats(event.text("recording_id") for event in recordings),
        recording_started_at=min(_starts(recordings), default=None),
        ring_by=ring_by,
    )


def _order(event: RowValues) -> tuple[str, int, str]:
    seq = event.text("seq")
    return event.text("timestamp"), int(seq) if seq.isdigit() else 0, event.text("call_id")


def _starts(recordings: Sequence[RowValues]) -> Iterator[datetime]:
    for event in recordings:
        if event.text("recording_state") == "Started" and (at := event.moment("timestamp")) is not None:
            yield at


def _direction(event: RowValues) -> Direction:
    """By the summary, or else by who has an extension."""
    if event.text("call_direction"):
        return DIRECTIONS.get(event.text("call_direction"), Direction.UNKNOWN)
    if not event.inside("from").text("extension"):
        return Direction.INBOUND
    return Direction.INTERNAL if event.inside("to").text("extension") else Direction.OUTBOUND


MANGO_EVENTS = MangoEventsReader()
