"""Files of FreeSWITCH's three CDR modules as rows of one leg each: mod_cdr_csv, mod_json_cdr, mod_xml_cdr.

A JSON or XML CDR holds some three hundred channel variables; a row keeps those that the calls are made from. Values
are percent-encoded by both modules unless they are told not to.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from qa_engine.errors import RecordsError
from qa_engine.telephony.reader import Problems, ReadingOptions
from qa_engine.telephony.record_files import (
    open_text,
    read_beginning,
    read_fields,
    read_json_objects,
    read_lines,
    read_rows,
)
from qa_engine.telephony.row_values import PlainRow, as_text, is_json, require_columns

__all__ = ["TITLE", "fits", "leg_rows"]

TITLE = "FreeSWITCH CDR (mod_cdr_csv, mod_json_cdr, mod_xml_cdr)"
DEFAULT = (  # template "example" of cdr_csv.conf.xml, the default; "sql" is its first 13, "snom" goes on
    *("caller_id_name", "caller_id_number", "destination_number", "context", "start_stamp", "answer_stamp"),
    *("end_stamp", "duration", "billsec", "hangup_cause", "uuid", "bleg_uuid", "accountcode"),
    *("read_codec", "write_codec", "sip_user_agent", "call_clientcode", "sip_rtp_rxstat", "sip_rtp_txstat"),
    "sofia_record_file",
)
TEMPLATES = (13, 15, 20)  # columns of the templates above
CAUSE_COLUMN, UUID_COLUMN = 9, 10
CAUSE = re.compile(r"[A-Z][A-Z0-9_]+")  # NORMAL_CLEARING
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NEEDED = ("uuid", "hangup_cause")
MOMENTS = ("start", "answer", "progress", "progress_media", "bridge", "end")
TIMES = {  # callflow.times, microseconds -> the channel variable that says the same
    "created_time": "start_uepoch",
    "progress_time": "progress_uepoch",
    "progress_media_time": "progress_media_uepoch",
    "answered_time": "answer_uepoch",
    "bridged_time": "bridge_uepoch",
    "hangup_time": "end_uepoch",
}
KEPT = frozenset(
    [
        *DEFAULT,
        *(f"{name}_{kind}" for name in MOMENTS for kind in ("uepoch", "epoch", "stamp")),
        *("direction", "call_direction", "call_uuid", "bridge_uuid", "originator", "originating_leg_uuid", "aleg_uuid"),
        *("other_loopback_leg_uuid", "sip_call_id", "answersec", "progresssec", "dialed_user", "user_name"),
        *("sip_auth_username", "sip_gateway_name", "chan_name", "last_app", "voicemail_message", "hold_accum_ms"),
        *("hold_accum_seconds", "hold_events", "transfer_history", "transfer_source", "record_path", "record_name"),
        *("recording_file", "record_file", "record_answer_req", "record_bridge_req", "dialed_number"),
        *("cc_side", "cc_queue", "cc_agent", "cc_member_session_uuid", "cc_record_filename", "cc_cause"),
        *("cc_queue_joined_epoch", "cc_queue_answered_epoch", "recorded_file", "recorded_uepoch"),
    ]
)
LONGEST_CDR = 4 * 1024 * 1024  # characters of one <cdr>
END = "</cdr>"


def fits(beginning: str) -> bool:
    """Whether a file that begins so is one of the three."""
    if is_json(beginning):
        return '"variables"' in beginning and any(f'"{name}"' in beginning for name in ("callflow", "core-uuid"))
    if "<cdr" in beginning:
        return "<variables>" in beginning
    first = next(iter(_first_fields(beginning)), [])
    names = {field.strip().lower() for field in first}
    return ({*NEEDED} <= names and bool(names & {"start_stamp", "start_epoch", "start_uepoch"})) or _is_template(first)


def leg_rows(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[PlainRow]:
    """The legs of a file with their lines; raises RecordsError for a CSV whose columns nothing names."""
    beginning = read_beginning(path, options.encoding)
    if is_json(beginning):
        for item in read_json_objects(path, encoding=options.encoding, problems=problems, whole=True):
            yield item.line, _from_json(item.values)
    elif beginning.lstrip("\ufeff \t\r\n").startswith("<"):
        yield from _from_xml(path, options, problems)
    else:
        headers = _headers(path, options)
        for row in read_rows(path, encoding=options.encoding, problems=problems, headers=headers):
            yield row.line, {name: value for name, value in row.values.items() if name in KEPT}


def _first_fields(beginning: str) -> Iterator[list[str]]:
    for line in beginning.lstrip("\ufeff").splitlines():
        if line.strip():
            yield [field.strip().strip('"') for field in re.split(r"[,;\t|]", line)]


def _is_template(fields: Sequence[str]) -> bool:
    if len(fields) not in TEMPLATES:
        return False
    return bool(CAUSE.fullmatch(fields[CAUSE_COLUMN]) and UUID.fullmatch(fields[UUID_COLUMN]))


def _headers(path: Path, options: ReadingOptions) -> tuple[str, ...]:
    """The names of a CSV's columns: of its first line, or of the templates that come with FreeSWITCH."""
    rows = read_fields(path, encoding=options.encoding, problems=Problems())
    first = next((fields for _, fields in islice(rows, 1)), [])
    names = tuple(field.strip().lower() for field in first)
    if not first or {"uuid", "hangup_cause"} & set(names):
        require_columns(names, NEEDED, path, TITLE)
        return names
    if _is_template([field.strip() for field in first]):
        return DEFAULT[: len(first)]
    raise RecordsError(
        f"{path}: {len(first)} columns without a header, in none of the orders that come with FreeSWITCH. "
        "Write the variables of your template of cdr_csv.conf.xml into a first line (caller_id_number,uuid,...)"
    )


def _from_json(cdr: Mapping[str, Any]) -> dict[str, str]:
    flows = cdr.get("callflow")
    log = cdr.get("app_log")
    return _leg(
        {**_texts(cdr.get("channel_data")), **_texts(cdr.get("variables", cdr))},
        [flow for flow in (flows if isinstance(flows, list) else [flows]) if isinstance(flow, dict)],
        log.get("applications", []) if isinstance(log, dict) else [],
    )


def _texts(values: object) -> dict[str, str]:
    """The kept values as text; an array stays one, as FreeSWITCH itself writes it."""
    if not isinstance(values, dict):
        return {}
    found = {}
    for name, value in values.items():
        if name.lower() in KEPT:
            text = "|:".join(map(as_text, value)) if isinstance(value, list) else as_text(value)
            found[name.lower()] = unquote(text)
    return found


def _leg(variables: dict[str, str], flows: Sequence[Mapping[str, Any]], applications: Sequence[Any]) -> dict[str, str]:
    """The variables, completed from the call flow (its latest part stands first) and the log of applications."""
    for flow in flows:
        profile = flow.get("caller_profile")
        if isinstance(profile, dict):
            told = _texts(profile)
            variables["dialed_number"] = told.get("destination_number", variables.get("dialed_number", ""))
            variables = {**told, **{name: value for name, value in variables.items() if value}}
            variables.setdefault("originator", _inner_uuid(profile.get("originator")))
            variables.setdefault("bleg_uuid", _inner_uuid(profile.get("originatee")))
        times = flow.get("times")
        if isinstance(times, dict):
            for name, variable in TIMES.items():
                variables.setdefault(variable, as_text(times.get(name)))
    for application in applications:
        if isinstance(application, dict) and application.get("app_name") == "record_session":
            variables.setdefault("recorded_file", unquote(as_text(application.get("app_data"))))
            variables.setdefault("recorded_uepoch", as_text(application.get("app_stamp")))
    return variables


def _inner_uuid(value: object) -> str:
    """The first uuid in the profiles of the other leg, however deep the module nests them."""
    if isinstance(value, dict):
        inside = (_inner_uuid(each) for each in value.values())
        return as_text(value.get("uuid")) or next((uuid for uuid in inside if uuid), "")
    if isinstance(value, list):
        return next((uuid for each in value if (uuid := _inner_uuid(each))), "")
    return ""


def _from_xml(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[PlainRow]:
    for line, text in _cdrs(path, options, problems):
        if re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
            raise RecordsError(f"{path}, line {line}: a document type in a CDR is refused: FreeSWITCH writes none")
        try:
            cdr = ET.fromstring(text[text.index("<cdr") :])
        except (ET.ParseError, ValueError):
            problems.add(line, "the <cdr> that ends here is no XML: it was left out")
            continue
        flows = [_object(flow) for flow in cdr.findall("callflow")]
        variables = {**_texts(_object(cdr.find("channel_data"))), **_texts(_object(cdr.find("variables")))}
        yield line, _leg(variables, flows, [dict(app.attrib) for app in cdr.findall("app_log/application")])


def _cdrs(path: Path, options: ReadingOptions, problems: Problems) -> Iterator[tuple[int, str]]:
    """The text of each <cdr> of a file (files of single legs may have been put together) with the line of its end."""
    text, number = "", 0
    with open_text(path, options.encoding) as file:
        for number, line in read_lines(file, problems):
            text += line
            while END in text:
                cdr, _, text = text.partition(END)
                yield number, cdr + END
            if len(text) > LONGEST_CDR:
                raise RecordsError(f"{path}, line {number}: a <cdr> of more than {LONGEST_CDR} characters; is it one?")
    if text.strip():
        problems.add(number, "the last <cdr> breaks off: it was left out")


def _object(element: ET.Element | None) -> dict[str, Any]:
    """The children of an element by their names; those of children of children as objects."""
    if element is None:
        return {}
    return {child.tag: _object(child) if len(child) else child.text or "" for child in element}
