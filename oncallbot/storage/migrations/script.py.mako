"""What changes here? ${message}.

It must not import from `tables`: those are today's, and this stays as it was. Give op.batch_alter_table
table_kwargs={"sqlite_strict": True}: SQLite makes the table anew, and Alembic would forget that it is strict.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
