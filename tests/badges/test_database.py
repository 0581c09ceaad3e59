"""The database keeps its promises on SQLite and on PostgreSQL alike."""

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from badges.db import Base
from badges.models.journal import JournalRecord
from badges.services import journal
from badges.services.installation import latest_revision, schema_revision


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
