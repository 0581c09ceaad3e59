"""Index the digests that the journal states, and mark keys that fell into other hands.

A key without an organisation is the installation's own.
"""

import sqlalchemy as sa
from alembic import op

from badges.db import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("keys") as keys:
        keys.add_column(sa.Column("revoked_at", UtcDateTime(timezone=True), nullable=True))
        keys.alter_column("organisation_id", existing_type=sa.Integer(), nullable=True)
    witnessed = op.create_table(
        "witnessed",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("journal_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["journal_id"], ["journal.id"], name=op.f("fk_witnessed_journal_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_witnessed")),
    )
    op.create_index(op.f("ix_witnessed_journal_id"), "witnessed", ["journal_id"])
    _index(witnessed)
    for act in ("UPDATE", "DELETE"):
        name = f"witnessed_refuses_{act.lower()}"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON witnessed FOR EACH ROW EXECUTE FUNCTION jalon_refuse()")
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON witnessed "
                "BEGIN SELECT RAISE(ABORT, 'witnessed is append-only'); END"
            )


def _index(witnessed: sa.Table) -> None:
    """What the journal has stated until now: the digest of every badge, when it was taken."""
    journal = sa.table(
        "journal", sa.column("id", sa.Integer), sa.column("action", sa.String), sa.column("details", sa.JSON)
    )
    rows = op.get_bind().execute(sa.select(journal.c.id, journal.c.details).where(journal.c.action == "award.claimed"))
    stated = [{"digest": row.details["digest"], "journal_id": row.id} for row in rows if "digest" in row.details]
    if stated:
        op.bulk_insert(witnessed, stated)
