"""Keep the signed Open Badges 2.0 form of each credential; its bytes never change."""

import sqlalchemy as sa
from alembic import op

from badges.db import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "assertions",
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["credential_id"], ["credentials.id"], name=op.f("fk_assertions_credential_id")),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_assertions")),
    )
    for act in ("UPDATE", "DELETE"):
        name = f"assertions_refuses_{act.lower()}"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON assertions FOR EACH ROW EXECUTE FUNCTION jalon_refuse()")
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON assertions "
                "BEGIN SELECT RAISE(ABORT, 'assertions is append-only'); END"
            )
