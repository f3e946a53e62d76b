"""The extended statistics of MANGO OFFICE (stats/calls/result): JSON, one object per call with its legs.

Times are seconds since 1970, UTC (VPBX API 1.9, 3.4.2.3). A leg to a group has the phones that rang as `members`.
The flags BlindTransfer and ConsultTransfer stand at a leg that was transferred; where one follows, that is where to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

from qa_engine.domain.call_identity import Direction
from qa_engine.telephony.grouping import grouped
from qa_engine.telephony.mango_calls import MangoCall, MangoLeg
from qa_engine.telephony.reader import Problems, ReadingOptions
from qa_engine.telephony.record_files import is_extension, read_json_objects
from qa_engine.telephony.row_values import PlainRow, RecordsFile, RowValues, as_text, without_repeats

__all__ = ["extended_calls"]

DIRECTIONS = {"1": Direction.INBOUND, "2": Direction.OUTBOUND, "3": Direction.INTERNAL}  # context_type
OUTSIDE = {Direction.INBOUND: "caller_number", Direction.OUTBOUND: "called_number"}
STATUSES = {"0": False, "1": True}  # context_status
SOURCE = "mango office extended statistics"


def extended_calls(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[MangoCall]:
    """The calls of a file, each once."""
    file = RecordsFile(path, UTC, problems)
    for rows in grouped(_rows(path, options, problems), lambda row: as_text(row[1].get("entry_id"))):
        call = _call(RowValues(*rows[-1], file), options)  # told twice: the later is the more complete
        if call is not None:
            yield call


def _rows(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[PlainRow]:
    for item in read_json_objects(path, encoding=options.encoding, problems=problems, whole=True):
        for values in _calls_in(item.values):
            if as_text(values.get("entry_id")):
                yield item.line, values
            else:
                problems.add(item.line, "no entry_id: it is no call of the statistics and was left out")


def _calls_in(values: object) -> Iterator[dict[str, object]]:
    """The calls in an answer ({data: [{list: [...]}]}), in one of its parts, or the call itself."""
    inside = values.get("data", values.get("list")) if isinstance(values, dict) else values
    if isinstance(inside, list):
        for item in inside:
            yield from _calls_in(item)
    elif isinstance(inside, dict):
        yield from _calls_in(inside)
    elif isinstance(values, dict):
        yield values


def _call(row: RowValues, options: ReadingOptions) -> MangoCall | None:
    top = row.rows("context_calls")
    told = [*top, *(member for leg in top for member in leg.rows("members"))]
    legs = _legs(top, options)
    started_at = row.moment("context_start_time") or (legs[0].started_at if legs else None)
    if started_at is None:
        row.file.problems.add(row.line, "no context_start_time that can be read: the call was left out")
        return None
    duration = row.seconds("duration")
    direction = DIRECTIONS.get(row.text("context_type"), Direction.UNKNOWN)
    return MangoCall(
        row.text("entry_id"),
        SOURCE,
        direction,
        started_at,
        caller=_name(row.text("caller_name"), row.text("caller_number"), options),
        customer=row.text(OUTSIDE[direction]) if direction in OUTSIDE else "",
        legs=legs,
        ended_at=None if duration is None else started_at + timedelta(seconds=duration),
        answered=None if legs else STATUSES.get(row.text("context_status")),
        reason=told[-1].text("call_end_reason") if told else "",
        queue=next((leg.text("call_abonent_info") for leg in top if leg.text("call_type") == "group"), ""),
        ids=tuple(leg.text("external_call_id") for leg in told),
        recordings=without_repeats(sid for leg in told for sid in leg.texts("recording_id")),
    )


def _legs(top: Sequence[RowValues], options: ReadingOptions) -> tuple[MangoLeg, ...]:
    """The phones' legs in order of time; the one that a transferred leg was passed on to bears its kind."""
    found = [
        (leg, _transfer(row) or (_transfer(outer) if row.values is _main_phone(outer).values else ""))
        for outer in top
        for row in _phones(outer)
        if (leg := _leg(row, options)) is not None
    ]
    found.sort(key=lambda item: item[0].started_at)
    marked = [""] * len(found)
    for i, (_, kind) in enumerate(found):
        following = next((j for j in range(i + 1, len(found)) if _follows(found[i][0], found[j][0])), None)
        if kind and not marked[i]:
            marked[i if following is None else following] = kind
    return tuple(replace(leg, transfer=kind) for (leg, _), kind in zip(found, marked, strict=True))


def _phones(leg: RowValues) -> tuple[RowValues, ...]:
    return leg.rows("members") or (leg,)


def _main_phone(leg: RowValues) -> RowValues:
    """The phone of a group that answered, or else its first: it bears the flags of the group."""
    phones = _phones(leg)
    return next((phone for phone in phones if phone.text("call_answer_time")), phones[0])


def _follows(leg: MangoLeg, other: MangoLeg) -> bool:
    return leg.answered_at is not None and other.started_at >= leg.answered_at


def _transfer(leg: RowValues) -> str:
    if leg.text("BlindTransfer") == "true":
        return "blind"
    return "attended" if leg.text("ConsultTransfer") == "true" else ""


def _leg(row: RowValues, options: ReadingOptions) -> MangoLeg | None:
    started_at = row.moment("call_start_time")
    if started_at is None:  # the vendor's own: a conference has elements without times
        return None
    answered_at = row.moment("call_answer_time")
    hold = row.seconds("hold_duration")
    party = _name(row.text("call_abonent_info"), row.text("call_abonent_number"), options)
    return MangoLeg(party, started_at, answered_at, row.moment("call_end_time"), hold)


def _name(name: str, number: str, options: ReadingOptions) -> str:
    """The extension, or else the name; a number or a SIP account where there is no name."""
    return number if is_extension(number, options) else name or number
