"""Keep interviews of three, and a peer's word."""

import sqlalchemy as sa
from alembic import op

from badges.db import UtcDateTime

revision = "0021"
down_revision = "0020"

ONE_THING = (
    "(CASE WHEN tutor_view_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN interview_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN peer_word_id IS NULL THEN 0 ELSE 1 END) = 1"
)


def upgrade() -> None:
    op.create_table(
        "interviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("company", sa.String(120), nullable=False),
        sa.Column("tutor_role", sa.String(120), nullable=False),
        sa.Column("shown_as", sa.String(60), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("went_well", sa.Text(), nullable=False),
        sa.Column("to_work_on", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("drafted_by", sa.Integer(), nullable=False),
        sa.Column("drafted_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("wrong_person_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_interviews_round_id"),
        sa.ForeignKeyConstraint(["drafted_by"], ["staff.id"], name="fk_interviews_drafted_by"),
        sa.PrimaryKeyConstraint("id", name="pk_interviews"),
    )
    op.create_index("ix_interviews_round_id", "interviews", ["round_id"])
    op.create_table(
        "interview_confirmations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column(
            "party",
            sa.Enum("person", "coach", "tutor", name="party", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_interview_confirmations_interview_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_interview_confirmations"),
        sa.UniqueConstraint("interview_id", "party", name="uq_interview_confirmations_interview_id_party"),
    )
    op.create_index("ix_interview_confirmations_interview_id", "interview_confirmations", ["interview_id"])
    op.create_table(
        "peer_words",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("competence_code", sa.String(63), nullable=False),
        sa.Column("asked_of", sa.String(60), nullable=False),
        sa.Column("shown_as", sa.String(60), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("peer_name", sa.String(60), nullable=False),
        sa.Column("peer_id", sa.Uuid(), nullable=True),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("sent_with", sa.String(36), nullable=False),
        sa.Column("kept_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("removed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_peer_words_person_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_peer_words_organisation_id"),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_peer_words_version_id"),
        sa.ForeignKeyConstraint(["peer_id"], ["people.id"], name="fk_peer_words_peer_id"),
        sa.ForeignKeyConstraint(["removed_by"], ["staff.id"], name="fk_peer_words_removed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_peer_words"),
    )
    for column in ("person_id", "organisation_id", "version_id", "peer_id"):
        op.create_index(f"ix_peer_words_{column}", "peer_words", [column])
    with op.batch_alter_table("voice_links") as links:  # nothing refers to it
        links.add_column(sa.Column("interview_id", sa.Uuid(), nullable=True))
        links.add_column(sa.Column("peer_word_id", sa.Uuid(), nullable=True))
        links.create_foreign_key("fk_voice_links_interview_id", "interviews", ["interview_id"], ["id"])
        links.create_foreign_key("fk_voice_links_peer_word_id", "peer_words", ["peer_word_id"], ["id"])
        links.create_index("ix_voice_links_interview_id", ["interview_id"])
        links.create_index("ix_voice_links_peer_word_id", ["peer_word_id"])
        links.create_check_constraint("one_thing", ONE_THING)
