"""Let a référentiel be read in other languages."""

import sqlalchemy as sa
from alembic import op

from badges.db import UtcDateTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "translations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referentiel_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referentiel_id"], ["referentiels.id"], name=op.f("fk_translations_referentiel_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translations")),
        sa.UniqueConstraint("referentiel_id", "language", name=op.f("uq_translations_referentiel_id_language")),
    )
    op.create_index(op.f("ix_translations_referentiel_id"), "translations", ["referentiel_id"])
