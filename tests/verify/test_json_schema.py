"""Schemas that credentials name: followed, violated, not held, and never a way to make the verifier work for ever."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.verify import factory as f
from tests.verify import kinds as k
from tests.verify import vectors
from verify import Outcome, Policy, Reason, Report, Verdict, Verifier
from verify.errors import Defect, Undecided
from verify.standards import documents, json_schema
from verify.standards.json_schema import SchemasUnusable, read_schemas

URL = "https://badges.example/schemas/badge.json"
SCHEMA: dict[str, Any] = {
    "$id": URL,
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "pattern": "équipe$"}},
}


def _schemas(folder: Path, *schemas: Any) -> Any:
    for number, schema in enumerate(schemas):
        (folder / f"{number}.json").write_text(json.dumps(schema))
    return read_schemas(folder)


def _report(folder: Path, *schemas: Any, type_: str = "JsonSchema", **changes: Any) -> Report:
    known = k.trust(schemas=_schemas(folder, *schemas))
    verifier = Verifier(keys=known, statuses=known, issuers=known, schemas=known)
    named = [{"id": URL, "type": type_}]
    contexts = [*f.credential()["@context"], documents.OPEN_BADGES_EXTENSIONS]
    data = f.badge(**{"@context": contexts, "credentialSchema": named, **changes})
    return verifier.verify(data, now=f.NOW)


@pytest.mark.parametrize("type_", ["JsonSchema", "1EdTechJsonSchemaValidator2019"])
def test_a_badge_that_follows_the_schema_it_names_is_valid(tmp_path: Path, type_: str) -> None:
    """Nothing is said of it: the check of the structure passed."""
    report = _report(tmp_path, SCHEMA, type_=type_)
    assert (report.verdict, report.notes) == (Verdict.VALID, ())


def test_a_badge_that_violates_the_schema_it_names_is_invalid(tmp_path: Path) -> None:
    """The issuer says that it follows the schema; it does not."""
    report = _report(tmp_path, SCHEMA, name="Autonomie")
    check = report.check("structure")
    assert (report.verdict, check.outcome, check.reason) == (
        Verdict.INVALID,
        Outcome.FAILED,
        Reason.SCHEMA_VIOLATED,
    )


def test_a_schema_that_is_not_held_is_noted_and_decides_nothing(tmp_path: Path) -> None:
    """Neither good nor bad: it was not compared."""
    report = _report(tmp_path)
    assert (report.verdict, report.notes) == (Verdict.VALID, (Reason.SCHEMA_NOT_HELD,))
    assert report.to_json()["notes"] == ["schema_not_held"]


def test_a_schema_of_a_type_that_is_not_understood_is_not_asked(tmp_path: Path) -> None:
    """Its address may be that of a schema; what the type would ask for is not known."""
    odd = {"id": URL, "type": "https://badges.example/terms#AnotherValidator"}
    report = _report(tmp_path, SCHEMA, name="Autonomie", credentialSchema=[odd])
    assert (report.verdict, report.notes) == (Verdict.VALID, ())


def test_a_schema_may_stand_in_a_credential(tmp_path: Path) -> None:
    """Source: VC JSON Schema 1.0, section 2.2."""
    bare = {name: value for name, value in SCHEMA.items() if name != "$id"}
    carrier = k.plain(id=URL, credentialSubject={"id": URL, "type": "JsonSchema", "jsonSchema": bare})
    good = _report(tmp_path, carrier, type_="JsonSchemaCredential")
    assert (good.verdict, good.notes) == (Verdict.VALID, ())
    bad = _report(tmp_path, carrier, type_="JsonSchemaCredential", name="Autonomie")
    assert bad.check("structure").reason is Reason.SCHEMA_VIOLATED


def test_a_schema_may_refer_to_itself_and_to_its_neighbours(tmp_path: Path) -> None:
    """And to nothing else: no reference is ever fetched."""
    neighbour = {"$id": "https://badges.example/schemas/name.json", "pattern": "équipe$"}
    schema = {"$id": URL, "properties": {"name": {"$ref": "name.json"}, "issuer": {"$ref": "#/$defs/o"}}}
    held = _schemas(tmp_path, {**schema, "$defs": {"o": {"type": "object"}}}, neighbour)
    held[URL].check(f.credential())
    with pytest.raises(Defect):
        held[URL].check(f.credential(name="Autonomie"))
    (tmp_path / "1.json").unlink()
    with pytest.raises(SchemasUnusable, match=r"0\.json: refers to name\.json"):
        read_schemas(tmp_path)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("{", "cannot be read as JSON"),
        ("[]", "not a schema, or too large"),
        ("{}", "without an address"),
        ('{"$id": "https://a.example/", "type": 7}', "not a schema"),
        ('{"$id": "https://a.example/", "$ref": "https://elsewhere.example/s.json"}', "elsewhere"),
    ],
)
def test_a_folder_that_holds_anything_else_is_refused(tmp_path: Path, written: str, words: str) -> None:
    """At once and by the file's name, not when a badge comes along."""
    (tmp_path / "s.json").write_text(written)
    with pytest.raises(SchemasUnusable, match=r"s\.json") as caught:
        read_schemas(tmp_path)
    assert words in str(caught.value)
    with pytest.raises(SchemasUnusable, match="not a folder"):
        read_schemas(tmp_path / "absent")


def test_a_document_cannot_ask_for_endless_work(tmp_path: Path) -> None:
    """A schema that multiplies what it is handed stops at its bound, and a pattern meets no endless text."""
    node: dict[str, Any] = {"$id": URL, "$defs": {"n": {"anyOf": [{"$ref": "#/$defs/m"}] * 9}}, "$ref": "#/$defs/n"}
    node["$defs"]["m"] = {
        "additionalProperties": {"anyOf": [{"$ref": "#/$defs/n"}, {"$ref": "#/$defs/n"}]},
        "type": "object",
    }
    deep: dict[str, Any] = {}
    for _ in range(30):
        deep = {"a": deep, "b": 7}
    with pytest.raises(Undecided) as caught:
        _schemas(tmp_path, node)[URL].check(deep)
    assert caught.value.reason is Reason.TOO_COMPLEX
    long = f.credential(name="x" * (json_schema.MAX_MATCHED + 1))
    with pytest.raises(Undecided):
        _schemas(tmp_path, SCHEMA)[URL].check(long)


def test_a_document_cannot_ask_to_compare_all_its_items_with_each_other(tmp_path: Path) -> None:
    """Twenty thousand values take half a minute; texts, which are sorted, and a handful of objects take none."""
    node = {"$id": URL, "type": "object", "properties": {"evidence": {"uniqueItems": True}}}
    schema = _schemas(tmp_path, node)[URL]
    schema.check({"evidence": [{"id": number} for number in range(50)]})
    schema.check({"evidence": [str(number) for number in range(5_000)]})
    with pytest.raises(Defect):
        schema.check({"evidence": [{"id": 1}, {"id": 1}]})
    with pytest.raises(Undecided) as caught:
        schema.check({"evidence": [{"id": number} for number in range(6_000)]})
    assert caught.value.reason is Reason.TOO_COMPLEX


@vectors.needed
def test_schemas_of_1edtech_hold_for_samples_of_theirs_and_for_our_badges() -> None:
    """The published schemas, under the name that stands in them and under the one that credentials write."""
    schemas = read_schemas(vectors.FOLDER / "schemas")
    base = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_"
    endorsement = vectors.read("ob3-samples/validator/endorsement-valid.json")
    assert [each["id"] for each in endorsement["credentialSchema"]] == [base + "endorsementcredential_schema.json"]
    schemas[base + "endorsementcredential_schema.json"].check(endorsement)
    for name in ("achievementcredential_schema.json", "achievementcredential-jsonschema1.json"):
        schemas[base + name].check(vectors.read("ob3-samples/validator/simple.json"))
        schemas[base + name].check(f.credential())
        with pytest.raises(Defect):
            schemas[base + name].check(f.credential(validFrom=7))
    known = k.trust(schemas=schemas)
    verifier = Verifier(keys=known, statuses=known, issuers=known, schemas=known, policy=Policy.AUTHENTIC)
    assert verifier.verify(documents.dump(endorsement), now=f.NOW).notes == ()
