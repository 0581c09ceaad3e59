"""Changes to a draft, each a function from a value to a value.

A code is derived from a name at creation and never changes; removing a family, a competence or a badge retires
its code for the whole lineage (`retired_codes` in the document), even where it was never published, so that no
old badge can come to speak of something else. Every result is re-read by `document`, so an edit can never
produce a draft that its own document would refuse. Nothing referred to can be removed.
"""

from referentiels.editing.badges import (
    add_badge,
    change_badge,
    move_badge,
    remove_badge,
    remove_requirement,
    set_requirement,
)
from referentiels.editing.competences import (
    add_alignment,
    add_competence,
    change_alignment,
    change_competence,
    move_competence,
    remove_alignment,
    remove_competence,
    set_behaviour,
)
from referentiels.editing.framework import (
    add_family,
    change_family,
    fork,
    keep_passage,
    move_family,
    new,
    release_passage,
    remove_family,
    revise,
    set_details,
)
from referentiels.editing.scale import add_level, change_level, move_level, remove_level

__all__ = [
    "add_alignment",
    "add_badge",
    "add_competence",
    "add_family",
    "add_level",
    "change_alignment",
    "change_badge",
    "change_competence",
    "change_family",
    "change_level",
    "fork",
    "keep_passage",
    "move_badge",
    "move_competence",
    "move_family",
    "move_level",
    "new",
    "release_passage",
    "remove_alignment",
    "remove_badge",
    "remove_competence",
    "remove_family",
    "remove_level",
    "remove_requirement",
    "revise",
    "set_behaviour",
    "set_details",
    "set_requirement",
]
