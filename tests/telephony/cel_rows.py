"""Events of Asterisk's channel event logging in the order of cel_custom.conf.sample, for tests."""

from __future__ import annotations

from cdr_rows import CALLER, epoch

__all__ = ["CALL_ID", "HEADER", "cel_row", "simple_call"]

CALL_ID = f"{epoch('10:15:02')}.1"
HEADER = (
    "eventtype", "eventtime", "cid_name", "cid_num", "cid_ani", "cid_rdnis", "cid_dnid", "exten", "context",
    "channame", "appname", "appdata", "amaflags", "accountcode", "uniqueid", "linkedid", "peer", "userfield",
    "userdeftype", "extra",
)  # fmt: skip


def cel_row(time: str, kind: str, channel: str, *, linked: str = CALL_ID, **values: str) -> str:
    """One event at ``HH:MM:SS[.ffffff]`` of `channel`, ``<name> <number of its unique id>``."""
    name, _, number = channel.partition(" ")
    moment = f"{epoch(time[:8])}.{(time[9:] + '000000')[:6]}"
    row = {
        "eventtype": kind, "eventtime": moment, "channame": name, "uniqueid": f"{epoch('10:15:02')}.{number}",
        "linkedid": linked, "amaflags": "3",
    } | values  # fmt: skip
    return ",".join('"{}"'.format(row.get(name, "").replace('"', '""')) for name in HEADER) + "\n"


def simple_call(caller: str = "PJSIP/trunk-00000001 1", phone: str = "PJSIP/101-00000002 2") -> str:
    """An inbound call: the phone rings from 10:15:02.5 to 10:15:11.25, the talk ends at 10:17:02."""
    return (
        cel_row("10:15:02.000000", "CHAN_START", caller, cid_num=CALLER, exten="74951234567", context="from-trunk")
        + cel_row("10:15:02.400000", "APP_START", caller, cid_num=CALLER, exten="101", appname="Dial", appdata=phone)
        + cel_row("10:15:02.500000", "CHAN_START", phone, exten="s", context="from-internal")
        + cel_row("10:15:11.250000", "ANSWER", phone, cid_num="101", appname="AppDial")
        + cel_row("10:15:11.260000", "ANSWER", caller, cid_num=CALLER, exten="101", appname="Dial")
        + cel_row("10:15:11.300000", "BRIDGE_ENTER", phone, extra='{"bridge_id":"b1"}')
        + cel_row("10:15:11.301000", "BRIDGE_ENTER", caller, extra='{"bridge_id":"b1"}')
        + cel_row("10:17:02.000000", "BRIDGE_EXIT", phone, extra='{"bridge_id":"b1"}')
        + cel_row("10:17:02.100000", "HANGUP", phone, extra='{"hangupcause":16,"hangupsource":"","dialstatus":""}')
        + cel_row("10:17:02.100000", "CHAN_END", phone)
        + cel_row("10:17:02.200000", "HANGUP", caller, extra='{"hangupcause":16,"dialstatus":"ANSWER"}')
        + cel_row("10:17:02.200000", "CHAN_END", caller)
        + cel_row("10:17:02.200000", "LINKEDID_END", caller)
    )
