"""The database keeps its promises on SQLite and on PostgreSQL alike."""

import json

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from badges.db import Base, Database
from badges.models.journal import JournalRecord
from badges.services import journal
from badges.services.installation import MIGRATIONS, latest_revision, schema_revision
from issuer.status_bits import StatusBits
from verify.standards import status_list


def test_migrations_reach_the_latest_revision(installation):
    """A fresh database is at the revision the code needs."""
    assert schema_revision(installation.database) == latest_revision()


@pytest.mark.parametrize("statement", [update(JournalRecord).values(action="other"), delete(JournalRecord)])
def test_journal_refuses_changes(installation, statement):
    """A row of the journal can be neither changed nor deleted, whoever asks."""
    with installation.database.writing() as session:
        journal.record(session, actor="command", action="test", object="thing:1", now=installation.clock())
        session.commit()
    with installation.database.writing() as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(statement)


def test_migrations_and_models_agree(installation):
    """Alembic finds nothing to change between the migrated tables and the models."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with installation.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_status_lists_of_an_older_version_keep_their_bits(tmp_path):
    """Bare bits become pieces, with every bit where it was; what the journal stated is indexed; keys have a kind."""
    database = Database(f"sqlite:///{tmp_path / 'old.sqlite'}")
    bits, digest = bytearray(16_384), "ab" * 32
    bits[7] = 0x41
    with database.engine.execution_options(jalon_writing=True).begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        now = "'2026-01-01 00:00:00'"
        connection.execute(
            text(f"INSERT INTO organisations VALUES (1, 'a', 'A', 'region', '', '', '', 'b', 'vous', {now}, NULL)")
        )
        connection.execute(text(f"INSERT INTO keys VALUES (1, 1, 'key-1', 'z6Mk', x'00', {now}, NULL)"))
        connection.execute(
            text(f"INSERT INTO status_lists VALUES (1, 1, 'revocation', NULL, :bits, x'00', 1, {now})"),
            {"bits": bytes(bits)},
        )
        details = json.dumps({"digest": digest})
        connection.execute(
            text(f"INSERT INTO journal VALUES (7, {now}, 'person:1', 1, 'award.claimed', 'award:1', :details)"),
            {"details": details},
        )
        command.upgrade(config, "0005")
        stored = connection.scalar(text("SELECT bits FROM status_lists"))
        assert status_list.decode(StatusBits.read(stored).encoded()) == bits
        assert connection.execute(text("SELECT digest, journal_id FROM witnessed")).all() == [(digest, 7)]
        assert connection.scalar(text("SELECT kind FROM keys")) == "Ed25519"
    database.close()
