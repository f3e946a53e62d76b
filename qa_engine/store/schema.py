"""The tables, as SQLAlchemy Core objects; `migrations/` makes them, a test holds the two together.

The full-text index ``turn_index`` differs by database and is known to `turn_index.py` only.
Columns named ``*_at`` that end in a wall-clock time (`heard_at`, `judged_at`, ...) are for people and for "the latest";
nothing that is compared byte for byte contains them.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

__all__ = [
    "REVISION",
    "VERSION_TABLE",
    "call_record_names",
    "call_records",
    "calls",
    "evaluations",
    "failures",
    "hearings",
    "metadata",
    "paths",
    "scorecards",
    "turns",
]

REVISION = "0002"  # the newest migration; numbers only grow, so a greater one in a database means a newer engine
VERSION_TABLE = "qa_engine_version"

# Byte order on both databases: ranges over prefixes and sorting must not depend on the server's locale.
_Text = Text().with_variant(Text(collation="C"), "postgresql")
_Digest = String(64).with_variant(String(64, collation="C"), "postgresql")  # SHA-256, hexadecimal

_Number = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER is SQLite's own row number

metadata = MetaData()

paths = Table(  # one content may be known under several paths; a path holds one content at a time
    "paths",
    metadata,
    Column("path", _Text, primary_key=True),
    Column("sha256", _Digest, nullable=False, index=True),
)

hearings = Table(
    "hearings",
    metadata,
    Column("sha256", _Digest, primary_key=True),
    Column("listening", _Text, primary_key=True),
    Column("heard_at", _Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("sha256", _Digest, primary_key=True),
    Column("call_id", _Text, nullable=False, index=True),
    Column("path", _Text, nullable=False),
    Column("manager", _Text, nullable=False),
    Column("manager_key", _Text, nullable=False, index=True),  # the name, folded for comparison
    Column("extension_key", _Text, nullable=False),  # the manager as the source gave him, folded
    Column("customer_key", _Text, nullable=False),
    Column("started_at", _Text, nullable=False),  # ISO 8601 as the source gave it; "" where unknown
    Column("started_on", Date, nullable=True, index=True),  # the day on the clock where the call was
    Column("first_turn", BigInteger, nullable=False, unique=True),  # see `turn_index.py`
    Column("index_version", _Text, nullable=False),  # `terms.index_version` when the turns were indexed
    Column("words_digest", _Digest, nullable=False),  # of what was heard, whatever the scorecard
    Column("saved_at", _Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

turns = Table(
    "turns",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=False),  # first_turn of the call + position
    Column("role", _Text, nullable=False),
    Column("words", LargeBinary, nullable=False),  # packed: [[text, start, end], ...]
)

scorecards = Table(
    "scorecards",
    metadata,
    Column("version", _Text, primary_key=True),
    Column("id", _Text, nullable=False),
    Column("title", _Text, nullable=False),
    Column("document", _Text, nullable=False),
    Column("saved_at", _Text, nullable=False),
)

evaluations = Table(
    "evaluations",
    metadata,
    Column("sha256", _Digest, ForeignKey("calls.sha256", ondelete="CASCADE"), primary_key=True),
    Column("scorecard_id", _Text, primary_key=True),
    Column("scorecard_version", _Text, primary_key=True),
    Column("engine_version", _Text, primary_key=True),
    Column("judged_at", _Text, nullable=False),
    Column("score", Float, nullable=True),
    Column("body", LargeBinary, nullable=False),
    Index("ix_evaluations_scorecard", "scorecard_id", "scorecard_version"),
)

failures = Table(
    "failures",
    metadata,
    Column("path", _Text, primary_key=True),
    Column("sha256", _Text, nullable=False),
    Column("kind", _Text, nullable=False),
    Column("message", _Text, nullable=False),
    Column("failed_at", _Text, nullable=False),
)

call_records = Table(  # what phone systems wrote down; one row is one call as one system tells it
    "call_records",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("system", _Text, nullable=False),
    Column("record_id", _Text, nullable=False),
    Column("number_key", _Text, nullable=False),  # of the customer, `record_keys.number_key`; "" where hidden
    Column("started_at", _Text, nullable=False, index=True),  # UTC, ISO 8601 to the microsecond: sorts by time
    Column("started_on", Date, nullable=False),  # the day on the clock where the call was
    Column("outcome", _Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("system", "record_id", name="uq_call_records_record"),
    Index("ix_call_records_number", "number_key", "started_at"),
)

call_record_names = Table(  # by what a recording may name the call of a record
    "call_record_names",
    metadata,
    Column("kind", _Text, primary_key=True),  # ``id``, ``recording``
    Column("name", _Text, primary_key=True),
    Column("record", _Number, ForeignKey("call_records.id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)
