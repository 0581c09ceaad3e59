"""Keep the compact statement that is printed beside a badge's address; its bytes never change, but may be erased."""

import sqlalchemy as sa
from alembic import op

from badges.db import UtcDateTime

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "statements",
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["credential_id"], ["credentials.id"], name=op.f("fk_statements_credential_id")),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_statements")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER statements_refuses_update BEFORE UPDATE ON statements "
            "FOR EACH ROW EXECUTE FUNCTION jalon_refuse()"
        )
    else:
        op.execute(
            "CREATE TRIGGER statements_refuses_update BEFORE UPDATE ON statements "
            "BEGIN SELECT RAISE(ABORT, 'statements never change'); END"
        )
