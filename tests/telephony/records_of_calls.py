"""Call records for the tests of matching and call-backs: a line says what matters."""

from __future__ import annotations

from datetime import datetime, timedelta

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome, CallRecord

CUSTOMER = "+7 (999) 000-00-01"
MOSCOW = "+03:00"


def at(clock: str, zone: str = MOSCOW) -> datetime:
    """A moment of 20 November 2024, ``10:20:00``; a whole date may be given too."""
    return datetime.fromisoformat((clock if "T" in clock else f"2024-11-20T{clock}") + zone)


def told(
    name: str, clock: str = "10:20:00", *, seconds: float | None = 120.0, zone: str = MOSCOW, **more
) -> CallRecord:
    """A record of a call of so many seconds (None: no end is known)."""
    started = at(clock, zone)
    usual = {
        "direction": Direction.INBOUND,
        "customer": CUSTOMER,
        "outcome": CallOutcome.ANSWERED,
        "ended_at": None if seconds is None else started + timedelta(seconds=seconds),
        "ids": (name,),
    }
    return CallRecord(more.pop("system", "asterisk cdr"), name, started, **usual | more)


def missed(name: str, clock: str, **more) -> CallRecord:
    """An inbound call that rang 20 seconds."""
    return told(name, clock, **{"seconds": 20.0, "outcome": CallOutcome.MISSED} | more)


def outbound(name: str, clock: str, **more) -> CallRecord:
    """A call to the customer, answered."""
    return told(name, clock, **{"direction": Direction.OUTBOUND, "manager": "101"} | more)
