"""Credentials out of a source of chance: composed from every term of the contexts, then bent out of shape.

Whatever comes out is only asked to be treated alike by all: `random` may be Python's or one that hypothesis shrinks.
"""

import copy
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from tests.verify import factory as f
from verify.standards.documents import (
    CREDENTIALS_V1,
    CREDENTIALS_V2,
    DATA_INTEGRITY,
    DID,
    MULTIKEY,
    OPEN_BADGES,
    OPEN_BADGES_EXTENSIONS,
    shipped_contexts,
)

_OLDER = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"
_CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
_ED25519 = "https://w3id.org/security/suites/ed25519-2020/v1"

CONTEXTS: list[list[str]] = [
    [CREDENTIALS_V2, OPEN_BADGES],
    [CREDENTIALS_V2, OPEN_BADGES],
    [CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS],
    [CREDENTIALS_V2, _CLR, OPEN_BADGES],
    [CREDENTIALS_V1, _OLDER],
    [CREDENTIALS_V1, OPEN_BADGES],
    [CREDENTIALS_V2],
    [CREDENTIALS_V1],
    [CREDENTIALS_V1, _ED25519],
    [CREDENTIALS_V2, DATA_INTEGRITY],
    [DID, MULTIKEY],
    [DATA_INTEGRITY],
]

_TEXTS = (
    "x", "Travail en équipe", "e\u0301quipe", "\U0001f600", "\uff5e", "\ufeff", "\u202eabc", "a\nb\tc\rd", 'dit "oui"',
    "a\\b", "\\u0041", "", " ", "\u00a0", "<b>", "1", "true", "2026-10-01T08:00:00Z", "x" * 300, "\U00010000\uffff",
    "٣",
)  # fmt: skip
_IRIS = (
    "https://badges.example/a", "https://badges.example/b#c", "urn:uuid:6a3c1d8e-2f4b-4c9a-8d7e-1b2a3c4d5e6f",
    "did:a:b",
    "http://x.example/é?q=1&r=%20", "mailto:a@b.example", "urn:a:b", "data:image/png;base64,AAAA",
)  # fmt: skip
_ODD_IRIS = (
    "relative", "", "//x.example/y", "#frag", "_:b0", "_:c14n0", "urn:a b", "https://x/ y", "https://x/\u2003", "sec:x",
    "xsd:string", "cred:x", "relative-iri:x", ":", "a:", "1a:b", "@id", "@type", "@none", "https://x/<", "HTTPS://x/y",
    "id", "type", "assertionMethod", "VerifiableCredential", "schema:name", "https:x", "urn:a\n", "urn:\U0001f600",
)  # fmt: skip
_ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 42, 42.0, -0.0, 3.75, 0.1, 1e21, 10**20, 10**21, 10**22, 1e300, 1e-7, 2**53, [], {},
    [[]], [["x"]], [None], [None, "x"], {"id": "urn:a:b"}, {"id": None}, {"type": []}, {"type": None}, {"type": 1},
    {"@value": "x"}, {"@value": "x", "@language": "FR"}, {"@value": "x", "@language": "ar", "@direction": "rtl"},
    {"@value": "x", "@type": "https://d.example/t"}, {"@value": [1], "@type": "@json"}, {"@value": 5}, {"@value": None},
    {"@list": ["x"]}, {"@set": ["x"]}, {"@id": "urn:a:b"}, {"@graph": []}, {"@language": "fr"}, {"fr": "x"}, {"a": {}},
    ["x", "x"], ["b", "a"], [1, True, 1.0], [{}, {}], [{"type": ["Profile"]}, {"type": ["Profile"]}], "x",
)  # fmt: skip
_ODD_KEYS = (
    "@id", "@type", "@value", "@graph", "@included", "@reverse", "@nest", "@index", "@language", "@context", "@vocab",
    "https://schema.org/name", "nothing", "schema:name", "", "_:b", "id", "type", "name", "proof", "@unknown",
)  # fmt: skip


@cache
def _terms(contexts: tuple[str, ...]) -> tuple[list[str], dict[str, list[str]]]:
    """The terms that the contexts define for all objects, and those they add for each type."""
    everywhere: list[str] = []
    of_type: dict[str, list[str]] = {}
    for address in contexts:
        context = shipped_contexts().document(address)["@context"]
        for part in context if isinstance(context, list) else [context]:
            for term, definition in part.items():
                if term.startswith("@"):
                    continue
                scoped = definition.get("@context") if isinstance(definition, dict) else None
                if isinstance(scoped, dict):
                    of_type.setdefault(term, []).extend(key for key in scoped if not key.startswith("@"))
                everywhere.append(term)
    return everywhere, of_type


class _Maker:
    """Composes objects from the terms of some contexts."""

    def __init__(self, random: Random, contexts: list[str]) -> None:
        self.random = random
        self.everywhere, self.of_type = _terms(tuple(contexts))
        self.types = list(self.of_type) or self.everywhere

    def text(self) -> str:
        return self.random.choice(_TEXTS)

    def iri(self) -> str:
        return self.random.choice(_ODD_IRIS if self.random.random() < 0.01 else _IRIS)

    def object(self, depth: int) -> dict[str, Any]:
        random = self.random
        made: dict[str, Any] = {}
        types = [random.choice(self.types) for _ in range(random.choice((0, 1, 1, 1, 1, 2)))]
        if types:
            made["type"] = types[0] if random.random() < 0.2 else types
        if random.random() < 0.4:
            made["id"] = self.iri()
        own = [term for type_ in types for term in self.of_type.get(type_, [])]
        for _ in range(random.randrange(5)):
            terms = own if own and random.random() < 0.9 else self.everywhere
            made.setdefault(random.choice(terms), self.value(depth))
        if random.random() < 0.3:
            made = dict(random.sample(list(made.items()), len(made)))
        return made

    def value(self, depth: int) -> Any:
        random = self.random
        chance = random.random()
        if chance < 0.02:
            return copy.deepcopy(random.choice(_ODD))
        if chance < 0.45 and depth:
            return self.object(depth - 1)
        if chance < 0.6:
            return [self.value(depth - 1 if depth else 0) for _ in range(random.randrange(4))]
        if chance < 0.65:
            return random.choice((1, 0, True, False, 42))
        return self.iri() if chance < 0.85 else self.text()


def composed(random: Random) -> dict[str, Any]:
    """A document made of the contexts' own terms."""
    contexts = random.choice(CONTEXTS)
    maker = _Maker(random, contexts)
    return {"@context": list(contexts), **maker.object(3)}


def _proof() -> dict[str, Any]:
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-10-01T08:00:00Z",
        "verificationMethod": f.METHOD,
        "proofPurpose": "assertionMethod",
        "proofValue": "z3FXQ",
    }


def endorsement() -> dict[str, Any]:
    """An endorsement, with its proof."""
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": "urn:uuid:0f8b2a4e-6c1d-4b7a-9e3f-5d2c1b0a9e8f",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Avis du club",
        "issuer": {"id": "did:web:club.example", "type": ["Profile"], "name": "Club"},
        "validFrom": "2026-10-02T08:00:00Z",
        "credentialSubject": {
            "id": f.ISSUER,
            "type": ["EndorsementSubject"],
            "endorsementComment": "Sérieux.",
        },
        "proof": [_proof()],
    }


def older() -> dict[str, Any]:
    """A badge by the older data model."""
    made = f.credential(validFrom=None, validUntil=None, credentialStatus=None)
    made["@context"] = [CREDENTIALS_V1, _OLDER]
    del made["credentialSubject"]["achievement"]["inLanguage"]
    return {**made, "issuanceDate": "2026-10-01T08:00:00Z", "expirationDate": "2031-10-01T08:00:00Z"}


def record() -> dict[str, Any]:
    """A learner record of a badge and an endorsement."""
    return {
        "@context": [CREDENTIALS_V2, _CLR, OPEN_BADGES],
        "id": "urn:uuid:1f8b2a4e-6c1d-4b7a-9e3f-5d2c1b0a9e8f",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Livret",
        "issuer": {"id": f.ISSUER, "type": ["Profile"], "name": "Mission locale"},
        "validFrom": "2026-10-01T08:00:00Z",
        "credentialSubject": {
            "type": ["ClrSubject"],
            "identifier": [],
            "verifiableCredential": [f.credential(), endorsement()],
            "association": [
                {
                    "type": "Association",
                    "associationType": "isChildOf",
                    "sourceId": "https://badges.example/a",
                    "targetId": "https://badges.example/b",
                }
            ],
        },
    }


def graded() -> dict[str, Any]:
    """A badge with grades in a list, an embedded endorsement and a schema."""
    made = f.credential()
    achievement = made["credentialSubject"]["achievement"]
    achievement["resultDescription"].append(
        {
            "id": "urn:uuid:2f8b2a4e-6c1d-4b7a-9e3f-5d2c1b0a9e8f",
            "type": ["ResultDescription"],
            "name": "Note",
            "resultType": "LetterGrade",
            "allowedValue": ["A", "B", "C", "B"],
            "valueMax": "20",
        }
    )
    made["endorsement"] = [endorsement()]
    made["credentialSubject"]["source"] = {
        "id": "did:web:x.example",
        "type": ["Profile"],
        "parentOrg": {"type": "Profile"},
    }
    made["credentialSchema"] = [{"id": "https://x.example/s.json", "type": "JsonSchema"}]
    return made


def status() -> dict[str, Any]:
    """A status list."""
    return f.status_credential(f.REVOCATIONS, "revocation", ())


def presentation() -> dict[str, Any]:
    """A presentation of a badge."""
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "type": ["VerifiablePresentation"],
        "holder": "did:key:z6Mk",
        "verifiableCredential": [f.credential()],
    }


def proof_options() -> dict[str, Any]:
    """The options of a proof, with contexts: what is hashed beside every document."""
    return {"@context": [CREDENTIALS_V2, OPEN_BADGES], **_proof()}


_BASES: tuple[Callable[[], dict[str, Any]], ...] = (
    f.credential, f.credential, f.credential, endorsement, endorsement, older, record, graded, status, presentation,
    proof_options, proof_options,
    f.did_document,
)  # fmt: skip


def base(random: Random) -> dict[str, Any]:
    """A good document of one of the kinds that badges live among."""
    return random.choice(_BASES)()


def mutated(random: Random, document: dict[str, Any], times: int) -> dict[str, Any]:
    """The document with so many things changed, each somewhere in it."""
    for _ in range(times):
        spots = _spots(document)
        if not spots:
            break
        random.choice(_MUTATIONS)(random, document, *random.choice(spots), spots)
    return document


def document(random: Random) -> dict[str, Any]:
    """Any of it."""
    if random.random() < 0.4:
        return mutated(random, composed(random), random.choice((0, 0, 0, 1, 2)))
    return mutated(random, base(random), random.choice((0, 1, 1, 1, 2, 3, 5)))


_Spot = tuple[Any, Any]


def _spots(document: Any) -> list[_Spot]:
    """Every place in the document, as the container and the key or index in it."""
    found: list[_Spot] = []
    pending = [document]
    while pending:
        value = pending.pop()
        for key, member in list(value.items()) if isinstance(value, dict) else list(enumerate(value)):
            found.append((value, key))
            if isinstance(member, dict | list):
                pending.append(member)
    return found


def _delete(_random: Random, _document: Any, holder: Any, key: Any, _spots: list[_Spot]) -> None:
    del holder[key]


def _replace(random: Random, _document: Any, holder: Any, key: Any, _spots: list[_Spot]) -> None:
    holder[key] = copy.deepcopy(random.choice((*_ODD, *_TEXTS, *_IRIS, *_ODD_IRIS)))


def _reword(random: Random, _document: Any, holder: Any, key: Any, _spots: list[_Spot]) -> None:
    if isinstance(holder[key], str):
        holder[key] = random.choice(_IRIS if ":" in holder[key] else _TEXTS)


def _repeat(random: Random, _document: Any, holder: Any, key: Any, _spots: list[_Spot]) -> None:
    value = holder[key]
    again = [copy.deepcopy(value) for _ in range(random.randrange(1, 3))]
    holder[key] = [*value, *value] if isinstance(value, list) else [value, *again]


def _wrap(random: Random, _document: Any, holder: Any, key: Any, _spots: list[_Spot]) -> None:
    holder[key] = random.choice(([holder[key]], [[holder[key]]], {"@value": holder[key]}, {"id": holder[key]}))


def _shuffle(random: Random, _document: Any, holder: Any, key: Any, _spots: list[_Spot]) -> None:
    value = holder[key]
    if isinstance(value, list):
        random.shuffle(value)
    elif isinstance(value, dict):
        holder[key] = dict(random.sample(list(value.items()), len(value)))


def _copy(random: Random, _document: Any, holder: Any, key: Any, spots: list[_Spot]) -> None:
    other, place = random.choice(spots)
    holder[key] = copy.deepcopy(other[place])


def _anonymous(random: Random, _document: Any, _holder: Any, _key: Any, spots: list[_Spot]) -> None:
    """Take the id from up to three objects: blank nodes, tied ones among them."""
    named = [holder for holder, key in spots if key == "id" and isinstance(holder, dict)]
    for holder in random.sample(named, min(len(named), 3)):
        holder.pop("id", None)


def _share(random: Random, _document: Any, _holder: Any, _key: Any, spots: list[_Spot]) -> None:
    """Give two objects the same id."""
    objects = [holder for holder, _ in spots if isinstance(holder, dict)]
    first, second = random.choice(objects), random.choice(objects)
    second["id"] = copy.deepcopy(first.get("id", "https://badges.example/shared"))


def _add(random: Random, _document: Any, holder: Any, _key: Any, spots: list[_Spot]) -> None:
    keys = [key for _, key in spots if isinstance(key, str)]
    if isinstance(holder, dict):
        key = random.choice(_ODD_KEYS if random.random() < 0.3 else keys)
        holder[key] = copy.deepcopy(random.choice((*_ODD, *_TEXTS, *_IRIS)))


def _rename(random: Random, _document: Any, holder: Any, key: Any, spots: list[_Spot]) -> None:
    keys = [key for _, key in spots if isinstance(key, str)]
    if isinstance(holder, dict):
        holder[random.choice(keys)] = holder.pop(key)


def _retype(random: Random, _document: Any, holder: Any, _key: Any, _spots: list[_Spot]) -> None:
    _, of_type = _terms((CREDENTIALS_V2, OPEN_BADGES))
    if isinstance(holder, dict):
        types = [random.choice([*of_type, "Nothing"]) for _ in range(random.randrange(1, 3))]
        here = holder.get("type", [])
        holder["type"] = [*(here if isinstance(here, list) else [here]), *types]


def _context(random: Random, document: Any, holder: Any, _key: Any, _spots: list[_Spot]) -> None:
    """Give the document, or any object in it, other contexts."""
    choices: tuple[Any, ...] = (
        *CONTEXTS,
        CREDENTIALS_V2,
        [],
        None,
        "https://x.example/",
        {"x": "urn:x:y"},
        [OPEN_BADGES],
    )
    where = document if random.random() < 0.3 else holder
    if isinstance(where, dict):
        where["@context"] = copy.deepcopy(random.choice(choices))


_MUTATIONS: tuple[Callable[..., None], ...] = (
    _delete, _delete, _replace, _reword, _reword, _reword, _repeat, _repeat, _wrap, _shuffle, _shuffle, _copy,
    _anonymous, _anonymous, _share, _share, _add, _rename, _retype, _context,
)  # fmt: skip
