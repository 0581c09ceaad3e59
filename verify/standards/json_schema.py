"""JSON Schemas that somebody handed in: does a credential follow the schema that it says it follows?

Nothing is fetched: a schema may refer to itself and to the others in its folder. A schema is trusted as code is, by
whoever hands it in; the documents held against it are not, so the work that one may ask for is bounded.

The only module that imports jsonschema, which takes longer to load than the rest of a verification takes.

Source: Verifiable Credentials JSON Schema Specification 1.0, sections 2 and 3; JSON Schema 2020-12 and 2019-09.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import jsonschema
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from verify.errors import Defect, Undecided
from verify.reasons import Reason

MAX_STEPS = 10_000
"""Keywords evaluated for one document, each of up to 50 microseconds; the fullest sample of Open Badges takes 1,322."""
MAX_MATCHED = 5_000
"""Characters of a text that a pattern is held against."""
_COMPARED_IN_A_STEP = 200
"""Characters of JSON, each list of items counted as often as it has items."""
_MAX_SCHEMA_BYTES = 4 * 1024 * 1024

_1EDTECH = ("-jsonschema1.json", "_schema.json")
"""1EdTech serves each of its schemas under two names: the one in it, and the one that credentials write."""

_steps_left: ContextVar[list[int]] = ContextVar("_steps_left")
_Errors = Iterator[jsonschema.ValidationError]
_Keyword = Callable[[Any, Any, Any, Any], _Errors | None]


class SchemasUnusable(Exception):  # noqa: N818 - it names what is so, as a reader would say it
    """What was handed in as schemas cannot be used; the message says which file and why."""


class _TooMuch(Exception):  # noqa: N818 - it never leaves this module
    """The document asks for more work than is done for one."""


class JsonSchema:
    """One schema, ready to hold documents against."""

    def __init__(self, schema: Any, registry: Registry[Any]) -> None:
        kind = _bounded(jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator))
        self._validator = kind(schema, registry=registry)

    def check(self, document: dict[str, Any]) -> None:
        """Return where the document follows the schema.

        Raises:
            Defect: `schema_violated`.
            Undecided: `too_complex`, where telling takes too many steps.
        """
        token = _steps_left.set([MAX_STEPS])
        try:
            error = next(self._validator.iter_errors(document), None)
        except (_TooMuch, RecursionError):
            raise Undecided(Reason.TOO_COMPLEX, "schema") from None
        finally:
            _steps_left.reset(token)
        if error is not None:
            raise Defect(Reason.SCHEMA_VIOLATED, error.json_path[:200])


def read_schemas(folder: Path) -> Mapping[str, JsonSchema]:
    """The schemas in the folder's `*.json` files, each by its `$id`.

    A file may also be a credential of type JsonSchemaCredential, known by its own id; its proof is not looked at.

    Raises:
        SchemasUnusable: where a file cannot be read, is no schema, or refers to one that is not there.
        Source: Verifiable Credentials JSON Schema Specification 1.0, section 2.2 (JsonSchemaCredential).
    """
    if not folder.is_dir():
        raise SchemasUnusable(f"{folder}: not a folder")
    found = {url: (file, schema) for file in sorted(folder.glob("*.json")) for url, schema in _addressed(file)}
    resources = ((url, Resource.from_contents(schema, DRAFT202012)) for url, (_, schema) in found.items())
    registry: Registry[Any] = Registry().with_resources(resources)
    return {url: _usable(file, url, schema, registry) for url, (file, schema) in found.items()}


def _addressed(file: Path) -> Iterator[tuple[str, Any]]:
    """The schema in the file, under each address it is known by."""
    try:
        data = file.read_bytes()
        content = json.loads(data) if len(data) <= _MAX_SCHEMA_BYTES else None
    except (OSError, ValueError, RecursionError):
        raise SchemasUnusable(f"{file}: cannot be read as JSON") from None
    if not isinstance(content, dict):
        raise SchemasUnusable(f"{file}: not a schema, or too large")
    subject = content.get("credentialSubject")
    carried = subject.get("jsonSchema") if isinstance(subject, dict) else None
    url, schema = (content.get("id"), carried) if isinstance(carried, dict) else (content.get("$id"), content)
    if not isinstance(url, str):
        raise SchemasUnusable(f"{file}: a schema without an address")
    yield url, schema
    if url.endswith(_1EDTECH[0]):
        yield url.removesuffix(_1EDTECH[0]) + _1EDTECH[1], schema


def _usable(file: Path, url: str, schema: Any, registry: Registry[Any]) -> JsonSchema:
    try:
        jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator).check_schema(schema)
        resolver = registry.resolver(url)
        for reference in _references(schema):
            resolver.lookup(reference)
    except jsonschema.SchemaError as error:
        raise SchemasUnusable(f"{file}: not a schema: {error.json_path}") from None
    except Unresolvable as error:
        raise SchemasUnusable(f"{file}: refers to {error.ref}, which is not in the folder") from None
    return JsonSchema(schema, registry)


def _references(schema: Any) -> Iterator[str]:
    pending = [schema]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)


def _bounded(kind: Any) -> Any:
    """The validator class, with each keyword counted."""
    counted = {name: _counted(keyword) for name, keyword in kind.VALIDATORS.items()}
    counted["pattern"] = _short_of(counted["pattern"])
    for name in ("patternProperties", "additionalProperties"):
        counted[name] = _short_of(counted[name])
    counted["uniqueItems"] = _few_of(counted["uniqueItems"])
    return jsonschema.validators.extend(kind, counted)


def _counted(keyword: _Keyword) -> _Keyword:
    def evaluate(validator: Any, value: Any, instance: Any, schema: Any) -> _Errors | None:
        _spend(1)
        return keyword(validator, value, instance, schema)

    return evaluate


def _spend(steps: int) -> None:
    left = _steps_left.get()
    left[0] -= steps
    if left[0] < 0:
        raise _TooMuch


def _short_of(keyword: _Keyword) -> _Keyword:
    """The keyword, for short texts and names alone: it holds them against patterns."""

    def evaluate(validator: Any, value: Any, instance: Any, schema: Any) -> _Errors | None:
        texts = [instance] if isinstance(instance, str) else instance if isinstance(instance, dict) else ()
        if any(len(text) > MAX_MATCHED for text in texts):
            raise _TooMuch
        return keyword(validator, value, instance, schema)

    return evaluate


def _few_of(keyword: _Keyword) -> _Keyword:
    """The keyword that compares all items with each other, unless they are texts, which it sorts."""

    def evaluate(validator: Any, value: Any, instance: Any, schema: Any) -> _Errors | None:
        if isinstance(instance, list) and not all(isinstance(item, str) for item in instance):
            _spend(len(instance) * len(json.dumps(instance)) // _COMPARED_IN_A_STEP)
        return keyword(validator, value, instance, schema)

    return evaluate
