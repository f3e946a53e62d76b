"""Rows of Asterisk's call detail records as cdr_csv writes them, for tests."""

from __future__ import annotations

from datetime import datetime

__all__ = ["CALLER", "TRUNK", "epoch", "master_row"]

CALLER = "79161234567"
TRUNK = "PJSIP/trunk-00000001"
COLUMNS = (
    "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start", "answer",
    "end", "duration", "billsec", "disposition", "amaflags", "uniqueid", "userfield", "peeraccount", "linkedid",
    "sequence",
)  # fmt: skip


def epoch(time: str) -> int:
    """Seconds since 1970 of a time of the day of the tests in Moscow."""
    return int(datetime.fromisoformat(f"2026-11-20T{time}+03:00").timestamp())


def master_row(times: str, *, num_columns: int = 21, **values: str) -> str:
    """One row of ``Master.csv``; `times` is ``start answer end`` (``-``: never answered), with the default settings."""
    start, answer, end = times.split()
    billsec = 0 if answer == "-" else epoch(end) - epoch(answer)
    unique = f"{epoch(start)}.1"
    row = {
        "src": CALLER, "dst": "101", "dcontext": "from-trunk", "clid": f'"" <{CALLER}>', "channel": TRUNK,
        "dstchannel": "PJSIP/101-00000002", "lastapp": "Dial", "lastdata": "PJSIP/101,30",
        "start": f"2026-11-20 {start}", "answer": "" if answer == "-" else f"2026-11-20 {answer}",
        "end": f"2026-11-20 {end}", "duration": str(epoch(end) - epoch(start)), "billsec": str(billsec),
        "disposition": "NO ANSWER" if answer == "-" else "ANSWERED", "amaflags": "DOCUMENTATION", "uniqueid": unique,
        "linkedid": values.get("uniqueid", unique), "sequence": "1",
    } | values  # fmt: skip
    bare = ("duration", "billsec", "sequence")
    fields = [
        row.get(name, "") if name in bare else '"{}"'.format(row.get(name, "").replace('"', '""')) for name in COLUMNS
    ]
    return ",".join(fields[:num_columns]) + "\n"
