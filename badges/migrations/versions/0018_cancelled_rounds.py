"""Let a round that was opened by mistake be cancelled, with who, when and why; what was answered stays."""

import sqlalchemy as sa
from alembic import op

from badges.db import UtcDateTime

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("rounds", sa.Column("cancelled_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("rounds", sa.Column("cancel_reason", sa.Text(), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("rounds", "cancel_reason", server_default=None)
        op.add_column("rounds", sa.Column("cancelled_by", sa.Integer(), nullable=True))
        op.create_foreign_key("fk_rounds_cancelled_by", "rounds", "staff", ["cancelled_by"], ["id"])
    else:
        reference = "CONSTRAINT fk_rounds_cancelled_by REFERENCES staff (id)"
        op.execute(f"ALTER TABLE rounds ADD COLUMN cancelled_by INTEGER {reference}")
