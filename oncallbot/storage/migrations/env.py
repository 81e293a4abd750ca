"""How does Alembic reach the database? On the connection, and in the transaction, that `schema.upgrade` hands over.

It must not open a connection, configure logging or print.
"""

from alembic import context

from oncallbot.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
