"""Recordings by path, hearings, calls with their turns and the full-text index, scorecards, evaluations, failures."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
digest = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "paths",
        sa.Column("path", text, primary_key=True),
        sa.Column("sha256", digest, nullable=False),
    )
    op.create_index("ix_paths_sha256", "paths", ["sha256"])
    op.create_table(
        "hearings",
        sa.Column("sha256", digest, primary_key=True),
        sa.Column("listening", text, primary_key=True),
        sa.Column("heard_at", text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "calls",
        sa.Column("sha256", digest, primary_key=True),
        sa.Column("call_id", text, nullable=False),
        sa.Column("path", text, nullable=False),
        sa.Column("manager", text, nullable=False),
        sa.Column("manager_key", text, nullable=False),
        sa.Column("extension_key", text, nullable=False),
        sa.Column("customer_key", text, nullable=False),
        sa.Column("started_at", text, nullable=False),
        sa.Column("started_on", sa.Date, nullable=True),
        sa.Column("first_turn", sa.BigInteger, nullable=False, unique=True),
        sa.Column("index_version", text, nullable=False),
        sa.Column("words_digest", digest, nullable=False),
        sa.Column("saved_at", text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_calls_call_id", "calls", ["call_id"])
    op.create_index("ix_calls_manager_key", "calls", ["manager_key"])
    op.create_index("ix_calls_started_on", "calls", ["started_on"])
    op.create_table(
        "turns",
        sa.Column("id", number, primary_key=True, autoincrement=False),
        sa.Column("role", text, nullable=False),
        sa.Column("words", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "scorecards",
        sa.Column("version", text, primary_key=True),
        sa.Column("id", text, nullable=False),
        sa.Column("title", text, nullable=False),
        sa.Column("document", text, nullable=False),
        sa.Column("saved_at", text, nullable=False),
    )
    op.create_table(
        "evaluations",
        sa.Column("sha256", digest, sa.ForeignKey("calls.sha256", ondelete="CASCADE"), primary_key=True),
        sa.Column("scorecard_id", text, primary_key=True),
        sa.Column("scorecard_version", text, primary_key=True),
        sa.Column("engine_version", text, primary_key=True),
        sa.Column("judged_at", text, nullable=False),
        sa.Column("score", sa.Float, nullable=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_evaluations_scorecard", "evaluations", ["scorecard_id", "scorecard_version"])
    op.create_table(
        "failures",
        sa.Column("path", text, primary_key=True),
        sa.Column("sha256", text, nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("message", text, nullable=False),
        sa.Column("failed_at", text, nullable=False),
    )
    _full_text_index()


def _full_text_index() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE turn_index USING fts5("
            "manager, customer, ivr, unknown, about, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3')"
        )
        return
    op.execute("CREATE TABLE turn_index (id BIGINT PRIMARY KEY, terms TSVECTOR NOT NULL)")
    op.execute("CREATE INDEX ix_turn_index_terms ON turn_index USING GIN (terms)")
