"""Every situation a badge can be in, one file each, and what verifying it has to say.

`python -m tests.situations.make` writes the files beside this one: the badges into `badges/`, what the verifier is
told to trust into `trust/`. They come out the same every time, and a test holds the committed files against them.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.situations import assertions
from tests.situations.kinds import SCHEMA, situations_of_kinds
from tests.situations.situation import Situation
from tests.verify import assertions as a
from tests.verify import factory as f
from tests.verify import kinds as k
from verify.reasons import Reason
from verify.standards import baking, did, status_list

HERE = Path(__file__).parent
BADGES = HERE / "badges"
TRUST = HERE / "trust"
SCHEMAS = HERE / "schemas"

RETIRED = "did:web:badges.example:o:ancienne"
SILENT = "did:web:badges.example:o:muette"
STATUS = "https://badges.example/status/"


def _document(**changes: Any) -> dict[str, Any]:
    return f.sign(f.credential(**changes))


def _unsafe(change: Callable[[dict[str, Any]], object]) -> bytes:
    """A badge changed after signing, in a way that no signature could cover."""
    return f.altered(change)


def _status(number: int, index: int = f.STANDING, **changes: Any) -> bytes:
    entry = f.status_entry(index, statusListCredential=f"{STATUS}{number}", **changes)
    entry.pop("statusReference")
    return f.badge(credentialStatus=entry)


def _within(*path: str | int) -> Callable[[dict[str, Any], Any], None]:
    def put(document: dict[str, Any], value: Any) -> None:
        node: Any = document
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = value

    return put


_SUBJECT = ("credentialSubject",)
_ACHIEVEMENT = (*_SUBJECT, "achievement")


def _signed_with(path: tuple[str | int, ...], value: Any) -> bytes:
    """A badge that was signed with this value in it."""
    document = f.credential()
    _within(*path)(document, value)
    return f.written(f.sign(document))


def _signed_without(path: tuple[str | int, ...]) -> bytes:
    document = f.credential()
    node: Any = document
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    return f.written(f.sign(document))


def _changed(*path: str | int, value: Any) -> bytes:
    """A badge with this value put in after it was signed."""
    return f.altered(lambda document: _within(*path)(document, value))


def _raw(document: bytes, old: str, new: str) -> bytes:
    assert old.encode() in document
    return document.replace(old.encode(), new.encode("utf-8", "surrogatepass"), 1)


def _poison() -> list[dict[str, Any]]:
    """Nodes that no order tells apart: two alike, each holding the same ten; 3,628,800 orders each."""
    entry = {"type": "IdentifierEntry", "identifier": "x", "identifierType": "identifier"}
    return [{"type": ["Evidence", "Profile"], "otherIdentifier": [entry] * 10} for _ in range(2)]


def _readable() -> list[Situation]:
    good = f.badge()
    token = f.jwt(f.claims(f.credential()))
    two = _document()
    two["proof"] = [{**two["proof"][0], "cryptosuite": "ecdsa-sd-2023"}, two["proof"][0]]
    return [
        Situation("good.json", good, "valid"),
        Situation("good.jwt", token, "valid"),
        Situation("good.png", baking.bake_png(f.png(), good), "valid"),
        Situation("good.svg", baking.bake_svg(f.SVG, good), "valid"),
        Situation("jwt_in_svg.svg", baking.bake_svg(f.SVG, token), "valid"),
        Situation("one_good_proof_of_two.json", f.written(two), "valid"),
        Situation("good_jcs.json", f.written(f.sign(f.credential(), cryptosuite="eddsa-jcs-2022")), "valid"),
        Situation("good_chain.json", f.written(_chain()), "valid"),
        Situation("good_jwt_with_vc.jwt", f.jwt(f.claims_beside(f.credential())), "valid"),
    ]


def _chain() -> dict[str, Any]:
    """A badge with two proofs, the second over the first."""
    document = f.sign(f.credential(), id=f.FIRST_PROOF)
    document["proof"].append(f.proof(document, previousProof=f.FIRST_PROOF))
    return document


def _unreadable() -> list[Situation]:
    good = f.badge()
    baked = baking.bake_svg(f.SVG, good)
    twice_png = f.png(*[(b"iTXt", b"openbadgecredential\0\0\0\0\0" + good)] * 2)
    bomb = b"openbadgecredential\0\1\0\0\0" + f.zlib.compress(b"{" + b" " * 3_000_000 + b"}", 9)
    element = baked[baked.index(b"<openbadges") : baked.index(b"<circle")]
    script = b"<script>alert(1)</script><circle"
    entities = b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + baked
    older = (
        b'{"@context": "https://w3id.org/openbadges/v1", "verify": {"type": "hosted"}, "badge": "https://x.example/"}'
    )
    cases = [
        ("empty.json", b" \n", Reason.EMPTY),
        ("plain_text.txt", b"Je suis un badge, croyez-moi.", Reason.FORMAT_UNKNOWN),
        ("not_utf8.json", good.replace("é".encode(), b"\xe9"), Reason.NOT_UTF8),
        ("cut_short.json", good[:-40], Reason.JSON_MALFORMED),
        ("duplicate_key.json", b'{"id": "urn:a", ' + good[1:], Reason.JSON_DUPLICATE_KEY),
        ("too_deep.json", _raw(good, '"name"', '"x": ' + "[" * 100 + "]" * 100 + ', "name"'), Reason.JSON_TOO_DEEP),
        ("endlessly_deep.json", b"[" * 200_000, Reason.JSON_TOO_DEEP),
        (
            "too_many_values.json",
            _raw(good, '"name"', '"tag": [' + ",".join(["1"] * 20_000) + '], "name"'),
            Reason.JSON_TOO_MANY_VALUES,
        ),
        ("number_not_a_number.json", _raw(good, '"4"', "NaN"), Reason.JSON_NUMBER_UNSAFE),
        ("number_infinite.json", _raw(good, '"4"', "1e400"), Reason.JSON_NUMBER_UNSAFE),
        ("number_beyond_doubles.json", _raw(good, '"4"', "9007199254740993"), Reason.JSON_NUMBER_UNSAFE),
        ("control_character.json", _raw(good, "Aïcha", "Aïcha\\u0007"), Reason.JSON_CONTROL_CHARACTER),
        ("lone_surrogate.json", _raw(good, "Aïcha", "Aïcha\\ud800"), Reason.JSON_LONE_SURROGATE),
        ("not_a_credential.json", b'{"bonjour": "le monde"}', Reason.NOT_A_CREDENTIAL),
        ("list_of_badges.json", b"[" + good + b"]", Reason.NOT_A_CREDENTIAL),
        ("open_badges_1.json", older, Reason.OPEN_BADGES_1),
        ("png_without_badge.png", f.png(), Reason.PNG_WITHOUT_BADGE),
        ("png_baked_twice.png", twice_png, Reason.PNG_BAKED_TWICE),
        ("png_bomb.png", f.png((b"iTXt", bomb)), Reason.PNG_BOMB),
        ("png_damaged.png", baking.bake_png(f.png(), good).replace(b"Ferrand", b"Durandd"), Reason.PNG_MALFORMED),
        ("png_cut_short.png", baking.bake_png(f.png(), good)[:500], Reason.PNG_MALFORMED),
        ("png_open_badges_1.png", f.png((b"iTXt", b"openbadges\0\0\0\0\0" + older)), Reason.OPEN_BADGES_1),
        ("svg_without_badge.svg", f.SVG, Reason.SVG_WITHOUT_BADGE),
        ("svg_baked_twice.svg", baked.replace(element, element * 2), Reason.SVG_BAKED_TWICE),
        ("svg_with_script.svg", baked.replace(b"<circle", script), Reason.SVG_SCRIPTED),
        ("svg_with_handler.svg", baked.replace(b"<circle", b'<circle onload="alert(1)"'), Reason.SVG_SCRIPTED),
        ("svg_with_entities.svg", entities, Reason.SVG_ENTITIES),
        ("svg_cut_short.svg", baked[:-10], Reason.SVG_MALFORMED),
        ("jwt_header_not_json.jwt", b"YWJj.YWJj.YWJj", Reason.JWT_MALFORMED),
    ]
    return [Situation(file, data, "unreadable", None, reason) for file, data, reason in cases]


def _structure() -> list[Situation]:
    contexts = f.credential()["@context"]
    vocabulary = [*contexts, {"@vocab": "https://evil.example/#"}]
    hidden = {"@type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": "2026-10-02T08:00:00Z"}

    def hide(document: dict[str, Any]) -> None:
        document["https://www.w3.org/2018/credentials#validUntil"] = hidden
        del document["validUntil"]

    def move(document: dict[str, Any]) -> None:
        elsewhere = document["refreshService"]
        elsewhere["type"] = [elsewhere["type"], *document["type"]]
        elsewhere["validUntil"] = document.pop("validUntil")

    cases: list[tuple[str, bytes, Reason]] = [
        ("context_missing.json", _unsafe(lambda d: d.pop("@context")), Reason.CONTEXT_MISSING),
        ("context_not_of_badges.json", _changed("@context", value=contexts[:1]), Reason.CONTEXT_MISSING),
        ("context_order.json", f.badge(**{"@context": contexts[::-1]}), Reason.CONTEXT_ORDER),
        ("context_inline.json", _changed("@context", value=vocabulary), Reason.CONTEXT_INLINE),
        ("context_inline_nested.json", _changed(*_SUBJECT, "@context", value={"x": "y:z"}), Reason.CONTEXT_INLINE),
        ("expiry_hidden_behind_its_iri.json", f.altered(hide, _expired()), Reason.TERM_HIDDEN),
        ("expiry_told_somewhere_else.json", f.altered(move, _refreshed()), Reason.TERM_HIDDEN),
        ("undefined_term.json", _changed("decoration", value="or"), Reason.UNDEFINED_TERM),
        (
            "undefined_type.json",
            _changed("type", value=[*f.credential()["type"], "MedalCredential"]),
            Reason.UNDEFINED_TERM,
        ),
        ("relative_address.json", _changed(*_ACHIEVEMENT, "image", "id", value="equipe.png"), Reason.UNDEFINED_TERM),
        ("address_with_quads.json", _changed("id", value="urn:a> <urn:b"), Reason.ID_INVALID),
        (
            "address_with_space.json",
            _changed(*_ACHIEVEMENT, "image", "id", value="https://a b.example/"),
            Reason.IRI_INVALID,
        ),
        ("poison_graph.json", _changed("evidence", value=_poison()), Reason.TOO_COMPLEX),
        ("type_missing.json", f.badge(type=["VerifiableCredential"]), Reason.TYPE_MISSING),
        ("type_not_a_text.json", _changed("type", 1, value=7), Reason.TYPE_WRONG),
        ("id_missing.json", f.badge(id=None), Reason.ID_INVALID),
        ("issuer_missing.json", f.badge(issuer=None), Reason.ISSUER_INVALID),
        ("issuer_without_type.json", _changed("issuer", "type", value=[]), Reason.NESTED_TYPE_MISSING),
        ("subject_without_type.json", _changed(*_SUBJECT, "type", value=["Person"]), Reason.SUBJECT_INVALID),
        ("subject_twice.json", _changed("credentialSubject", value=[{}, {}]), Reason.SUBJECT_INVALID),
        ("recipient_missing.json", _anonymous(), Reason.RECIPIENT_MISSING),
        ("achievement_missing.json", _signed_without(_ACHIEVEMENT), Reason.ACHIEVEMENT_INVALID),
        ("criteria_missing.json", _signed_without((*_ACHIEVEMENT, "criteria")), Reason.ACHIEVEMENT_INVALID),
        (
            "alignment_without_target.json",
            _signed_without((*_ACHIEVEMENT, "alignment", 0, "targetName")),
            Reason.ACHIEVEMENT_INVALID,
        ),
        ("evidence_without_type.json", _changed("evidence", 0, "type", value=["Note"]), Reason.NESTED_TYPE_MISSING),
        ("status_without_type.json", _changed("credentialStatus", "type", value=[]), Reason.NESTED_TYPE_MISSING),
        (
            "identifier_without_type.json",
            _changed(*_SUBJECT, "identifier", 0, "type", value="Thing"),
            Reason.NESTED_TYPE_MISSING,
        ),
        (
            "result_without_type.json",
            _changed(*_SUBJECT, "result", 0, "type", value=["Score"]),
            Reason.NESTED_TYPE_MISSING,
        ),
        (
            "result_of_unknown_level.json",
            _signed_with((*_SUBJECT, "result", 0, "achievedLevel"), "https://badges.example/r/x/9"),
            Reason.RESULT_INVALID,
        ),
        (
            "required_level_unknown.json",
            _signed_with((*_ACHIEVEMENT, "resultDescription", 0, "requiredLevel"), "https://badges.example/r/x/9"),
            Reason.RESULT_INVALID,
        ),
        ("date_missing.json", f.badge(validFrom=None), Reason.DATE_MISSING),
        ("date_without_zone.json", f.badge(validFrom="2026-10-01T08:00:00"), Reason.DATE_INVALID),
        ("date_that_is_none.json", f.badge(validUntil="2026-02-30T08:00:00Z"), Reason.DATE_INVALID),
        ("date_in_a_list.json", _changed("validUntil", value=["2031-10-01T08:00:00Z"]), Reason.DATE_INVALID),
        ("null_value.json", _changed("validUntil", value=None), Reason.VALUE_EMPTY),
    ]
    unknown = _changed("@context", value=[*contexts, "https://evil.example/context.json"])
    return [
        *(Situation(file, data, "invalid", "structure", reason) for file, data, reason in cases),
        Situation("context_unknown.json", unknown, "undetermined", "structure", Reason.CONTEXT_UNKNOWN),
    ]


def _expired() -> dict[str, Any]:
    return _document(validUntil="2026-10-02T08:00:00Z")


def _refreshed() -> dict[str, Any]:
    """An expired badge that can be refreshed at its own address, as the standard's examples have it."""
    contexts = [*f.credential()["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
    service = {"id": f.credential()["id"], "type": "1EdTechCredentialRefresh"}
    return _document(**{"@context": contexts, "refreshService": service, "validUntil": "2026-10-02T08:00:00Z"})


def _anonymous() -> bytes:
    document = f.credential()
    del document["credentialSubject"]["id"], document["credentialSubject"]["identifier"]
    return f.written(f.sign(document))


def _proof() -> list[Situation]:
    document = _document()
    missing = "urn:uuid:2b7c6f7e-0000-4000-8000-000000000000"
    older = {**document["proof"][0], "type": "Ed25519Signature2020"}
    claimed = f.claims(f.credential())
    token = f.jwt(claimed)
    header, payload, signature = token.split(b".")
    unsigned = b".".join([f.jwt(claimed, alg="none").split(b".")[0], payload, b""])
    failed = [
        ("unsigned.json", f.written(f.credential()), Reason.PROOF_MISSING),
        ("content_changed.json", _changed(*_SUBJECT, "result", 0, "value", value="5"), Reason.SIGNATURE_WRONG),
        ("holder_changed.json", _raw(f.badge(), "Aïcha Ferrand", "Jean Ferrand"), Reason.SIGNATURE_WRONG),
        ("expiry_removed.json", f.altered(lambda d: d.pop("validUntil"), _expired()), Reason.SIGNATURE_WRONG),
        ("status_removed.json", _unsafe(lambda d: d.pop("credentialStatus")), Reason.SIGNATURE_WRONG),
        (
            "proof_dated_anew.json",
            _changed("proof", 0, "created", value="2026-10-03T08:00:00Z"),
            Reason.SIGNATURE_WRONG,
        ),
        ("swapped_key.json", f.written(f.sign(f.credential(), f.OTHER_KEY)), Reason.SIGNATURE_WRONG),
        ("proof_value_missing.json", _unsafe(lambda d: d["proof"][0].pop("proofValue")), Reason.PROOF_MALFORMED),
        ("proof_value_short.json", _changed("proof", 0, "proofValue", value="z2abc"), Reason.PROOF_MALFORMED),
        ("proof_not_an_object.json", _changed("proof", value=["signé"]), Reason.PROOF_MALFORMED),
        (
            "proof_for_another_purpose.json",
            f.written(f.sign(f.credential(), proofPurpose="authentication")),
            Reason.PROOF_PURPOSE_WRONG,
        ),
        (
            "proof_expired.json",
            f.written(f.sign(f.credential(), expires="2026-11-01T08:00:00Z")),
            Reason.PROOF_EXPIRED,
        ),
        (
            "proof_chain_broken.json",
            _changed("proof", 0, "previousProof", value=missing),
            Reason.PROOF_CHAIN_BROKEN,
        ),
        ("jwt_without_signature.jwt", unsigned, Reason.ALGORITHM_NONE),
        ("jwt_with_private_key.jwt", f.jwt(claimed, jwk={**f.jwk(), "d": "x"}), Reason.JWT_HEADER_WRONG),
        ("jwt_with_odd_header.jwt", f.jwt(claimed, x5u="https://evil.example/"), Reason.JWT_HEADER_WRONG),
        ("jwt_with_another_key.jwt", f.jwt(claimed, f.OTHER_KEY, jwk=f.jwk(f.OTHER_KEY)), Reason.KEY_MISMATCH),
        (
            "jwt_changed.jwt",
            b".".join([header, payload.swapcase()[:0] + _reclaimed(), signature]),
            Reason.SIGNATURE_WRONG,
        ),
        ("jwt_with_rs256.jwt", f.jwt(claimed, alg="RS256"), Reason.KEY_MISMATCH),
        ("jwt_with_hs256.jwt", f.jwt(claimed, alg="HS256"), Reason.KEY_MISMATCH),
        ("jwt_that_contradicts_itself.jwt", f.jwt({**claimed, "exp": 1990000000}), Reason.JWT_CLAIMS_DIFFER),
    ]
    open_ = [
        (
            "proof_in_future.json",
            f.written(f.sign(f.credential(), created="2026-11-21T10:00:00Z")),
            Reason.PROOF_IN_FUTURE,
        ),
        (
            "cryptosuite_unknown.json",
            _changed("proof", 0, "cryptosuite", value="bbs-2023"),
            Reason.CRYPTOSUITE_UNSUPPORTED,
        ),
        ("proof_of_an_older_kind.json", _changed("proof", value=older), Reason.CRYPTOSUITE_UNSUPPORTED),
        ("jwt_with_ps256.jwt", f.jwt(claimed, alg="PS256"), Reason.ALGORITHM_UNSUPPORTED),
    ]
    return [
        *(Situation(file, data, "invalid", "proof", reason) for file, data, reason in failed),
        *(Situation(file, data, "undetermined", "proof", reason) for file, data, reason in open_),
    ]


def _reclaimed() -> bytes:
    """The payload of a token that says something better than the one that was signed."""
    document = f.credential()
    document["credentialSubject"]["result"][0]["value"] = "5"
    return f.jwt(f.claims(document)).split(b".")[1]


def _key() -> list[Situation]:
    own = did.did_key(f.OTHER_KEY.public_key())
    foreign = f"{own}#{own.removeprefix('did:key:')}"
    unnamed = f.ISSUER + "#cle-2"
    address = "did:web:192.0.2.1"
    example = "did:example:abc"

    def by(issuer: str) -> bytes:
        return f.written(f.sign(f.credential(issuer), method=f"{issuer}#cle-1"))

    return [
        Situation(
            "impostor.json",
            f.written(f.sign(f.credential(), f.OTHER_KEY, foreign)),
            "invalid",
            "key_controlled",
            Reason.KEY_NOT_OF_ISSUER,
        ),
        Situation(
            "key_unknown_to_issuer.json",
            f.written(f.sign(f.credential(), method=unnamed)),
            "invalid",
            "key_controlled",
            Reason.KEY_UNKNOWN,
        ),
        Situation("key_not_for_assertion.json", by(SILENT), "invalid", "key_controlled", Reason.KEY_NOT_FOR_ASSERTION),
        Situation("key_revoked.json", by(RETIRED), "invalid", "key_controlled", Reason.KEY_REVOKED),
        Situation("issuer_at_an_ip_address.json", by(address), "invalid", "key_controlled", Reason.DID_INVALID),
        Situation("issuer_unreachable.json", by(f.STRANGER), "undetermined", "key_controlled", Reason.KEY_UNREACHABLE),
        Situation(
            "issuer_of_another_method.json",
            by(example),
            "undetermined",
            "key_controlled",
            Reason.DID_METHOD_UNSUPPORTED,
        ),
    ]


def _state() -> list[Situation]:
    older = {"id": f"{STATUS}old", "type": "1EdTechRevocationList"}
    contexts = [*f.credential()["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
    failed = [
        ("revoked.json", f.badge(credentialStatus=f.status_entry(f.REVOKED)), Reason.REVOKED),
        ("suspended.json", f.badge(credentialStatus=f.status_entry(f.SUSPENDED)), Reason.SUSPENDED),
        ("suspended_in_one_list.json", f.badge(credentialStatus=f.status_entry(f.PAUSED_HERE_ONLY)), Reason.SUSPENDED),
        ("status_of_another_purpose.json", _status(2), Reason.STATUS_PURPOSE_DIFFERS),
        ("status_index_out_of_range.json", _status(1, 131_072), Reason.STATUS_INDEX_OUT_OF_RANGE),
        ("status_index_not_a_number.json", _status(1, statusListIndex="12a"), Reason.STATUS_MALFORMED),
        ("status_list_malformed.json", _status(6), Reason.STATUS_LIST_MALFORMED),
        ("status_list_too_small.json", _status(7), Reason.STATUS_LIST_TOO_SMALL),
        ("status_list_bomb.json", _status(8), Reason.STATUS_LIST_BOMB),
    ]
    open_ = [
        ("status_unreachable.json", _status(99), Reason.STATUS_UNREACHABLE),
        ("status_list_out_of_date.json", _status(3), Reason.STATUS_LIST_EXPIRED),
        ("status_list_forged.json", _status(4), Reason.STATUS_LIST_UNPROVED),
        ("status_list_of_another_issuer.json", _status(5), Reason.STATUS_ISSUER_DIFFERS),
        (
            "status_of_an_older_kind.json",
            f.badge(**{"@context": contexts, "credentialStatus": older}),
            Reason.STATUS_UNREACHABLE,
        ),
        ("status_of_an_unknown_kind.json", _status(1, statusPurpose="attention"), Reason.STATUS_TYPE_UNSUPPORTED),
    ]
    dates = [
        ("expired.json", f.written(_expired()), Reason.EXPIRED),
        ("not_yet_valid.json", f.badge(validFrom="2027-01-01T00:00:00Z"), Reason.NOT_YET_VALID),
        ("dates_reversed.json", f.badge(validUntil="2026-09-01T08:00:00Z"), Reason.DATES_REVERSED),
    ]
    elsewhere = _signed_with((*_ACHIEVEMENT, "id"), "https://badges.example/r/autre/1#badge-equipe")
    issuers = [
        ("issuer_unknown.json", f.own_key_badge(), Reason.ISSUER_UNKNOWN),
        ("issuer_unknown_p256.json", f.own_key_badge(f.P256_KEY, "ecdsa-rdfc-2019"), Reason.ISSUER_UNKNOWN),
        ("issuer_unknown_p384.json", f.own_key_badge(f.P384_KEY, "ecdsa-jcs-2019"), Reason.ISSUER_UNKNOWN),
        ("issuer_recognised_later.json", f.badge(validFrom="2025-06-01T08:00:00Z"), Reason.RECOGNITION_EXPIRED),
        ("issuer_recognised_for_something_else.json", elsewhere, Reason.RECOGNITION_NOT_COVERING),
    ]
    return [
        *(Situation(file, data, "invalid", "status", reason) for file, data, reason in failed),
        *(Situation(file, data, "undetermined", "status", reason) for file, data, reason in open_),
        *(Situation(file, data, "invalid", "validity", reason) for file, data, reason in dates),
        *(Situation(file, data, "undetermined", "issuer_recognised", reason) for file, data, reason in issuers),
    ]


def situations() -> list[Situation]:
    """Every situation."""
    older = [Situation(*each) for each in assertions.situations()]
    return [*_readable(), *_unreadable(), *_structure(), *_proof(), *_key(), *_state(), *older, *situations_of_kinds()]


def trust_files() -> dict[str, bytes]:
    """The trust folder: path → content."""
    silent = {**f.did_document(SILENT), "assertionMethod": []}
    retired = f.did_document(RETIRED, revoked="2026-11-01T00:00:00Z")
    ended = {**f.status_credential(f"{STATUS}3", "revocation", ()), "validUntil": "2026-11-02T08:00:00Z"}
    foreign = f.status_credential(f"{STATUS}5", "revocation", (), issuer=RETIRED)
    recognition = {
        "issuer": f.ISSUER,
        "name": f.RECOGNITION.name,
        "recognised_by": f.RECOGNITION.recognised_by,
        "referentiel": f.RECOGNITION.referentiel,
        "from": "2026-01-01",
        "until": None,
    }

    older = {**recognition, "issuer": a.ISSUER, "referentiel": a.RECOGNITION.referentiel}
    university = {**recognition, "issuer": k.UNIVERSITY, "name": k.RECOGNITION.name, "referentiel": None}
    quiet = {**f.did_document(k.SILENT_HOLDER, k.HOLDER_KEY), "authentication": []}

    def listed(number: int, **changes: Any) -> bytes:
        return f.written(f.sign(f.status_credential(f"{STATUS}{number}", "revocation", (), **changes)))

    return {
        "did/val-de-brume.json": f.written(f.did_document()),
        "did/muette.json": f.written(silent),
        "did/ancienne.json": f.written(retired),
        "did/universite.json": f.written(f.did_document(k.UNIVERSITY, k.UNIVERSITY_KEY)),
        "did/porteur.json": f.written(quiet),
        "status/1.json": f.revocations(),
        "status/2.json": f.suspensions(),
        "status/3.json": f.written(f.sign(ended)),
        "status/4.json": f.written(f.sign(f.status_credential(f"{STATUS}4", "revocation", ()), f.OTHER_KEY)),
        "status/5.json": f.written(f.sign(foreign, method=f"{RETIRED}#cle-1")),
        "status/6.json": listed(6, encodedList="uAAAA"),
        "status/7.json": listed(7, encodedList=status_list.encode(bytes(2_000))),
        "status/8.json": listed(8, encodedList=status_list.encode(bytes(5_000_000))),
        **assertions.served(),
        "recognitions.json": json.dumps(
            {"recognitions": [recognition, older, university]}, ensure_ascii=False, indent=1
        ).encode(),
    }


def write() -> None:
    """Write every file; nothing is removed."""
    for situation in situations():
        BADGES.mkdir(exist_ok=True)
        (BADGES / situation.file).write_bytes(situation.data)
    SCHEMAS.mkdir(exist_ok=True)
    (SCHEMAS / "badge.json").write_bytes(f.written(SCHEMA))
    for path, data in trust_files().items():
        (TRUST / path).parent.mkdir(parents=True, exist_ok=True)
        (TRUST / path).write_bytes(data)


if __name__ == "__main__":
    write()
