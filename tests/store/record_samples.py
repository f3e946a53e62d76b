"""Call records for the tests: one line says what matters, the rest is usual."""

from __future__ import annotations

from datetime import datetime, timedelta

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome, CallRecord, Leg, RecordedTransfer

NUMBER = "+7 (999) 000-00-01"
OTHER = "89990000002"


def record(name: str = "1732087200.1", started_at: str = "2024-11-20T10:20:00+03:00", **more) -> CallRecord:
    started = datetime.fromisoformat(started_at)
    usual = {
        "direction": Direction.INBOUND,
        "manager": "101",
        "customer": NUMBER,
        "outcome": CallOutcome.ANSWERED,
        "answered_at": started + timedelta(seconds=9),
        "ended_at": started + timedelta(seconds=129),
        "ring_seconds": 9.0,
        "ring_by": "legs",
        "ids": (name,),
        "recordings": (f"in-101-{name}.wav",),
        "legs": (Leg("101", started, started + timedelta(seconds=9)),),
        "transfers": (RecordedTransfer(started + timedelta(seconds=60), "102", "blind", 7.5),),
    }
    return CallRecord(more.pop("system", "asterisk cdr"), name, started, **usual | more)
