"""Say in which role a file was opened."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

ROLES = sa.Enum("editor", "coach", "issuer", "auditor", "administrator", name="role", native_enum=False, length=20)


def upgrade() -> None:
    op.add_column("file_looks", sa.Column("role", ROLES, nullable=False, server_default="coach"))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("file_looks", "role", server_default=None)
