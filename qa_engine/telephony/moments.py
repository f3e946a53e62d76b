"""Moments as phone systems write them, made aware of their time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path

from qa_engine.errors import RecordsError

__all__ = ["parse_moment"]

NUMBER = re.compile(r"\d+(?:\.\d+)?")
DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(.*)")  # 20.11.2026 10:15:02
YEARS = range(1980, 2100)  # outside of them it is the "never" of a system: 0, 0000-00-00, 1970-01-01
EPOCHS = {9: 1.0, 10: 1.0, 13: 1e3, 16: 1e6}  # seconds, milliseconds, microseconds by the number of digits
STAMP_DIGITS = 14  # 20261120101502


def parse_moment(text: str, zone: tzinfo | None, *, path: Path | None = None) -> datetime | None:
    """The moment that `text` names, aware, with the fixed offset of its place and day; None: empty, never, unreadable.

    ISO 8601 with or without a zone, ``YYYY/MM/DD``, ``DD.MM.YYYY``, 14 digits, seconds (or ms, µs) since 1970, RFC
    2822. One without a zone is of `zone`, one in UTC is told by the clock of `zone` where that is given; of two moments
    of the night when clocks go back it is the first. The offset is fixed so that differences are true seconds. Raises
    RecordsError, naming `path`, where a zone is needed and None.
    """
    text = text.strip()
    found = _parse(text) if text else None
    if found is None or found.year not in YEARS:
        return None
    if found.tzinfo is None:
        if zone is None:
            raise RecordsError(
                f"the moments in {path or 'the call records'} name no time zone: say which one the phone system "
                "writes, with --time-zone Europe/Moscow (any IANA name; UTC for Asterisk with usegmtime=yes)"
            )
        found = found.replace(tzinfo=zone, fold=0)
    elif found.utcoffset() == timedelta() and zone is not None:
        found = found.astimezone(zone)  # an epoch or UTC names no place: the day is that of the office
    return found.replace(tzinfo=_fixed(found.utcoffset() or timedelta()))


def _parse(text: str) -> datetime | None:
    try:
        if NUMBER.fullmatch(text):
            return _of_number(text)
        if found := DAY_FIRST.fullmatch(text):
            day, month, year, rest = found.groups()
            text = f"{year}-{month:0>2}-{day:0>2}{rest.replace(',', ' ', 1).rstrip()}"
            text = re.sub(r"(?<=\d{4}-\d\d-\d\d) +(?=\d)", " ", text)
        if text[0].isalpha() or (text[0].isdigit() and "-" not in text and "/" not in text):
            return _of_mail(text)
        return datetime.fromisoformat(_iso(text))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _of_number(text: str) -> datetime | None:
    whole = text.partition(".")[0]
    if len(whole) == STAMP_DIGITS:
        return datetime.strptime(whole, "%Y%m%d%H%M%S")
    per_second = EPOCHS.get(len(whole))
    if per_second is None:
        return None
    seconds, _, fraction = text.partition(".")
    if per_second == 1.0:  # whole numbers: a float would lose microseconds
        return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(f"{fraction:0<6}"[:6]))
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(whole) * int(1e6 / per_second))


def _of_mail(text: str) -> datetime:
    found = parsedate_to_datetime(text)  # Fri, 20 Nov 2026 07:15:02 +0000
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)  # "-0000": UTC, RFC 2822 3.3


def _iso(text: str) -> str:
    if text.endswith(" UTC"):
        text = f"{text[:-4]}+00:00"
    text = text.replace("/", "-")
    return re.sub(r"\.(\d{6})\d+", r".\1", text) if "." in text else text.replace(" +", "+")


@lru_cache(maxsize=256)
def _fixed(offset: timedelta) -> timezone:
    return timezone(offset)
