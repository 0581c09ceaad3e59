"""Let a share belong to a person and show several badges; every code that is out keeps showing what it showed."""

import sqlalchemy as sa
from alembic import op

from badges.db import UtcDateTime

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "shared_badges",
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("evidence", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["share_id"], ["shares.id"], name=op.f("fk_shared_badges_share_id")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_shared_badges_award_id")),
        sa.PrimaryKeyConstraint("share_id", "place", name=op.f("pk_shared_badges")),
        sa.UniqueConstraint("share_id", "award_id", name=op.f("uq_shared_badges_share_id_award_id")),
    )
    op.create_index(op.f("ix_shared_badges_award_id"), "shared_badges", ["award_id"])
    op.execute("INSERT INTO shared_badges (share_id, place, award_id) SELECT id, 1, award_id FROM shares")
    with op.batch_alter_table("shares") as batch:
        batch.add_column(sa.Column("person_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("label", sa.String(80), nullable=False, server_default=""))
        batch.add_column(sa.Column("contact", sa.String(160), nullable=False, server_default=""))
        for name, shown in (("name", True), ("levels", True), ("words", False), ("radar", False)):
            default = sa.true() if shown else sa.false()
            batch.add_column(sa.Column(f"show_{name}", sa.Boolean(), nullable=False, server_default=default))
        batch.add_column(sa.Column("secret_hash", sa.String(200), nullable=True))
        batch.add_column(sa.Column("opened_at", UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("expires_at", UtcDateTime(timezone=True), nullable=True))
    op.execute("UPDATE shares SET person_id = (SELECT person_id FROM awards WHERE awards.id = shares.award_id)")
    op.execute("UPDATE shares SET opened_at = created_at")
    with op.batch_alter_table("shares") as batch:
        batch.drop_index(op.f("ix_shares_award_id"))
        batch.drop_constraint(op.f("fk_shares_award_id"), type_="foreignkey")
        batch.drop_column("award_id")
        batch.alter_column("person_id", existing_type=sa.Uuid(), nullable=False)
        batch.create_foreign_key(op.f("fk_shares_person_id"), "people", ["person_id"], ["id"])
        batch.create_index(op.f("ix_shares_person_id"), ["person_id"])
        for name in ("label", "contact"):
            batch.alter_column(name, existing_type=sa.String(), server_default=None)
        for name in ("name", "levels", "words", "radar"):
            batch.alter_column(f"show_{name}", existing_type=sa.Boolean(), server_default=None)
