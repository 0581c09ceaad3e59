"""The credential's shape: Open Badges 3.0 exactly, nothing empty, nothing that RDF would lose."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from issuer.compose import compose, identity_hash
from issuer.facts import AgreedResult, Evidence, Holder
from tests.issuer.samples import ACHIEVEMENT, BADGE, FACTS, REVOCATIONS, SUSPENSIONS, facts, requirement
from verify.standards.canonical import canonicalise

SCHEMA = Path(__file__).parents[3] / "shared/vectors/schemas/ghpages-achievementcredential.json"

# Source: Open Badges 3.0, appendix B.1: these two have no `type` of their own.
UNTYPED = {"criteria"}
SINGLE = {"IdentityObject", "Image", "BitstringStatusListEntry"}


def walk(value, name=""):
    """Every member of the document with its name, objects and lists included."""
    yield name, value
    if isinstance(value, dict):
        for key, member in value.items():
            yield from walk(member, key)
    elif isinstance(value, list):
        for each in value:
            yield from walk(each, name)


def subject_of(award=FACTS):
    return compose(award)["credentialSubject"]


def test_compose_names_exactly_the_two_contexts():
    """Any further context would be one more that some reader does not know."""
    assert compose(FACTS)["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]


def test_compose_writes_nothing_empty():
    """What is not known is left out: no null, no empty text, list or object."""
    bare = replace(
        FACTS,
        achievement=replace(ACHIEVEMENT, image_url="", tags=(), alignments=(), requirements=()),
        results=(),
        evidence=(),
        holder=Holder("Amina", hashed=False),
    )
    for award in (FACTS, bare):
        assert [name for name, value in walk(compose(award)) if value is None or value in ("", [], {})] == []
    assert not {"evidence", "validUntil"} & compose(bare).keys()
    assert not {"alignment", "resultDescription", "tag", "image"} & subject_of(bare)["achievement"].keys()


def test_compose_gives_every_object_its_type():
    """Terms are scoped by type: an object without one loses its members."""
    for name, value in walk(compose(FACTS)):
        if isinstance(value, dict) and name not in UNTYPED:
            types = value["type"]
            assert types in SINGLE if isinstance(types, str) else types


def test_compose_writes_numbers_as_text():
    """Levels, points and values are strings in Open Badges 3.0; only `hashed` is a boolean."""
    assert {name for name, value in walk(compose(FACTS)) if isinstance(value, bool)} == {"hashed"}
    assert not [name for name, value in walk(compose(FACTS)) if isinstance(value, int | float) and name != "hashed"]


def test_compose_gives_the_same_document_for_the_same_facts():
    """What is previewed is what will be signed."""
    assert json.dumps(compose(FACTS)) == json.dumps(compose(facts()))


def test_compose_says_every_level_of_the_scale_by_itself():
    """RDF forgets the order of the levels: each carries its number, and the required one is named."""
    first = subject_of()["achievement"]["resultDescription"][0]
    assert first["id"] == f"{BADGE}-equipe"
    assert first["resultType"] == "RubricCriterionLevel"
    assert first["requiredLevel"] == f"{BADGE}-equipe-3"
    assert first["rubricCriterionLevel"][3] == {
        "id": f"{BADGE}-equipe-4",
        "type": ["RubricCriterionLevel"],
        "name": "transmet",
        "level": "4",
        "points": "4",
        "description": "Travail en équipe : transmet.",
    }


def test_compose_gives_one_result_per_agreed_competence():
    """Each result points at its description and at the level reached."""
    assert subject_of()["result"] == [
        {
            "type": ["Result"],
            "resultDescription": f"{BADGE}-equipe",
            "achievedLevel": f"{BADGE}-equipe-4",
            "value": "4",
        },
        {
            "type": ["Result"],
            "resultDescription": f"{BADGE}-calcul",
            "achievedLevel": f"{BADGE}-calcul-2",
            "value": "2",
        },
    ]
    only = subject_of(facts(results=(AgreedResult("calcul", 3),)))
    assert [result["value"] for result in only["result"]] == ["3"]
    assert len(only["achievement"]["resultDescription"]) == 2


@pytest.mark.parametrize("levels", [(0, 1, 2, 3, 4, 5), (1, 2, 3), (10, 20), (-1, 0, 1)])
def test_compose_takes_any_scale(levels):
    """The scale belongs to the référentiel."""
    one = requirement("equipe", "Équipe", levels[-1], *((level, f"mot {level}") for level in levels))
    award = facts(achievement=replace(ACHIEVEMENT, requirements=(one,)), results=(AgreedResult("equipe", levels[0]),))
    description = subject_of(award)["achievement"]["resultDescription"][0]
    assert [step["level"] for step in description["rubricCriterionLevel"]] == [str(level) for level in levels]
    assert subject_of(award)["result"][0]["value"] == str(levels[0])
    canonicalise(compose(award))


def test_identity_hash_is_that_of_the_specification():
    """The example of the standard, computed elsewhere."""
    assert identity_hash("a@example.com", "Kosher").startswith("sha256$b5809d8a")
    assert identity_hash("a@example.com", "Kosher").endswith("f399")


def test_compose_hides_a_hashed_name_and_shows_a_clear_one():
    """The name stands nowhere in a badge whose holder kept it back."""
    hidden, clear = compose(FACTS), compose(facts(holder=Holder("Amina Diallo", hashed=False)))
    assert "Amina" not in json.dumps(hidden, ensure_ascii=False)
    assert hidden["credentialSubject"]["identifier"] == [
        {
            "type": "IdentityObject",
            "identityType": "name",
            "hashed": True,
            "identityHash": identity_hash("Amina Diallo", "b1f4c9d27e6a4a3f"),
            "salt": "b1f4c9d27e6a4a3f",
        }
    ]
    assert clear["credentialSubject"]["identifier"] == [
        {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": "Amina Diallo"}
    ]


def test_compose_writes_dates_in_whole_seconds_of_utc():
    """Microseconds and local zones are ways to be refused by somebody."""
    paris = timezone(timedelta(hours=2))
    award = facts(
        valid_from=datetime(2026, 7, 1, 10, 0, 0, 999_999, tzinfo=paris),
        valid_until=datetime(2028, 7, 1, 8, tzinfo=UTC),
    )
    assert compose(award)["validFrom"] == "2026-07-01T08:00:00Z"
    assert compose(award)["validUntil"] == "2028-07-01T08:00:00Z"


def test_compose_writes_one_status_entry_that_names_both_lists():
    """The entry's own id is not the list's address; the companion list stands in statusReference."""
    assert compose(FACTS)["credentialStatus"] == {
        "id": f"{REVOCATIONS}#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": REVOCATIONS,
        "statusReference": SUSPENSIONS,
    }


def test_compose_writes_an_alignment_code_only_where_there_is_one():
    """A code nobody gave is not signed."""
    first, second = subject_of()["achievement"]["alignment"]
    assert "targetCode" not in first
    assert second["targetCode"] == "2"
    assert first["targetFramework"] == "ROME 4.0 (proposé)"


def test_compose_keeps_criteria_and_achievement_apart():
    """With one address for both, RDF would make one thing of them."""
    same = replace(ACHIEVEMENT, criteria_url=BADGE)
    criteria = subject_of(facts(achievement=same))["achievement"]["criteria"]
    assert criteria == {"narrative": ACHIEVEMENT.criteria_narrative}
    assert subject_of()["achievement"]["criteria"]["id"] == ACHIEVEMENT.criteria_url


def test_compose_puts_evidence_on_the_credential():
    """Evidence belongs to the award, not to the achievement."""
    award = facts(
        evidence=(*FACTS.evidence, Evidence("Film", "", url="https://films.example/1", audience="Recruteurs"))
    )
    assert compose(award)["evidence"] == [
        {
            "type": ["Evidence"],
            "name": "Chantier de la halle",
            "narrative": "A réparti les tâches.\nTrois fois en mai.",
            "genre": "Mise en situation",
        },
        {"id": "https://films.example/1", "type": ["Evidence"], "name": "Film", "audience": "Recruteurs"},
    ]


def test_everything_composed_is_in_what_gets_signed():
    """Each text of the JSON reappears in the canonical N-Quads: nothing is dropped on the way to the signature."""
    document = compose(FACTS)
    quads = canonicalise(document).decode()
    texts = {value for name, value in walk(document) if isinstance(value, str) and name not in ("@context", "type")}
    lost = {text for text in texts if json.dumps(text, ensure_ascii=False)[1:-1] not in quads}
    assert lost == set()


# The few words of JSON Schema that the Open Badges schema uses; any other makes the test fail.
IGNORED = {"$schema", "$id", "$comment", "$defs", "title", "description"}
KINDS = {"object": dict, "array": list, "string": str, "number": int | float, "boolean": bool}


def faults(value, schema, root, path="$"):
    """What of the document the schema does not allow."""
    found = []
    for word, rule in schema.items():
        if word == "$ref":
            found += faults(value, root["$defs"][rule.removeprefix("#/$defs/")], root, path)
        elif word == "allOf":
            found += [fault for part in rule for fault in faults(value, part, root, path)]
        elif word == "oneOf":
            good = [part for part in rule if not faults(value, part, root, path)]
            found += [] if len(good) == 1 else [f"{path}: {len(good)} of oneOf"]
        elif word == "type" and not isinstance(value, KINDS[rule]):
            found.append(f"{path}: not {rule}")
        elif word == "enum" and value not in rule:
            found.append(f"{path}: not in {rule}")
        elif word == "pattern" and isinstance(value, str) and not re.search(rule, value):
            found.append(f"{path}: not like {rule}")
        elif word == "format" and rule == "date-time" and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value):
            found.append(f"{path}: no date")
        elif isinstance(value, dict):
            found += object_faults(value, (word, rule), schema, root, path)
        elif isinstance(value, list):
            found += array_faults(value, (word, rule), schema, root, path)
        elif word not in IGNORED | {"type", "enum", "pattern", "format"}:
            found.append(f"{path}: {word} is not understood")
    return found


def object_faults(value, keyword, schema, root, path):
    word, rule = keyword
    if word == "properties":
        named = {key: rule[key] for key in value if key in rule}
        return [fault for key, part in named.items() for fault in faults(value[key], part, root, f"{path}.{key}")]
    if word == "required":
        return [f"{path}: no {key}" for key in rule if key not in value]
    if word == "additionalProperties" and rule is False:
        return [f"{path}: {key}" for key in value if key not in schema["properties"]]
    return [] if word in IGNORED | {"type", "additionalProperties"} else [f"{path}: {word} is not understood"]


def array_faults(value, keyword, schema, root, path):
    word, rule = keyword
    if word == "items":
        parts = zip(value, rule, strict=False) if isinstance(rule, list) else ((each, rule) for each in value)
        return [fault for each, part in parts for fault in faults(each, part, root, f"{path}[]")]
    if word == "additionalItems":
        return [fault for each in value[len(schema["items"]) :] for fault in faults(each, rule, root, f"{path}[]")]
    if word == "contains":
        return [] if any(not faults(each, rule, root) for each in value) else [f"{path}: lacks {rule}"]
    if word == "minItems":
        return [] if len(value) >= rule else [f"{path}: too short"]
    return [] if word in IGNORED | {"type"} else [f"{path}: {word} is not understood"]


def test_composed_credential_follows_the_published_schema():
    """1EdTech's own JSON Schema finds nothing wrong, and does find what is."""
    if not SCHEMA.exists():
        pytest.skip("the published schemas are not beside this checkout")
    schema = json.loads(SCHEMA.read_bytes())
    document = compose(FACTS)
    assert faults(document, schema, schema) == []
    for member in schema["required"]:
        assert faults({key: value for key, value in document.items() if key != member}, schema, schema)
    document["credentialSubject"]["identifier"][0]["extra"] = "x"
    document["credentialSubject"]["achievement"]["achievementType"] = "Trophy"
    assert len(faults(document, schema, schema)) == 2
