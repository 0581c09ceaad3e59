"""Keep what a person would say of a competence in an interview, wording by wording."""

import sqlalchemy as sa
from alembic import op

from badges.db import UtcDateTime

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "phrases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("referentiel_id", sa.Integer(), nullable=False),
        sa.Column("competence_code", sa.String(63), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("coach_may_read", sa.Boolean(), nullable=False),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_phrases_person_id")),
        sa.ForeignKeyConstraint(["referentiel_id"], ["referentiels.id"], name=op.f("fk_phrases_referentiel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrases")),
    )
    op.create_index(op.f("ix_phrases_person_id"), "phrases", ["person_id"])
    present = sa.text("replaced_at IS NULL")
    op.create_index(
        "uq_phrases_present",
        "phrases",
        ["person_id", "referentiel_id", "competence_code"],
        unique=True,
        sqlite_where=present,
        postgresql_where=present,
    )
