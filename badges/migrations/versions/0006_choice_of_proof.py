"""Let an organisation choose its proof, and a credential have a token beside it, frozen like its document."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

FROZEN = "document, digest, sequence, token, token_digest"


def upgrade() -> None:
    _add("organisations", sa.Column("proof", sa.String(40), nullable=False, server_default="eddsa-rdfc-2022"))
    _add("organisations", sa.Column("token", sa.String(10), nullable=False, server_default=""))
    _add("status_lists", sa.Column("proof", sa.String(40), nullable=False, server_default="eddsa-rdfc-2022"))
    op.add_column("credentials", sa.Column("token", sa.LargeBinary(), nullable=True))
    op.add_column("credentials", sa.Column("token_digest", sa.String(64), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER credentials_refuses_update ON credentials")
        op.execute(
            f"CREATE TRIGGER credentials_refuses_update BEFORE UPDATE OF {FROZEN} ON credentials "
            "FOR EACH ROW EXECUTE FUNCTION jalon_refuse()"
        )
    else:
        op.execute("DROP TRIGGER credentials_refuses_update")
        op.execute(
            f"CREATE TRIGGER credentials_refuses_update BEFORE UPDATE OF {FROZEN} ON credentials "
            "BEGIN SELECT RAISE(ABORT, 'credentials is append-only'); END"
        )


def _add(table: str, column: sa.Column[str]) -> None:
    """Add the column with its default for the rows that are there; the application gives every later one."""
    op.add_column(table, column)
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(table, column.name, server_default=None)
