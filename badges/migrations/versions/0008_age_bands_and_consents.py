"""Keep a person's age band and what they agreed to; rows of consents are only added.

Whoever took a badge before there were consents agreed to its publication when they took it.
"""

import sqlalchemy as sa
from alembic import op

from badges.db import UtcDateTime

revision = "0008"
down_revision = "0007"

BANDS = sa.Enum("under_15", "15_17", "adult", name="ageband", native_enum=False, length=20)
PURPOSES = sa.Enum("publication", "keeping", name="purpose", native_enum=False, length=20)


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.add_column("people", sa.Column("age_band", BANDS, nullable=False, server_default="adult"))
    if postgresql:
        op.alter_column("people", "age_band", server_default=None)
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", PURPOSES, nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("age_band", BANDS, nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_consents_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff.id"], name=op.f("fk_consents_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_person_id"), "consents", ["person_id"])
    op.execute(
        "INSERT INTO consents (person_id, purpose, given, age_band, words, at) "
        "SELECT person_id, 'publication', true, 'adult', '', min(claimed_at) FROM awards "
        "WHERE claimed_at IS NOT NULL GROUP BY person_id"
    )
    for act in ("UPDATE", "DELETE"):
        name = f"consents_refuses_{act.lower()}"
        if postgresql:
            op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON consents FOR EACH ROW EXECUTE FUNCTION jalon_refuse()")
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON consents "
                "BEGIN SELECT RAISE(ABORT, 'consents is append-only'); END"
            )
