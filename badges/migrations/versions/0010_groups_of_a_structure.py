"""Let a structure put people who came together in a group of its own naming."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("memberships", sa.Column("group_name", sa.String(60), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("memberships", "group_name", server_default=None)
