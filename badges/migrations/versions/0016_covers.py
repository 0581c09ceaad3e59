"""Let a colleague stand in for a coach who is away, from a day to a day."""

import sqlalchemy as sa
from alembic import op

from badges.db import UtcDateTime

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "covers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("stand_in_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_covers_organisation_id")
        ),
        sa.ForeignKeyConstraint(["coach_id"], ["staff.id"], name=op.f("fk_covers_coach_id")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["staff.id"], name=op.f("fk_covers_stand_in_id")),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_covers_created_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], name=op.f("fk_covers_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covers")),
    )
    for column in ("organisation_id", "coach_id", "stand_in_id"):
        op.create_index(op.f(f"ix_covers_{column}"), "covers", [column])
    op.create_index(
        "uq_covers_standing",
        "covers",
        ["organisation_id", "coach_id", "stand_in_id", "starts_on"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
