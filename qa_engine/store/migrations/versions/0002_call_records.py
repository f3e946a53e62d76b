"""Call records of phone systems, and the names (ids, recordings) by which they are found."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "call_records",
        sa.Column("id", number, primary_key=True),
        sa.Column("system", text, nullable=False),
        sa.Column("record_id", text, nullable=False),
        sa.Column("number_key", text, nullable=False),
        sa.Column("started_at", text, nullable=False),
        sa.Column("started_on", sa.Date, nullable=False),
        sa.Column("outcome", text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("system", "record_id", name="uq_call_records_record"),
    )
    op.create_index("ix_call_records_started_at", "call_records", ["started_at"])
    op.create_index("ix_call_records_number", "call_records", ["number_key", "started_at"])
    op.create_table(
        "call_record_names",
        sa.Column("kind", text, primary_key=True),
        sa.Column("name", text, primary_key=True),
        sa.Column("record", number, sa.ForeignKey("call_records.id", ondelete="CASCADE"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_call_record_names_record", "call_record_names", ["record"])
