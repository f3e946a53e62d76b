"""The same time by sound and by the phone system's record: both are kept, and one of them counts.

Sound hears what the customer heard, to a few hundredths of a second, but only what was recorded. Records know the whole
call, in whole seconds, and what a dialplan did without anybody noticing (TELEPHONY 0 and 3.1). Where the two differ by
more than their errors the record counts, with the difference as its uncertainty: near a limit a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from qa_engine.domain.call_record import CallRecord
from qa_engine.domain.timings import Comparison, RecordedTimes, Ringing, Timings

__all__ = ["AGREE", "reconcile"]

AGREE = 1.0  # seconds by which sound and record may differ besides their own errors: a clock's step, the network

AT_FIRST_SAMPLE = 0.05  # seconds: it rang before the recording began

ONLY_SOUND = "the record does not tell it"
ONLY_RECORD = "the sound does not tell it"
SOUND_IS_FINER = "they agree; the sound is finer"
RECORD_IS_FINER = "they agree; the record is finer than the sound's uncertainty"
RECORDED_LATE = "they differ: the recording begins while it already rings"
THEY_DIFFER = "they differ: the record knows the whole call, the difference is the uncertainty"
HEARD_IN_PLACE = "the sound says when each was; the record only how long all were"
COUNTED_BY_RECORD = "the record knows transfers that cannot be heard"
COUNTED_BY_SOUND = "the sound and the words tell when"


def reconcile(timings: Timings, record: CallRecord, *, matched_by: str) -> Timings:
    """The times with the record's beside them; `ringing` is the one that counts."""
    ringing, ring = _ringing(timings.ringing, record)
    compared = (ring, _holds(timings, record), _transfers(timings, record))
    known = tuple(each for each in compared if each is not None)
    return replace(timings, ringing=ringing, recorded=RecordedTimes(record.system, record.record_id, matched_by, known))


def _ringing(heard: Ringing, record: CallRecord) -> tuple[Ringing, Comparison]:
    audio, told = (heard.seconds if heard.measured else None), record.ring_seconds
    if told is None:
        return heard, Comparison("ring_seconds", audio, None, "audio", record.no_ring_why or ONLY_SOUND)
    if audio is None:
        return _by_record(heard, record, record.resolution), Comparison(
            "ring_seconds", None, told, "records", ONLY_RECORD
        )
    return _both(heard, record, audio, told)


def _both(heard: Ringing, record: CallRecord, audio: float, told: float) -> tuple[Ringing, Comparison]:
    uncertainty = heard.uncertainty or 0.0
    difference = told - audio
    if abs(difference) <= AGREE + uncertainty + record.resolution:
        if uncertainty <= record.resolution:
            counted, counts, why = replace(heard, source=_joined(heard.source)), "audio", SOUND_IS_FINER
        else:
            counted, counts, why = _by_record(heard, record, record.resolution), "records", RECORD_IS_FINER
    elif difference > 0 and heard.start is not None and heard.start <= AT_FIRST_SAMPLE:
        counted, counts, why = _otherwise(heard, record, record.resolution), "records", RECORDED_LATE
    else:
        counted, counts, why = _otherwise(heard, record, abs(difference)), "records", THEY_DIFFER
    return counted, Comparison("ring_seconds", audio, told, counts, why)


def _by_record(heard: Ringing, record: CallRecord, uncertainty: float) -> Ringing:
    """The record's figure; where in the recording it rang stays what was heard."""
    source = _joined(heard.source) if heard.measured else "records"
    return replace(
        heard,
        measured=True,
        why="",
        seconds=record.ring_seconds,
        uncertainty=round(uncertainty, 3),
        source=source,
    )


def _otherwise(heard: Ringing, record: CallRecord, uncertainty: float) -> Ringing:
    """The record's figure where it is not what was heard: the rings that were counted are not all, or not its rings."""
    return replace(_by_record(heard, record, uncertainty), rings=None)


def _joined(source: str) -> str:
    return "+".join(_each_once([*(source or "audio").split("+"), "records"]))


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _holds(timings: Timings, record: CallRecord) -> Comparison | None:
    if record.hold_seconds is None:
        return None
    if not timings.holds_measured:
        return Comparison("hold_seconds", None, record.hold_seconds, "records", ONLY_RECORD)
    heard = round(sum(hold.seconds for hold in timings.holds), 3)
    return Comparison("hold_seconds", heard, record.hold_seconds, "audio", HEARD_IN_PLACE)


def _transfers(timings: Timings, record: CallRecord) -> Comparison | None:
    if not record.transfers:
        return None
    heard = float(len(timings.transfers)) if timings.holds_measured or timings.transfers else None
    told = float(len(record.transfers))
    more = heard is None or told > heard
    counts, why = ("records", COUNTED_BY_RECORD) if more else ("audio", COUNTED_BY_SOUND)
    return Comparison("transfers", heard, told, counts, why)
