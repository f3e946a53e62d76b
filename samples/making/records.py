"""The phone system's records of a sample day, as Asterisk's ``Master.csv``: what it would have written of these calls.

Half of the calls go through a ring group whose dialplan answers before any phone rings, so that `answer` = `start` and
only the leg tells how long it rang. Stamps are whole seconds. Three calls were missed; of two of them nothing is
recorded but these rows.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

__all__ = ["write_records"]

SEED = 20261120
RING_OF_A_LATE_RECORDING = 6.0  # seconds; the sound cannot tell it
TRUNK, GROUP = "PJSIP/trunk", "600"
MISSED = ((30, "1234", 24), (95, "5678", 31), (170, "", 12))  # minutes after the first call, last digits, seconds
CALLED_BACK = (44, "1234", "101", 9, 71)  # minutes, last digits, who, ring and talk seconds


def write_records(truth: dict[str, Any]) -> str:
    """The rows of the calls in a day's truth, in the column order of Asterisk 12 and later, without a header."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
    dice = random.Random(SEED)
    calls = [call for call in truth["recordings"] if call["duration"]]
    for index, call in enumerate(calls):
        writer.writerows(_rows(call, dice.random(), through_group=index % 2 == 1))
    writer.writerows(_without_recording(calls[0]))
    return file.getvalue()


def _rows(call: dict[str, Any], fraction: float, *, through_group: bool) -> Iterator[list[object]]:
    """One call: the plain Dial, or the ring group's row and its leg; `fraction` of a second at which it began."""
    began = _wall(call["started_at"])
    ring = call["answered_at"] or RING_OF_A_LATE_RECORDING
    answer = _whole(began, fraction + ring)
    lasts = call["duration"] if call["answered_at"] else call["duration"] + ring
    end = _whole(began, fraction + lasts)
    uid = call["file"].rsplit("-", 1)[-1].rsplit(".", 1)[0] if call["file"].count("-") >= 5 else _uid(call)
    suffix = _suffix(uid)
    trunk, phone = f"{TRUNK}-{suffix}", f"PJSIP/{call['manager']['id']}-{suffix}"
    outside = _Row(call["customer"], uid, uid)
    if not through_group:
        yield outside.line(trunk, phone, call["manager"]["id"], (began, answer, end))
        return
    local = f"Local/{call['manager']['id']}@from-queue-{suffix}"
    yield outside.line(trunk, f"{local};1", GROUP, (began, began, end), context="ext-group")
    leg = _Row(call["customer"], _next(uid), uid, sequence=2)
    yield leg.line(f"{local};2", phone, call["manager"]["id"], (began, answer, end), context="from-queue")


def _without_recording(first: dict[str, Any]) -> Iterator[list[object]]:
    """Missed calls, and one call-back."""
    began, number = _wall(first["started_at"]), first["customer"][:-4]
    for minutes, digits, seconds in MISSED:
        start = began + timedelta(minutes=minutes)
        row = _Row(number + digits if digits else "anonymous", f"{int(start.timestamp())}.90", "")
        phone = "PJSIP/102-0000005a"
        yield row.line(f"{TRUNK}-0000005a", phone, "102", (start, None, start + timedelta(seconds=seconds)))
    minutes, digits, who, ring, talk = CALLED_BACK
    start = began + timedelta(minutes=minutes)
    answer = start + timedelta(seconds=ring)
    row = _Row(who, f"{int(start.timestamp())}.91", "")
    times = (start, answer, answer + timedelta(seconds=talk))
    yield row.line(f"PJSIP/{who}-0000005b", f"{TRUNK}-0000005b", number + digits, times, context="from-internal")


class _Row:
    """What stays the same in all rows of a leg."""

    def __init__(self, source: str, uid: str, linked: str, sequence: int = 1) -> None:
        self.source, self.uid, self.linked, self.sequence = source, uid, linked or uid, sequence

    def line(
        self,
        channel: str,
        to_channel: str,
        goal: str,
        times: tuple[datetime, datetime | None, datetime],
        *,
        context: str = "from-trunk",
    ) -> list[object]:
        start, answer, end = times
        billed = int((end - answer).total_seconds()) if answer else 0
        stamps = [start, answer, end]
        return [
            *("", self.source, goal, context, f'"" <{self.source}>', channel, to_channel),
            *("Dial", f"{to_channel.split('-', maxsplit=1)[0]},30,HhTtr"),
            *(f"{stamp:%Y-%m-%d %H:%M:%S}" if stamp else "" for stamp in stamps),
            *(int((end - start).total_seconds()), billed, "ANSWERED" if answer else "NO ANSWER", "DOCUMENTATION"),
            *(self.uid, "", "", self.linked, self.sequence),
        ]


def _suffix(uid: str) -> str:
    """As Asterisk tells the channels of one phone apart."""
    return f"{int(uid.split('.')[1]):08x}"


def _next(uid: str) -> str:
    seconds, count = uid.split(".")
    return f"{seconds}.{int(count) + 1}"


def _uid(call: dict[str, Any]) -> str:
    return f"{int(_wall(call['started_at']).timestamp())}.99"


def _wall(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)


def _whole(began: datetime, seconds: float) -> datetime:
    """A moment as a clock of whole seconds shows it."""
    return began + timedelta(seconds=int(seconds))
