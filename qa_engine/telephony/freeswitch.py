"""Calls of FreeSWITCH from the CDRs of their legs: CSV, JSON (mod_json_cdr) or XML (mod_xml_cdr).

The leg of the caller (A) names the call; the legs to phones (B) hold what counts: when the phone began to ring, when
somebody took it. They are joined by `call_uuid`, or by who made them (`originator`, a queue's member, `bleg_uuid`);
of files with one leg each (``a_*.cdr.xml``) put all legs together: ``cat *.cdr.xml > day.xml``. With A legs alone the
ring time is known where the dialplan did not answer before the bridge. The default CSV template tells neither rings
nor bridges: add ``"${call_uuid}","${progress_epoch}","${bridge_epoch}"`` to it, and a first line with the names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from qa_engine.domain.call_record import CallRecord
from qa_engine.telephony.freeswitch_calls import call_record
from qa_engine.telephony.freeswitch_files import TITLE, fits, leg_rows
from qa_engine.telephony.freeswitch_legs import ORIGINATORS, call_of, leg_of, links_of
from qa_engine.telephony.grouping import grouped
from qa_engine.telephony.reader import Problems, ReadingOptions
from qa_engine.telephony.record_files import header_of, open_text, read_beginning
from qa_engine.telephony.row_values import PlainRow, RecordsFile, RowValues, is_json, some_calls

__all__ = ["FREESWITCH"]

LOOPBACK = "other_loopback_leg_uuid"
CHUNK = 1024 * 1024  # characters searched at a time


class FreeswitchReader:
    """Reads the three kinds of CDR."""

    name = "freeswitch"
    title = TITLE

    def fits(self, beginning: str) -> bool:
        """Whether it is a CDR of FreeSWITCH."""
        return fits(beginning)

    def read(self, path: Path, options: ReadingOptions, problems: Problems) -> Iterator[CallRecord]:
        """The calls, each once with all its legs that the file has."""
        file = RecordsFile(path, options.time_zone, problems)
        key = _linked(path, options) if _needs_links(path, options) else (lambda row: call_of(row[1]))
        groups = grouped(_rows(path, options, problems), key)
        calls = (_call([RowValues(*row, file) for row in rows], options) for rows in groups)
        return some_calls((call for call in calls if call is not None), path, self.title, problems)


def _rows(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[PlainRow]:
    for line, values in leg_rows(path, options, problems):
        if values.get("uuid"):
            yield line, dict(values)
        else:
            problems.add(line, "no uuid: it is no leg of FreeSWITCH and was left out")


def _call(rows: Sequence[RowValues], options: ReadingOptions) -> CallRecord | None:
    once = {row.text("uuid"): row for row in rows}  # a leg told twice: the later is the more complete
    legs = [leg for row in once.values() if (leg := leg_of(row)) is not None]
    return call_record(legs, options) if legs else None


def _needs_links(path: Path, options: ReadingOptions) -> bool:
    """Whether some legs name their call only through another leg: loopback, or a CSV without originators."""
    beginning = read_beginning(path, options.encoding)
    if is_json(beginning) or beginning.lstrip("\ufeff \t\r\n").startswith("<"):
        with open_text(path, options.encoding) as file:
            return any(LOOPBACK in chunk for chunk in iter(lambda: file.read(CHUNK), ""))
    return not {"call_uuid", *ORIGINATORS} & set(header_of(beginning))


def _linked(path: Path, options: ReadingOptions) -> Callable[[PlainRow], str]:
    """The key of a row, by a first passage through the file; memory holds the uuids of legs that name others."""
    same: dict[str, str] = {}

    def root(uuid: str) -> str:
        while (above := same.get(uuid, uuid)) != uuid:
            same[uuid] = uuid = same.get(above, above)
        return uuid

    for _, values in leg_rows(path, options, Problems()):
        first, *others = [root(uuid) for uuid in links_of(values)] or [""]
        same.update((uuid, first) for uuid in others if uuid != first)
    return lambda row: root(call_of(row[1]))


FREESWITCH = FreeswitchReader()
