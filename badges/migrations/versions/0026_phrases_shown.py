"""Let a share show phrases of its person, in the wording that was chosen."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.add_column("shared_badges", sa.Column("phrases", sa.JSON(none_as_null=True), nullable=True))
