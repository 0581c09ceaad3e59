"""Refuse every change and deletion in the journal, and every change of signed or published bytes."""

from alembic import op

revision = "0002"
down_revision = "0001"

FROZEN = {
    "journal": ("UPDATE", "DELETE"),
    "versions": ("UPDATE OF document, digest, number", "DELETE"),
    "credentials": ("UPDATE OF document, digest, sequence", "DELETE"),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION jalon_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table, acts in FROZEN.items():
        for act in acts:
            name = f"{table}_refuses_{act.split()[0].lower()}"
            if op.get_bind().dialect.name == "postgresql":
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION jalon_refuse()"
                )
            else:
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
