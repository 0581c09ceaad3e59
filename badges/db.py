"""The database: one engine, two kinds of session, on SQLite and on PostgreSQL alike.

A writing session on SQLite begins with `BEGIN IMMEDIATE`, so that two writers queue instead of both reading the
same state; on PostgreSQL the services lock rows with `FOR UPDATE`, which SQLite compiles to nothing.
"""

import enum
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, Enum, MetaData, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_MS = 15_000
BRIEF_MS = 250


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime in Python, whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes: a time without a zone is a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back where the database has none."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def _values(kind: type[enum.Enum]) -> list[str]:
    return [member.value for member in kind]


class Base(DeclarativeBase):
    """All tables; constraint names follow one convention so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads a plain dict here
        datetime: UtcDateTime,
        enum.Enum: Enum(enum.Enum, native_enum=False, length=20, values_callable=_values),
    }


class Database:
    """An engine and the two kinds of session it gives: reading and writing."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._writing = self.engine.execution_options(jalon_writing=True)

    def reading(self) -> Session:
        """A session for a request that changes nothing."""
        return Session(self.engine, expire_on_commit=False)

    def writing(self) -> Session:
        """A session that takes the write lock when it begins (SQLite) and must be committed by its caller."""
        return Session(self._writing, expire_on_commit=False)

    @contextmanager
    def writing_if_free(self) -> Iterator[Session]:
        """A session for what may be given up: it waits a quarter of a second at most where others are writing.

        Raises:
            OperationalError: from the first write or the commit, where it could not be written in that time.
        """
        sqlite = self.engine.dialect.name == "sqlite"
        with self.engine.connect() as connection:
            brief = f"PRAGMA busy_timeout = {BRIEF_MS}" if sqlite else f"SET lock_timeout = {BRIEF_MS}"
            usual = f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}" if sqlite else "SET lock_timeout = DEFAULT"
            connection.exec_driver_sql(brief)
            connection.commit()
            try:
                with Session(connection, expire_on_commit=False) as session:
                    yield session
            finally:
                connection.rollback()
                connection.exec_driver_sql(usual)
                connection.commit()

    def overwrite_deleted(self, tables: Iterable[str], *, thoroughly: bool = False) -> bool:
        """Have nothing of deleted rows left in the database's files; False where others are using them just now.

        SQLite rewrites its file and empties its log. PostgreSQL gives the room of what was deleted to later rows;
        `thoroughly` rewrites these tables, which nobody may read meanwhile. Its write-ahead log and its backups keep
        what they hold until they are recycled.
        """
        if self.engine.dialect.name == "sqlite":
            return self._rewrite()
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in sorted(tables):
                connection.exec_driver_sql(f"VACUUM {'(FULL)' if thoroughly else ''} {table}")
            if thoroughly:
                connection.exec_driver_sql("CHECKPOINT")
        return True

    def _rewrite(self) -> bool:
        connection = self.engine.raw_connection()
        try:
            connection.cursor().execute("VACUUM")
            [(busy, _pages, _moved)] = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.OperationalError:
            return False
        finally:
            connection.close()
        return not busy

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url)
    event.listen(engine, "connect", _on_sqlite_connect)
    event.listen(engine, "begin", _on_sqlite_begin)
    return engine


def _on_sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the begin event below decides, not the driver
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not left for whoever reads the file
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("jalon_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
