"""Keep what was held or acquired at the entry and at the exit, and the days of paper sheets."""

import sqlalchemy as sa
from alembic import op

from badges.db import UtcDateTime

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table("acquired",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("person_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Integer(), nullable=False),
    sa.Column("referentiel_id", sa.Integer(), nullable=False),
    sa.Column("version_id", sa.Integer(), nullable=False),
    sa.Column("competence_code", sa.String(length=63), nullable=False),
    sa.Column("moment", sa.Enum("entree", "etape", "sortie", name="moment", native_enum=False, length=20), nullable=False),
    sa.Column("state", sa.Enum("detenue", "a_acquerir", "acquise", name="acquiredstate", native_enum=False, length=20), nullable=False),
    sa.Column("filled_on", sa.Date(), nullable=False),
    sa.Column("staff_id", sa.Integer(), nullable=False),
    sa.Column("filled_at", UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_acquired_organisation_id")),
    sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_acquired_person_id")),
    sa.ForeignKeyConstraint(["referentiel_id"], ["referentiels.id"], name=op.f("fk_acquired_referentiel_id")),
    sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_acquired_staff_id")),
    sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_acquired_version_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_acquired")),
    sa.UniqueConstraint("person_id", "organisation_id", "referentiel_id", "competence_code", "moment", name="uq_acquired_cell")
    )
    op.create_index(op.f("ix_acquired_organisation_id"), "acquired", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_acquired_person_id"), "acquired", ["person_id"], unique=False)
    op.create_index(op.f("ix_acquired_referentiel_id"), "acquired", ["referentiel_id"], unique=False)
    op.add_column("rounds", sa.Column("self_paper_on", sa.Date(), nullable=True))
    op.add_column("rounds", sa.Column("coach_paper_on", sa.Date(), nullable=True))
