"""Erasures and what they leave, checks by two people, who looked, what organisations and the administration publish.

A credential, its Open Badges 2.0 form and an answer about consent may now be deleted, and only with their person: the
database asks for what must stay before it lets them go.
"""

import sqlalchemy as sa
from alembic import op

from badges.db import UtcDateTime

revision = "0017"
down_revision = "0016"

MOMENT = UtcDateTime(timezone=True)
GOES_ONLY_WITH = {
    "credentials": "erased_credentials WHERE credential_id = OLD.id",
    "assertions": "erased_credentials WHERE credential_id = OLD.credential_id",
    "consents": "erasures WHERE person_id = OLD.person_id",
}


def upgrade() -> None:
    op.add_column("people", sa.Column("last_seen_on", sa.Date(), nullable=True))
    _erasures()
    _checks()
    _looks()
    _pages()
    for table, remains in GOES_ONLY_WITH.items():
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {table}_refuses_delete ON {table}")
            op.execute(
                f"CREATE FUNCTION jalon_{table}_go() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF NOT EXISTS (SELECT 1 FROM {remains}) THEN RAISE EXCEPTION '{table} is append-only'; END IF; "
                "RETURN OLD; END $$"
            )
            op.execute(
                f"CREATE TRIGGER {table}_refuses_delete BEFORE DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION jalon_{table}_go()"
            )
        else:
            op.execute(f"DROP TRIGGER {table}_refuses_delete")
            op.execute(
                f"CREATE TRIGGER {table}_refuses_delete BEFORE DELETE ON {table} "
                f"WHEN NOT EXISTS (SELECT 1 FROM {remains}) BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "origin", sa.Enum("person", "structure", name="origin", native_enum=False, length=20), nullable=False
        ),
        sa.Column("erased_at", MOMENT, nullable=False),
        sa.Column("account", sa.JSON(), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("person_id", name=op.f("uq_erasures_person_id")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_erasures_token_digest")),
    )
    op.create_table(
        "erasure_requests",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("stop_copies", sa.Boolean(), nullable=False),
        _foreign("erasure_requests", "person_id", "people.id"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_erasure_requests")),
    )
    op.create_table(
        "erased_credentials",
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("erasure_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=True),
        sa.Column("status_list_id", sa.Integer(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        _foreign("erased_credentials", "erasure_id", "erasures.id"),
        _foreign("erased_credentials", "status_list_id", "status_lists.id"),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_erased_credentials")),
        sa.UniqueConstraint(
            "status_list_id", "status_index", name=op.f("uq_erased_credentials_status_list_id_status_index")
        ),
    )
    op.create_index(op.f("ix_erased_credentials_erasure_id"), "erased_credentials", ["erasure_id"])
    op.create_table(
        "farewells",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("erasure_id", sa.Integer(), nullable=False),
        _foreign("farewells", "erasure_id", "erasures.id"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_farewells")),
    )
    op.create_index(op.f("ix_farewells_erasure_id"), "farewells", ["erasure_id"])


def _checks() -> None:
    op.create_table(
        "identity_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum("access", "erasure", name="requestkind", native_enum=False, length=20), nullable=False
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("stop_copies", sa.Boolean(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        _foreign("identity_requests", "person_id", "people.id"),
        _foreign("identity_requests", "organisation_id", "organisations.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_requests")),
    )
    op.create_index(op.f("ix_identity_requests_person_id"), "identity_requests", ["person_id"])
    op.create_index(op.f("ix_identity_requests_organisation_id"), "identity_requests", ["organisation_id"])
    op.create_table(
        "identity_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _foreign("identity_checks", "request_id", "identity_requests.id"),
        _foreign("identity_checks", "staff_id", "staff.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_checks")),
        sa.UniqueConstraint("request_id", "staff_id", name=op.f("uq_identity_checks_request_id_staff_id")),
    )
    op.create_index(op.f("ix_identity_checks_request_id"), "identity_checks", ["request_id"])


def _looks() -> None:
    op.create_table(
        "file_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _foreign("file_looks", "person_id", "people.id"),
        _foreign("file_looks", "staff_id", "staff.id"),
        _foreign("file_looks", "organisation_id", "organisations.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_looks")),
        sa.UniqueConstraint(
            "person_id",
            "staff_id",
            "organisation_id",
            "day",
            name=op.f("uq_file_looks_person_id_staff_id_organisation_id_day"),
        ),
    )
    op.create_index(op.f("ix_file_looks_person_id"), "file_looks", ["person_id"])
    op.create_table(
        "share_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        _foreign("share_looks", "share_id", "shares.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_looks")),
        sa.UniqueConstraint("share_id", "day", name=op.f("uq_share_looks_share_id_day")),
    )
    op.create_index(op.f("ix_share_looks_share_id"), "share_looks", ["share_id"])


def _pages() -> None:
    op.create_table(
        "notices",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("controller", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("ratings_months", sa.Integer(), nullable=False),
        sa.Column("logs_months", sa.Integer(), nullable=False),
        sa.Column("employees", sa.Boolean(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        _foreign("notices", "organisation_id", "organisations.id"),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_notices")),
    )
    op.create_table(
        "legal_pages",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        _foreign("legal_pages", "updated_by", "staff.id"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_legal_pages")),
    )
