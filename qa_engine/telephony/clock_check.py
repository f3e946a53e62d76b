"""Whether the time zone that was said fits: ids of calls count UTC, so a clock that is hours away shows.

A unique id of Asterisk (``pbx-1-1363624362.2``) holds the seconds since 1970 when its channel was made (TELEPHONY 2.2);
a call id of 3CX (``00000171DEE41BB3_2501``) the milliseconds, hexadecimal (measured on a public day of 3CX records: the
same second as time-start, less the time zone, in every line).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from qa_engine.domain.call_record import CallRecord
from qa_engine.telephony.reader import Problems

__all__ = ["made_at", "with_checked_clock"]

ASTERISK_ID = re.compile(r"^(?:.+-)?(\d{9,11})\.\d+$")
THREE_CX_ID = re.compile(r"^(00000[0-9A-F]{11})_\d+$")  # eleven digits reach to the year 2527
QUARTER = 900  # seconds: time zones differ by quarters of an hour
NO_TIME = timedelta()
NEAR = 120  # seconds between the making of an id and the first record of its call


def made_at(call_id: str) -> datetime | None:
    """When an id was made, UTC; None where it does not tell."""
    if found := ASTERISK_ID.match(call_id.strip()):
        return datetime.fromtimestamp(int(found[1]), UTC)
    if found := THREE_CX_ID.match(call_id.strip()):
        return datetime.fromtimestamp(int(found[1], 16) / 1000, UTC)
    return None


def with_checked_clock(calls: Iterator[CallRecord], problems: Problems) -> Iterator[CallRecord]:
    """The calls as they are; tells at the end where their moments lie hours apart from the ids (UTC)."""
    shifts: Counter[tuple[int, float]] = Counter()  # quarters of an hour, and the hours from UTC that were said
    for call in calls:
        made = next((moment for name in call.ids if (moment := made_at(name))), None)
        if made is not None:
            seconds = (call.started_at - made).total_seconds()
            quarters = round(seconds / QUARTER)
            if abs(seconds - quarters * QUARTER) <= NEAR:
                shifts[quarters, (call.started_at.utcoffset() or NO_TIME).total_seconds() / 3600] += 1
        yield call
    quarters, said = max(shifts, key=lambda each: shifts[each], default=(0, 0.0))
    if quarters:
        hours = quarters * QUARTER / 3600
        problems.add(
            0,
            f"the moments were read as UTC{said:+g} h and lie {hours:+g} h from the ids of the calls, which count UTC: "
            f"the phone system writes UTC{said + hours:+g} h. Import the file again with the --time-zone of that "
            "(Asterisk with usegmtime=yes: UTC)",
        )
