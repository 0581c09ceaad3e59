"""Every row about one person, found by the foreign keys that lead to them: what the export takes and erasing deletes.

A table that somebody adds is found as soon as it leads to a person. What is no row about them by that measure must hold
nothing of theirs: the inventory answers for it, and a test searches the database after an erasure.
"""

import uuid
from functools import cache

from sqlalchemy import Column, ColumnElement, Table, or_, select

import badges.models
from badges.db import Base

assert badges.models  # noqa: S101 - importing it is what makes the tables known
PEOPLE = "people"


@cache
def tables() -> tuple[Table, ...]:
    """The tables that lead to a person, each after those that it leads through."""
    return tuple(table for table in Base.metadata.sorted_tables if table.name == PEOPLE or _links(table))


@cache
def _links(table: Table) -> tuple[tuple[Column[object], Column[object]], ...]:
    """The foreign keys of the table on the way to a person: its column, and the column it leads to."""
    found = []
    for key in sorted(table.foreign_keys, key=lambda one: one.parent.name):
        target = key.column.table
        if target is not table and (target.name == PEOPLE or _links(target)):
            found.append((key.parent, key.column))
    return tuple(found)


def of(table: Table, person_id: uuid.UUID) -> ColumnElement[bool]:
    """The condition for the rows of the table that are about the person."""
    if table.name == PEOPLE:
        return table.c.id == person_id
    return or_(*(column.in_(select(target).where(of(target.table, person_id))) for column, target in _links(table)))
