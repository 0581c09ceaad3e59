"""Plan erasures that were asked for in writing too, and give the address of the account when they are planned."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    origin = sa.Enum("person", "structure", "retention", name="origin", native_enum=False, length=20)
    op.add_column("erasure_requests", sa.Column("origin", origin, nullable=False, server_default="person"))
    op.add_column("erasure_requests", sa.Column("token_digest", sa.String(64), nullable=True))
    op.create_index(
        op.f("ix_erasure_requests_token_digest"), "erasure_requests", ["token_digest"], unique=True
    )
