"""No personal data that nobody answers for: every column is in the inventory, with what erasing does to it."""

from sqlalchemy import Table

import badges.models
from badges.db import Base
from badges.services import inventory
from badges.services.inventory import Erasure

assert badges.models  # importing it is what makes the tables known
KEPT = {Erasure.KEPT, Erasure.EMPTIED}


def reaches_people(table: Table, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a chain of foreign keys leads from the table to a person."""
    if table.name == "people":
        return True
    targets = [key.column.table for key in table.foreign_keys if key.column.table.name not in seen]
    return any(reaches_people(one, seen | {table.name}) for one in targets)


def test_every_column_is_in_the_inventory():
    """One that is missing, listed twice or gone fails here: say in `services/inventory.py` what it is for."""
    there = sorted((table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns)
    listed = sorted((table, name) for table, name, _part in inventory.columns())
    assert listed == there


def test_whatever_hangs_on_a_person_goes_with_them():
    """A table that leads to a person is deleted with them, or says for each of its columns why it stays."""
    for table in Base.metadata.tables.values():
        if not reaches_people(table):
            continue
        for name, column, part in inventory.columns():
            if name == table.name and part.erasure is not Erasure.DELETED:
                assert part.why, f"{name}.{column}"


def test_what_is_kept_says_why():
    """And everything that is about somebody stands in a processing of the register."""
    for table, column, part in inventory.columns():
        assert part.why or part.erasure not in KEPT, f"{table}.{column}"
        assert part.activity in inventory.ACTIVITIES or part.erasure is Erasure.NOT_CONCERNED, f"{table}.{column}"
