"""The editor's pages: a draft from its first line to its publication, and who is recognised on it.

They only parse, call one service and show the answer. Every form carries the revision it was read at: what was typed on
an older one comes back on the page, unsaved and unlost. A published version has no page here: it takes no change.
"""

from badges.web.referentiel_editor import (
    alignments,
    badges,
    competences,
    creation,
    files,
    framework,
    parts,
    publication,
    recognitions,
    translations,
)
from badges.web.referentiel_editor.sheets import blueprint

__all__ = [
    "alignments",
    "badges",
    "blueprint",
    "competences",
    "creation",
    "files",
    "framework",
    "parts",
    "publication",
    "recognitions",
    "translations",
]
