"""Run by Alembic: the migrations go through the connection and the transaction that `migrating.py` hands over."""

from alembic import context

from qa_engine.store.schema import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=False,  # the caller's transaction holds all of it
)
context.run_migrations()
