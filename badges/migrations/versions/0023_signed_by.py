"""Tell which organisation signed a credential, under which mandate it may, and why flagged words of evidence stay."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

FROZEN = "document, digest, sequence, token, token_digest, signed_by"


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.add_column("recognitions", sa.Column("mandate_from", sa.Date(), nullable=True))
    op.add_column("recognitions", sa.Column("mandate_until", sa.Date(), nullable=True))
    op.add_column("awards", sa.Column("wording_reason", sa.Text(), nullable=False, server_default=""))
    # SQLite adds a column that refers to another table only where it may be empty; the application fills each.
    op.execute(
        "ALTER TABLE credentials ADD COLUMN signed_by INTEGER "
        "CONSTRAINT fk_credentials_signed_by REFERENCES organisations (id)"
    )
    op.create_index(op.f("ix_credentials_signed_by"), "credentials", ["signed_by"])
    op.execute(
        "UPDATE credentials SET signed_by = (SELECT organisation_id FROM awards WHERE awards.id = credentials.award_id)"
    )
    if postgresql:
        op.alter_column("awards", "wording_reason", server_default=None)
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
