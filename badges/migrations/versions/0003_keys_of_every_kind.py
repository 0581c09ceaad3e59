"""Tell of what kind a signing key is; a public RSA key is longer than the others."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KINDS = sa.Enum("Ed25519", "P-256", "P-384", "RSA", name="keykind", native_enum=False, length=20)


def upgrade() -> None:
    with op.batch_alter_table("keys") as keys:
        keys.add_column(sa.Column("kind", KINDS, nullable=True))
        keys.alter_column("public_key", existing_type=sa.String(120), type_=sa.Text(), existing_nullable=False)
    op.execute("UPDATE keys SET kind = 'Ed25519'")
    with op.batch_alter_table("keys") as keys:
        keys.alter_column("kind", existing_type=KINDS, nullable=False)
