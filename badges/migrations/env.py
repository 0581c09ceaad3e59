"""Alembic runs the migrations on the connection the application hands over."""

from alembic import context
from sqlalchemy.engine import Connection

import badges.models
from badges.db import Base

assert badges.models  # noqa: S101 - importing it is what makes the tables known


def run(connection: Connection) -> None:
    """Run what is missing on this connection, in its own transaction."""
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
    context.run_migrations()


run(context.config.attributes["connection"])
