"""Where a fault of a draft is mended: from a path of the document to a page of the editor and a field on it."""

import re
from collections.abc import Iterable

from flask import url_for

from referentiels.model import Referentiel
from referentiels.sentences import Fault

SECTIONS = {
    "families": "families",
    "scale": "scale",
    "competences": "competences",
    "badges": "badges",
}
_PATH = re.compile(
    r"(?P<part>[a-z_]+)(?:\[(?P<index>\d+)\])?(?:\.(?P<member>[a-z_]+)(?:\[(?P<inner>\d+)\])?(?:\.(?P<last>[a-z_]+))?)?"
)


def section(fault: Fault) -> str:
    """The part of the draft a fault belongs to: details, families, scale, competences or badges."""
    return SECTIONS.get(re.split(r"[.\[]", fault.path)[0], "details")


def by_section(faults: Iterable[Fault]) -> dict[str, int]:
    """How many faults each part of the draft has."""
    counts: dict[str, int] = {}
    for fault in faults:
        counts[section(fault)] = counts.get(section(fault), 0) + 1
    return counts


def place_of(slug: str, draft: Referentiel, fault: Fault) -> str:
    """The address, with its fragment, of the field where the fault is mended."""
    found = _PATH.fullmatch(fault.path)
    part, index = (found["part"], found["index"]) if found else ("", None)
    if found is None or part not in SECTIONS:
        return url_for("editor.details", slug=slug, _anchor=part or None)
    if index is None:
        return url_for(f"editor.{SECTIONS[part]}", slug=slug)
    place, member = int(index), found["member"]
    if part == "families":
        return url_for("editor.family", slug=slug, code=draft.families[place].code, _anchor=member)
    if part == "scale":
        return url_for("editor.level", slug=slug, level=draft.scale[place].level, _anchor=member)
    if part == "badges":
        return url_for("editor.badge", slug=slug, code=draft.badges[place].code, _anchor=member)
    return _in_competence(slug, draft, fault, found)


def _in_competence(slug: str, draft: Referentiel, fault: Fault, found: re.Match[str]) -> str:
    competence, member, inner = draft.competences[int(found["index"])], found["member"], found["inner"]
    if member == "alignments" and inner is not None:
        return url_for("editor.alignment", slug=slug, code=competence.code, index=int(inner), _anchor=found["last"])
    if member == "behaviours":
        level = competence.behaviours[int(inner)].level if inner is not None else fault.values.get("level")
        member = f"behaviour-{level}" if level is not None else "behaviours"
    return url_for("editor.competence", slug=slug, code=competence.code, _anchor=member)
