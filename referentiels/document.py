"""The référentiel's document, format `jalon-referentiel/1`: bytes to value and back.

Reading is strict: unknown members, duplicate keys, codes used twice and references to nothing are refused, all
at once and each at its path. A draft may be incomplete, never ill-formed. Nothing here decides whether a draft
is good enough to publish: see `publishing`.
"""

import dataclasses
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from referentiels.completeness import gaps
from referentiels.model import (
    RATERS,
    Alignment,
    Badge,
    Behaviour,
    Competence,
    Family,
    KeptPassage,
    Level,
    Rater,
    Referentiel,
    Requirement,
    RetiredCodes,
)
from referentiels.reading import Log, Members, code_at, missing, parse, shown, text_at
from referentiels.references import check_references
from referentiels.sentences import N_, DocumentErrors, Fault

__all__ = ["FORMAT", "DocumentErrors", "Fault", "as_json", "read", "write"]

FORMAT: Final = "jalon-referentiel/1"
MAX_LEVEL: Final = 99
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
OPTIONAL: Final = ("owner_as_issuer", "kept_passages")
"""Members that stand only where they say something, so that a document without them keeps its bytes."""
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_NOT_IN_ADDRESS: Final = re.compile(r"[\s\\<>\"{}|^`]")


def read(data: bytes | dict[str, Any], *, draft: bool = False) -> Referentiel:
    """The référentiel written in `data`, with tidied texts and behaviours in the scale's order.

    A draft may leave members out and lists empty; otherwise every member stands and every level of every
    competence is described.

    Raises:
        DocumentErrors: every fault found, each with its path.
    """
    log = Log(strict=not draft)
    tree = parse(data) if isinstance(data, bytes) else data
    referentiel = _referentiel(tree, log)
    check_references(referentiel, log)
    if not log.faults and not draft:
        log.faults.extend(gaps(referentiel))
    if log.faults:
        raise DocumentErrors(log.faults)
    return _in_order(referentiel)


def write(referentiel: Referentiel) -> bytes:
    """The document's bytes: UTF-8, members in a stable order, two spaces of indentation, a final newline."""
    return (json.dumps(as_json(referentiel), ensure_ascii=False, indent=2) + "\n").encode()


def as_json(referentiel: Referentiel) -> dict[str, Any]:
    """The document as a JSON object, in the order it is written."""
    content = {name: _listed(value) for name, value in dataclasses.asdict(referentiel).items()}
    head = {"format": FORMAT, "code": content.pop("code")}
    version, published, retired = (content.pop(name) for name in ("version", "published", "retired_codes"))
    if version is not None:
        head["version"] = version
    if published is not None:
        head["published"] = published.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for name in OPTIONAL:
        if not content[name]:
            del content[name]
    if any(retired.values()):
        content["retired_codes"] = retired
    return head | content


def _listed(value: Any) -> Any:
    """The same value with lists where JSON knows no tuples."""
    if isinstance(value, dict):
        return {name: _listed(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_listed(inner) for inner in value]
    return value


def _in_order(referentiel: Referentiel) -> Referentiel:
    """The same référentiel, each competence's behaviours in the scale's order."""
    competences = tuple(
        dataclasses.replace(each, behaviours=tuple(sorted(each.behaviours, key=lambda seen: seen.level)))
        for each in referentiel.competences
    )
    return dataclasses.replace(referentiel, competences=competences)


def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def _referentiel(tree: object, log: Log) -> Referentiel:
    members = Members(tree, "", log, known=("format", *_names(Referentiel)))
    declared = members.get("format", needed=True)
    if not missing(declared) and declared != FORMAT:
        message = N_("Le format « {found} » n’est pas « {wanted} ».")
        log.add("format", message, found=shown(declared), wanted=FORMAT)
    version, published = _edition(members)
    return Referentiel(
        code=members.code("code"),
        title=members.text("title", 200),
        description=members.text("description", 4000, lines=True),
        language=_language(members),
        owner=members.text("owner", 200),
        scope=members.text("scope", 200),
        co_authors=tuple(text_at(value, path, log, limit=200) for path, value in members.items("co_authors", 50)),
        families=tuple(_family(item, path, log) for path, item in members.items("families", 30)),
        scale=tuple(_level(item, path, log) for path, item in members.items("scale", 12)),
        competences=tuple(_competence(item, path, log) for path, item in members.items("competences", 200)),
        badges=tuple(_badge(item, path, log) for path, item in members.items("badges", 200)),
        retired_codes=_retired(members),
        owner_as_issuer=members.written("owner_as_issuer") and members.flag("owner_as_issuer", default=False),
        kept_passages=tuple(_kept(item, path, log) for path, item in _optional(members, "kept_passages", 200)),
        version=version,
        published=published,
    )


def _language(members: Members) -> str:
    language = members.text("language", 35)
    if language and not LANGUAGE.fullmatch(language):
        message = N_("« {found} » n’est pas une langue : écrivez par exemple fr, en ou pt-BR.")
        members.log.add(members.at("language"), message, found=shown(language))
    return language


def _edition(members: Members) -> tuple[int | None, datetime | None]:
    """Number and date of a published version: both or neither."""
    log, published = members.log, None
    version = members.whole("version", 1, 1_000_000) if members.written("version") else None
    if members.written("published"):
        written = str(members.get("published"))
        try:
            published = datetime.fromisoformat(written if _INSTANT.fullmatch(written) else "")
        except ValueError:
            message = N_("« {found} » n’est pas une date comme 2026-11-21T08:00:00Z.")
            log.add("published", message, found=shown(written))
    if log.sound("version") and log.sound("published") and (version is None) != (published is None):
        message = N_("Une version publiée porte un numéro et une date ; un brouillon n’a aucun des deux.")
        log.add("version", message)
    return version, published


def _retired(members: Members) -> RetiredCodes:
    if not members.written("retired_codes"):
        return RetiredCodes()
    inner = Members(members.get("retired_codes"), "retired_codes", members.log, known=_names(RetiredCodes))
    lists = {
        name: tuple(sorted({code_at(code, path, members.log) for path, code in inner.items(name, 1000)}))
        for name in _names(RetiredCodes)
    }
    return RetiredCodes(**lists)


def _optional(members: Members, name: str, most: int) -> Iterator[tuple[str, Any]]:
    """The items of a list that need not stand."""
    if members.written(name):
        yield from members.items(name, most)


def _kept(item: object, path: str, log: Log) -> KeptPassage:
    members = Members(item, path, log, known=_names(KeptPassage))
    return KeptPassage(
        place=members.text("place", 200), passage=members.text("passage", 200), reason=members.text("reason", 500)
    )


def _family(item: object, path: str, log: Log) -> Family:
    members = Members(item, path, log, known=_names(Family))
    return Family(
        code=members.code("code"),
        name=members.text("name", 120),
        description=members.text("description", 1000, lines=True),
    )


def _number(members: Members) -> int:
    """The level an item speaks of: -1, which no scale holds, where it is faulty."""
    found = members.whole("level", 0, MAX_LEVEL)
    if found is None and members.log.sound(members.at("level")):
        members.log.add(members.at("level"), N_("Le niveau manque."))
    return -1 if found is None else found


def _level(item: object, path: str, log: Log) -> Level:
    members = Members(item, path, log, known=_names(Level))
    return Level(
        level=_number(members), name=members.text("name", 80), meaning=members.text("meaning", 500, lines=True)
    )


def _competence(item: object, path: str, log: Log) -> Competence:
    members = Members(item, path, log, known=_names(Competence))
    return Competence(
        code=members.code("code"),
        family=members.code("family"),
        name=members.text("name", 160),
        for_person=members.text("for_person", 400, lines=True),
        for_recruiter=members.text("for_recruiter", 400, lines=True),
        pictogram=members.code("pictogram", optional=True),
        behaviours=tuple(_behaviour(each, place, log) for place, each in members.items("behaviours", 12)),
        alignments=tuple(_alignment(each, place, log) for place, each in members.items("alignments", 20)),
    )


def _behaviour(item: object, path: str, log: Log) -> Behaviour:
    members = Members(item, path, log, known=_names(Behaviour))
    return Behaviour(level=_number(members), text=members.text("text", 600, lines=True))


def _alignment(item: object, path: str, log: Log) -> Alignment:
    members = Members(item, path, log, known=_names(Alignment))
    return Alignment(
        name=members.text("name", 300),
        code=members.text("code", 200),
        url=_address(members),
        source=members.text("source", 200),
        note=members.text("note", 400, lines=True),
    )


def _address(members: Members) -> str:
    """An https address or nothing: it becomes a link on pages, even from a draft."""
    url = members.text("url", 1000)
    if url and not _is_https(url):
        message = N_("« {found} » n’est pas une adresse https complète.")
        members.log.add(members.at("url"), message, found=shown(url))
    return url


def _is_https(url: str) -> bool:
    if not url.startswith("https://") or _NOT_IN_ADDRESS.search(url):
        return False
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and "@" not in parts.netloc and (parts.port or 443) > 0
    except ValueError:
        return False


def _badge(item: object, path: str, log: Log) -> Badge:
    members = Members(item, path, log, known=_names(Badge))
    default = Badge(code="", name="", description="", family="")
    return Badge(
        code=members.code("code"),
        name=members.text("name", 160),
        description=members.text("description", 2000, lines=True),
        family=members.code("family"),
        pictogram=members.code("pictogram", optional=True),
        requirements=tuple(_requirement(each, place, log) for place, each in members.items("requirements", 50)),
        at_least=members.whole("at_least", 1, 50),
        raters=_raters(members, default.raters),
        evidence_required=members.flag("evidence_required", default=default.evidence_required),
        coach_may_grant=members.flag("coach_may_grant", default=default.coach_may_grant),
        validity_months=members.whole("validity_months", 1, 600),
        calibration=members.text("calibration", 1000, lines=True),
    )


def _requirement(item: object, path: str, log: Log) -> Requirement:
    members = Members(item, path, log, known=_names(Requirement))
    return Requirement(competence=members.code("competence"), level=_number(members))


def _raters(members: Members, default: tuple[Rater, ...]) -> tuple[Rater, ...]:
    if not (members.written("raters") or members.log.strict):
        return default
    found = list(members.items("raters", len(RATERS)))
    for path, value in found:
        if value not in RATERS:
            message = N_("« {found} » n’évalue pas : écrivez self (soi), coach ou tutor (tuteur).")
            members.log.add(path, message, found=shown(value))
    named = [value for _, value in found]
    return tuple(rater for rater in RATERS if rater in named)
