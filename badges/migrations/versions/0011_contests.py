"""Let a person contest a level of a round that is closed."""

import sqlalchemy as sa
from alembic import op

from badges.db import UtcDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "contests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("competence_code", sa.String(63), nullable=False),
        sa.Column("level_before", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("talk_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("end", sa.Enum("settled", "maintained", "withdrawn", native_enum=False, length=20), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_contests_round_id")),
        sa.ForeignKeyConstraint(["answered_by"], ["staff.id"], name=op.f("fk_contests_answered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contests")),
    )
    op.create_index(op.f("ix_contests_round_id"), "contests", ["round_id"])
    open_ones = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_contests_under_way",
        "contests",
        ["round_id", "competence_code"],
        unique=True,
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )
