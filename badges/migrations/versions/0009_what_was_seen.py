"""Keep what was seen: group sessions, situations of work, observations, pieces of portfolios."""

import sqlalchemy as sa
from alembic import op

from badges.db import UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table("portfolio_pieces",
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.Column("person_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Integer(), nullable=True),
    sa.Column("referentiel_id", sa.Integer(), nullable=False),
    sa.Column("competences", sa.JSON(), nullable=False),
    sa.Column("title", sa.String(length=120), nullable=False),
    sa.Column("url", sa.String(length=500), nullable=False),
    sa.Column("sha256", sa.String(length=64), nullable=False),
    sa.Column("made_on", sa.Date(), nullable=False),
    sa.Column("added_by", sa.Integer(), nullable=True),
    sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(["added_by"], ["staff.id"], name=op.f("fk_portfolio_pieces_added_by")),
    sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_portfolio_pieces_organisation_id")),
    sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_portfolio_pieces_person_id")),
    sa.ForeignKeyConstraint(["referentiel_id"], ["referentiels.id"], name=op.f("fk_portfolio_pieces_referentiel_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_pieces"))
    )
    op.create_index(op.f("ix_portfolio_pieces_organisation_id"), "portfolio_pieces", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_portfolio_pieces_person_id"), "portfolio_pieces", ["person_id"], unique=False)
    op.create_index(op.f("ix_portfolio_pieces_referentiel_id"), "portfolio_pieces", ["referentiel_id"], unique=False)
    op.create_table("group_sessions",
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Integer(), nullable=False),
    sa.Column("version_id", sa.Integer(), nullable=False),
    sa.Column("activity", sa.String(length=120), nullable=False),
    sa.Column("place", sa.String(length=120), nullable=False),
    sa.Column("held_on", sa.Date(), nullable=False),
    sa.Column("competences", sa.JSON(), nullable=False),
    sa.Column("rules", sa.JSON(), nullable=False),
    sa.Column("created_by", sa.Integer(), nullable=False),
    sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
    sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_group_sessions_created_by")),
    sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_group_sessions_organisation_id")),
    sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_group_sessions_version_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_group_sessions"))
    )
    op.create_index(op.f("ix_group_sessions_organisation_id"), "group_sessions", ["organisation_id"], unique=False)
    op.create_table("situations",
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.Column("person_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Integer(), nullable=False),
    sa.Column("version_id", sa.Integer(), nullable=False),
    sa.Column("origin", sa.Enum("group", "practice", "immersion", "afest", "mission", name="origin", native_enum=False, length=20), nullable=False),
    sa.Column("task", sa.String(length=120), nullable=False),
    sa.Column("place", sa.String(length=120), nullable=False),
    sa.Column("from_on", sa.Date(), nullable=False),
    sa.Column("until_on", sa.Date(), nullable=True),
    sa.Column("supervisor", sa.String(length=120), nullable=False),
    sa.Column("supervisor_role", sa.String(length=120), nullable=False),
    sa.Column("created_by", sa.Integer(), nullable=False),
    sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_situations_created_by")),
    sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_situations_organisation_id")),
    sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_situations_person_id")),
    sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_situations_version_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_situations"))
    )
    op.create_index(op.f("ix_situations_organisation_id"), "situations", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_situations_person_id"), "situations", ["person_id"], unique=False)
    op.create_table("attendances",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("group_session_id", sa.Uuid(), nullable=False),
    sa.Column("person_id", sa.Uuid(), nullable=False),
    sa.Column("act", sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(["group_session_id"], ["group_sessions.id"], name=op.f("fk_attendances_group_session_id")),
    sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_attendances_person_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
    sa.UniqueConstraint("group_session_id", "person_id", name=op.f("uq_attendances_group_session_id_person_id"))
    )
    op.create_index(op.f("ix_attendances_group_session_id"), "attendances", ["group_session_id"], unique=False)
    op.create_index(op.f("ix_attendances_person_id"), "attendances", ["person_id"], unique=False)
    op.create_table("observations",
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.Column("person_id", sa.Uuid(), nullable=False),
    sa.Column("organisation_id", sa.Integer(), nullable=False),
    sa.Column("referentiel_id", sa.Integer(), nullable=False),
    sa.Column("competence_code", sa.String(length=63), nullable=False),
    sa.Column("origin", sa.Enum("group", "practice", "immersion", "afest", "mission", name="origin", native_enum=False, length=20), nullable=False),
    sa.Column("activity", sa.String(length=120), nullable=False),
    sa.Column("place", sa.String(length=120), nullable=False),
    sa.Column("seen_on", sa.Date(), nullable=False),
    sa.Column("act", sa.Text(), nullable=False),
    sa.Column("autonomy", sa.Enum("shown", "helped", "alone", "passed_on", name="autonomy", native_enum=False, length=20), nullable=True),
    sa.Column("turns", sa.JSON(), nullable=False),
    sa.Column("group_session_id", sa.Uuid(), nullable=True),
    sa.Column("situation_id", sa.Uuid(), nullable=True),
    sa.Column("staff_id", sa.Integer(), nullable=False),
    sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
    sa.Column("person_words", sa.Text(), nullable=False),
    sa.Column("asked_at", UtcDateTime(timezone=True), nullable=True),
    sa.Column("answer", sa.Text(), nullable=False),
    sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
    sa.Column("set_aside_at", UtcDateTime(timezone=True), nullable=True),
    sa.Column("withdrawn_at", UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(["group_session_id"], ["group_sessions.id"], name=op.f("fk_observations_group_session_id")),
    sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_observations_organisation_id")),
    sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_observations_person_id")),
    sa.ForeignKeyConstraint(["referentiel_id"], ["referentiels.id"], name=op.f("fk_observations_referentiel_id")),
    sa.ForeignKeyConstraint(["situation_id"], ["situations.id"], name=op.f("fk_observations_situation_id")),
    sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_observations_staff_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_observations")),
    sa.UniqueConstraint("group_session_id", "person_id", "competence_code", name=op.f("uq_observations_group_session_id_person_id_competence_code"))
    )
    op.create_index(op.f("ix_observations_group_session_id"), "observations", ["group_session_id"], unique=False)
    op.create_index(op.f("ix_observations_organisation_id"), "observations", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_observations_person_id"), "observations", ["person_id"], unique=False)
    op.create_index(op.f("ix_observations_referentiel_id"), "observations", ["referentiel_id"], unique=False)
    op.create_index(op.f("ix_observations_situation_id"), "observations", ["situation_id"], unique=False)
