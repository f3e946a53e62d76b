"""Asterisk's call detail records: ``Master.csv``, custom and adaptive CSV, FreePBX, a dump of the table `cdr`.

One row is one attempt to reach somebody; the rows of a call share a linkedid. Ring time is where these records
mislead: `answer` is the moment when the *caller's* channel was answered, and an IVR, an announcement or a queue answers
it long before a phone rings (main/cdr.c, TELEPHONY 3.1). So `duration - billsec` counts only for a plain Dial that
nothing answered before; else the ring is taken from the legs, the rows of the Local channels on which each phone was
rung, and where there are none it is unknown. A dialplan that waits a second before it answers looks like a short ring:
the queue log and CEL know better. Holds do not appear in these records at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome, CallRecord, Leg, RecordedTransfer
from qa_engine.telephony.asterisk_cdr_rows import CdrRow, is_cdr, read_cdr_rows
from qa_engine.telephony.asterisk_channels import extension_of, is_local, other_half, peer_of
from qa_engine.telephony.clock_check import with_checked_clock
from qa_engine.telephony.grouping import grouped
from qa_engine.telephony.phone_numbers import is_extension
from qa_engine.telephony.reader import Problems, ReadingOptions
from qa_engine.telephony.row_values import some_calls, without_repeats

__all__ = ["ASTERISK_CDR", "AsteriskCdr"]

FROM_OUTSIDE = re.compile(r"from-(?:trunk|pstn|did|zaptel|dahdi|external|sip-external)|ext-did|incoming", re.IGNORECASE)
BY_MACHINE = re.compile(r"ivr|app-announcement|ext-queues|disa", re.IGNORECASE)  # FreePBX: where a machine had answered
DIALS = frozenset({"dial", "followme", "retrydial"})  # apps that ring a phone as soon as they begin
VOICEMAIL = frozenset({"voicemail", "minivmrecord"})
MACHINES = VOICEMAIL | {
    "answer", "background", "busy", "congestion", "directory", "echo", "ivr", "musiconhold", "playback", "playtones",
    "read", "record", "voicemailmain", "wait", "waitexten",
}  # fmt: skip
LONG_WAY = "the dialplan (an IVR, an announcement or a queue) answered before a phone rang, and no row tells of its leg"
NO_APP = "the file has no column lastapp: a call that a dialplan answered cannot be told from one that a person did"


@dataclass(frozen=True, slots=True)
class AsteriskCdr:
    """Reads call detail records."""

    name: str = "asterisk-cdr"
    title: str = "Asterisk CDR (Master.csv, CSV with a header, FreePBX, database dump)"

    def fits(self, beginning: str) -> bool:
        """Whether the first lines of a file look like call detail records."""
        return is_cdr(beginning)

    def read(self, path: Path, options: ReadingOptions, problems: Problems) -> Iterator[CallRecord]:
        """The calls of a file; raises RecordsError for missing columns, no time zone, no rows."""
        groups = grouped(read_cdr_rows(path, options, problems), _key)
        calls = with_checked_clock((_Rows.of(rows, options).call() for rows in groups), problems)
        return some_calls(calls, path, self.title, problems)


ASTERISK_CDR = AsteriskCdr()


def _key(row: CdrRow) -> str:
    return row.linkedid or row.uniqueid or f"{row.start.isoformat()} {row.channel} {row.src} {row.dst}"


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one call in their order, and what they say together."""

    rows: tuple[CdrRow, ...]
    options: ReadingOptions

    @classmethod
    def of(cls, rows: Sequence[CdrRow], options: ReadingOptions) -> _Rows:
        """The rows in order; one that stands twice in the file counts once."""
        return cls(tuple(sorted(set(rows), key=lambda row: (row.start, row.sequence, row.line))), options)

    def call(self) -> CallRecord:
        """The call of these rows."""
        direction, first = self._direction(), self.rows[0]
        answered, legs = self._answered(), self._legs()
        picked_up = _leg_of(answered[0], legs) if answered else None
        ring, ring_by, why = self._ring(answered, picked_up)
        moments = [moment for row in self.rows for moment in (row.start, row.answer, row.end) if moment]
        return CallRecord(
            system="asterisk cdr",
            record_id=first.linkedid or first.uniqueid or sha256(_key(first).encode()).hexdigest()[:16],
            started_at=first.start,
            direction=direction,
            manager=self._manager(direction, answered, picked_up, legs),
            customer=self._customer(direction, answered),
            outcome=self._outcome(answered),
            answered_at=picked_up.answered_at if picked_up else None,
            ended_at=max((row.end for row in self.rows if row.end), default=None),
            ring_seconds=ring,
            ring_by=ring_by,
            no_ring_why=why,
            wait_seconds=(_answer_of(picked_up) - first.start).total_seconds() if picked_up else None,
            transfers=self._transfers(answered),
            resolution=1e-6 if any(moment.microsecond for moment in moments) else 1.0,
            ids=without_repeats(name for row in self.rows for name in (row.linkedid, row.uniqueid)),
            recordings=without_repeats(name for row in self.rows for name in row.recordings),
            queue=self._queue(),
            legs=legs,
        )

    def _direction(self) -> Direction:
        first = self.rows[0]
        phone = extension_of(first.channel, self.options)
        short_source = is_extension(first.src, self.options)
        short_goal = is_extension(first.dst, self.options) or first.dst.startswith("*")
        if FROM_OUTSIDE.match(first.context):
            return Direction.INBOUND
        if phone or (short_source and (not short_goal or first.context.startswith("from-internal"))):
            return Direction.INTERNAL if short_goal else Direction.OUTBOUND
        if short_source and not first.channel:
            return Direction.INTERNAL
        return Direction.INBOUND if first.src or first.channel else Direction.UNKNOWN

    def _attempts(self) -> Iterator[CdrRow]:
        """The rows that ring somebody; one that only leads into a Local channel whose far end has a row does not."""
        channels = {row.channel for row in self.rows if row.channel}
        return (row for row in self.rows if row.dstchannel and other_half(row.dstchannel) not in channels)

    def _answered(self) -> tuple[CdrRow, ...]:
        """The rows in which a person was reached, the first answer first."""
        found = [row for row in self._attempts() if row.disposition == "ANSWERED" and row.app.lower() not in MACHINES]
        return tuple(sorted(found, key=lambda row: (row.answer or row.start, row.sequence)))

    def _party(self, row: CdrRow) -> str:
        """Whom the row rings: an extension, the dialled number where a line leads outside, a name."""
        phone = extension_of(row.dstchannel, self.options)
        return phone or (row.dst if len(row.dst) > self.options.extension_digits else peer_of(row.dstchannel))

    def _was_up(self, row: CdrRow) -> bool:
        """Whether the channel that rings was answered before it began to ring: its answer then tells nothing."""
        earlier = [each for each in self.rows[: self.rows.index(row)] if each.channel == row.channel]
        if BY_MACHINE.match(row.context) or any(each.answer and each.answer < row.start for each in earlier):
            return True
        return row.answer is not None and row.answer <= row.start

    def _knows_its_beginning(self, row: CdrRow) -> bool:
        """Whether the row began when the phone began to ring, and not when the call came in."""
        again = any(each.channel == row.channel for each in self.rows[: self.rows.index(row)])
        return is_local(row.channel) or again or (row.app.lower() in DIALS and not self._was_up(row))

    def _legs(self) -> tuple[Leg, ...]:
        """The attempts whose times the rows know."""
        return tuple(
            Leg(self._party(row), row.start, row.answer if row.disposition == "ANSWERED" else None, row.end)
            for row in self._attempts()
            if self._knows_its_beginning(row) and not (row.disposition == "ANSWERED" and self._was_up(row))
        )

    def _ring(self, answered: Sequence[CdrRow], picked_up: Leg | None) -> tuple[float | None, str, str]:
        if not answered:
            return None, "", "nobody answered"
        if not any(row.app for row in self.rows):
            return None, "", NO_APP
        first = answered[0]
        if picked_up is None or picked_up.answered_at is None:
            return None, "", LONG_WAY
        rung = [row for row in self._attempts() if row.start <= picked_up.answered_at]
        if not all(self._knows_its_beginning(row) for row in rung):
            return None, "", LONG_WAY
        seconds = (picked_up.answered_at - min(row.start for row in rung)).total_seconds()
        alone = len(rung) == 1 and not is_local(first.channel)
        return seconds, "duration - billsec" if alone else "legs", ""

    def _manager(
        self, direction: Direction, answered: Sequence[CdrRow], picked_up: Leg | None, legs: Sequence[Leg]
    ) -> str:
        first = self.rows[0]
        if direction is Direction.OUTBOUND:
            return extension_of(first.channel, self.options) or first.src
        if answered:
            return picked_up.party if picked_up else self._party(answered[0])
        rung = [self._party(row) for row in self._attempts()]
        return legs[-1].party if legs else rung[-1] if rung else ""

    def _customer(self, direction: Direction, answered: Sequence[CdrRow]) -> str:
        if direction is not Direction.OUTBOUND:
            return self.rows[0].src
        return (answered[0] if answered else self.rows[0]).dst

    def _outcome(self, answered: Sequence[CdrRow]) -> CallOutcome:
        if answered:
            return CallOutcome.ANSWERED
        if any(row.app.lower() in VOICEMAIL for row in self.rows):
            return CallOutcome.VOICEMAIL
        tried = {row.disposition for row in self._attempts()} or {row.disposition for row in self.rows}
        if tried == {"BUSY"}:
            return CallOutcome.BUSY
        return CallOutcome.FAILED if tried <= {"FAILED", "CONGESTION"} else CallOutcome.MISSED

    def _transfers(self, answered: Sequence[CdrRow]) -> tuple[RecordedTransfer, ...]:
        """The later answers of other phones: rung by the manager's own phone (attended), or by the caller's line."""
        transfers: list[RecordedTransfer] = []
        current = ""
        for row in answered:
            phone = extension_of(row.dstchannel, self.options)
            caller = extension_of(row.channel, self.options) if not is_local(row.channel) else ""
            if not current or not phone:
                current = current or phone or caller
            elif phone != current:
                transfers.append(self._transfer(row, phone, caller == current))
                current = phone
            elif transfers and transfers[-1].kind == "attended" and not caller:
                transfers[-1] = RecordedTransfer(row.start, phone, "attended")  # now the customer is with the new one
        return tuple(transfers)

    def _transfer(self, row: CdrRow, phone: str, attended: bool) -> RecordedTransfer:
        if attended:
            return RecordedTransfer(row.end or row.start, phone, "attended")
        wait = None if row.answer is None or self._was_up(row) else (row.answer - row.start).total_seconds()
        return RecordedTransfer(row.start, phone, "blind", wait)

    def _queue(self) -> str:
        named = [row.data.partition(",")[0] for row in self.rows if row.app.lower() == "queue"]
        return next(iter([*named, *(row.dst for row in self.rows if row.context == "ext-queues")]), "")


def _leg_of(row: CdrRow, legs: Sequence[Leg]) -> Leg | None:
    return next((leg for leg in legs if (leg.started_at, leg.answered_at) == (row.start, row.answer)), None)


def _answer_of(leg: Leg) -> datetime:
    return leg.answered_at or leg.started_at
