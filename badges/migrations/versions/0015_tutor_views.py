"""Let a host company give its view of a round by a one-time link."""

import sqlalchemy as sa
from alembic import op

from badges.db import UtcDateTime

revision = "0015"
down_revision = "0014"

ENDS = ("objected", "stopped", "wrong_person", "set_aside")


def upgrade() -> None:
    op.create_table(
        "tutor_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("company", sa.String(120), nullable=False),
        sa.Column("tutor_role", sa.String(120), nullable=False),
        sa.Column("tutor_name", sa.String(60), nullable=False),
        sa.Column("shown_as", sa.String(60), nullable=False),
        sa.Column("situation", sa.String(300), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("competences", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kept_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("kept_with", sa.String(36), nullable=False),
        sa.Column("company_agreed", sa.Boolean(), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("sent_with", sa.String(36), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("end", sa.Enum(*ENDS, name="tutorend", native_enum=False, length=20), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_tutor_views_round_id"),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name="fk_tutor_views_asked_by"),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], name="fk_tutor_views_ended_by"),
        sa.PrimaryKeyConstraint("id", name="pk_tutor_views"),
    )
    op.create_index("ix_tutor_views_round_id", "tutor_views", ["round_id"])
    live = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_tutor_views_live", "tutor_views", ["round_id"], unique=True, sqlite_where=live, postgresql_where=live
    )
    op.create_table(
        "voice_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("tutor_view_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tutor_view_id"], ["tutor_views.id"], name="fk_voice_links_tutor_view_id"),
        sa.PrimaryKeyConstraint("id", name="pk_voice_links"),
        sa.UniqueConstraint("code_digest", name="uq_voice_links_code_digest"),
    )
    op.create_index("ix_voice_links_tutor_view_id", "voice_links", ["tutor_view_id"])
    # Not in a batch: SQLite would make the table anew, and others refer to it.
    op.add_column("rounds", sa.Column("tutor_awaited", sa.Boolean(), nullable=False, server_default=sa.false()))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("rounds", "tutor_awaited", server_default=None)
    with op.batch_alter_table("ratings") as ratings:
        ratings.add_column(sa.Column("tutor_view_id", sa.Uuid(), nullable=True))
        ratings.create_foreign_key("fk_ratings_tutor_view_id", "tutor_views", ["tutor_view_id"], ["id"])
        ratings.create_index("ix_ratings_tutor_view_id", ["tutor_view_id"])
