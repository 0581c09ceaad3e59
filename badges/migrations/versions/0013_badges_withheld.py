"""Mark the badges that pause because the person took their agreement back."""

import sqlalchemy as sa
from alembic import op

from badges.db import UtcDateTime

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("credentials", sa.Column("withheld_at", UtcDateTime(timezone=True), nullable=True))
