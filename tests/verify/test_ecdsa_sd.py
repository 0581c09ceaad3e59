"""ecdsa-sd-2023 against every value that its specification publishes, and against what must not pass."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verify import factory as f
from tests.verify import vectors
from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.report import CheckName, Outcome, Verdict
from verify.standards import data_integrity, did, ecdsa_sd, multibase, multikey, selective_disclosure
from verify.standards.canonical import canonicalise
from verify.standards.ecdsa_sd import DerivedValue
from verify.standards.selective_disclosure import PointerRefused
from verify.standards.signatures import LocalSigner

Node = dict[str, Any]

KEY = ec.derive_private_key(0x5EED, ec.SECP256R1())
OTHER = ec.derive_private_key(0x5EEE, ec.SECP256R1())
CREATED = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
MANDATORY = ("/issuer", "/validFrom", "/validUntil", "/credentialSubject/achievement/name", "/credentialStatus")


class Example:
    """One example of the specification, with every value published for it."""

    def __init__(self, name: str) -> None:
        folder = "vc-di-ecdsa/ecdsa-sd-2023"
        self._folder = f"{folder}/{name}/"
        keys = vectors.read(f"{folder}/SDKeyMaterial.json")
        self.signed: Node = self.read("addSignedSDBase")
        self.document = {name: value for name, value in self.signed.items() if name != "proof"}
        self.options = {name: value for name, value in self.signed["proof"].items() if name != "proofValue"}
        self.base_key, self.proof_key = (_private(keys[pair]) for pair in ("baseKeyPair", "proofKeyPair"))
        self.hmac_key = bytes.fromhex(keys["hmacKeyString"])
        prefix = {"employ": "employ", "prc": "prCred"}[name]
        self.mandatory = vectors.read(f"vc-di-ecdsa/{prefix}Mandatory.json")
        self.selective = vectors.read(f"vc-di-ecdsa/{prefix}Selective.json")
        self.contexts = vectors.contexts()

    def read(self, name: str) -> Any:
        """One published value."""
        return vectors.read(f"{self._folder}{name}.json")

    def grouped(self) -> tuple[list[str], dict[str, selective_disclosure.Group]]:
        """The statements with the published HMAC key, and the groups that derivation asks for."""
        definitions = {
            "mandatory": self.mandatory,
            "selective": self.selective,
            "combined": [*self.mandatory, *self.selective],
        }
        relabel = ecdsa_sd.hmac_relabel(self.hmac_key)
        return selective_disclosure.group(self.document, relabel, definitions, self.contexts)


def _private(pair: dict[str, str]) -> ec.EllipticCurvePrivateKey:
    secret = multibase.decode(pair["secretKeyMultibase"])
    return ec.derive_private_key(int.from_bytes(secret[2:], "big"), ec.SECP256R1())


def _map(value: Any) -> dict[Any, Any]:
    return dict(value["value"] if isinstance(value, dict) else value)


@pytest.fixture(params=["employ", "prc"])
def example(request: pytest.FixtureRequest) -> Example:
    """Each example in turn."""
    return Example(request.param)


@vectors.needed
def test_statements_are_those_of_the_specification(example: Example) -> None:
    """The canonical N-Quads, and those with HMAC labels in their new order, byte for byte."""
    lines = canonicalise(example.document, example.contexts).decode().splitlines(keepends=True)
    assert lines == example.read("addBaseDocCanon")
    assert example.grouped()[0] == example.read("addBaseDocHMACCanon")


@vectors.needed
def test_proof_options_are_hashed_as_in_the_specification(example: Example) -> None:
    """The canonical proof options are the published ones."""
    values = vectors.read("vc-di-ecdsa/intermediate-values.json")
    name = "employ" if "Employment" in example.document["name"] else "prc"
    published = values[f"ecdsa-sd-2023/{name}/addProofConfigCanon.txt"]
    assert canonicalise(example.read("addProofConfig"), example.contexts).decode() == published


@vectors.needed
def test_pointers_select_what_the_specification_selects(example: Example) -> None:
    """What the mandatory pointers name, and the document that all pointers reveal."""
    for found in example.read("addPointerValues"):
        selected = selective_disclosure.select(example.document, [found["pointer"]])
        assert selected is not None
        assert selected[found["pointer"].removeprefix("/")] == found["value"]
    combined = [*example.mandatory, *example.selective]
    assert selective_disclosure.select(example.document, combined) == example.read("derivedUnsignedReveal")


@vectors.needed
def test_groups_are_those_of_the_specification(example: Example) -> None:
    """Which statements are mandatory, selected and both."""
    statements, groups = example.grouped()
    transformed = example.read("addBaseTransform")
    mandatory = groups["mandatory"].matching
    assert {at: statements[at] for at in mandatory} == _map(transformed["mandatory"])
    others = {at: each for at, each in enumerate(statements) if at not in mandatory}
    assert others == _map(transformed["nonMandatory"])
    indexes = example.read("derivedGroupIndexes")
    assert {name: sorted(part.matching) for name, part in groups.items()} == {
        name: indexes[f"{name}Indexes"] for name in groups
    }


@vectors.needed
def test_base_proof_is_that_of_the_specification(example: Example) -> None:
    """With the published keys and signatures that need no random number, the base proof comes out byte for byte."""
    value = ecdsa_sd.base_value(
        example.document,
        example.options,
        LocalSigner(example.base_key, example.options["verificationMethod"]),
        example.mandatory,
        example.contexts,
        hmac_key=example.hmac_key,
        proof_key=example.proof_key,
    )
    raw, published = ecdsa_sd.read_base_value(value), example.read("addRawBaseSignatureInfo")
    assert raw.base_signature.hex() == published["baseSignature"]
    assert [signature.hex() for signature in raw.signatures] == published["signatures"]
    assert multibase.encode(raw.proof_key) == published["publicKey"]
    assert value == example.signed["proof"]["proofValue"]


@vectors.needed
def test_base_value_is_read_as_the_specification_reads_it(example: Example) -> None:
    """Every part of the published base proof, and the same text when it is written again."""
    text = example.signed["proof"]["proofValue"]
    value, published = ecdsa_sd.read_base_value(text), example.read("derivedRecoveredBaseData")
    assert value.base_signature.hex() == published["baseSignature"]
    assert value.hmac_key.hex() == published["hmacKey"]
    assert multibase.encode(value.proof_key) == published["proofPublicKey"]
    assert [signature.hex() for signature in value.signatures] == published["signatures"]
    assert value.mandatory_pointers == published["mandatoryPointers"] == example.mandatory
    assert ecdsa_sd.write_base_value(value) == text


@vectors.needed
def test_derive_gives_the_document_of_the_specification(example: Example) -> None:
    """The revealed document with its derived proof, byte for byte."""
    derived = ecdsa_sd.derive(example.signed, example.selective, example.contexts)
    assert derived == example.read("derivedRevealDocument")


@vectors.needed
def test_derived_value_is_read_as_the_specification_reads_it(example: Example) -> None:
    """Signatures, label map and indexes of the published derived proof."""
    value = ecdsa_sd.read_derived_value(example.read("derivedRevealDocument")["proof"]["proofValue"])
    published, adjusted = example.read("derivedDisclosureData"), example.read("derivedAdjSignatures")
    assert [signature.hex() for signature in value.signatures] == adjusted["filteredSignatures"]
    assert value.mandatory_indexes == example.read("derivedAdjMandatoryIndexes")["adjMandatoryIndexes"]
    labels = {f"c14n{number}": multibase.encode(name, "u") for number, name in value.labels.items()}
    assert labels == _map(published["labelMap"]) == _map(example.read("verifyDerivedProofValue")["labelMap"])


@vectors.needed
def test_verify_sees_the_statements_of_the_specification(example: Example) -> None:
    """The N-Quads of the revealed document are the published ones, and its proof passes."""
    revealed = example.read("derivedRevealDocument")
    value = ecdsa_sd.read_derived_value(revealed["proof"]["proofValue"])
    seen = selective_disclosure.relabelled(
        example.read("derivedUnsignedReveal"), ecdsa_sd.Relabelling(value.labels), example.contexts
    )
    assert seen == example.read("verifyNQuads")
    ecdsa_sd.verify_derived(revealed, revealed["proof"], example.base_key.public_key(), example.contexts)


@vectors.needed
def test_derived_sample_of_the_certification_suite_passes() -> None:
    """An Open Badge with its proof derived by another implementation; the key is spelt out in its method's name."""
    sample = vectors.read("ob3-samples/validator/sd/derivedcredential.json")
    (proof,) = sample["proof"]
    key = multikey.decode_public(proof["verificationMethod"].partition("#")[2])
    ecdsa_sd.verify_derived(sample, proof, key)
    with pytest.raises(Defect) as caught:
        ecdsa_sd.verify_derived({**sample, "name": "Autre"}, proof, key)
    assert caught.value.reason is Reason.SIGNATURE_WRONG


# A badge of our own.


def _issuer() -> str:
    return did.did_key(KEY.public_key())


def _signer(key: ec.EllipticCurvePrivateKey = KEY) -> LocalSigner:
    issuer = _issuer()
    return LocalSigner(key, f"{issuer}#{issuer.removeprefix('did:key:')}")


def _base(mandatory: tuple[str, ...] = MANDATORY, **changes: Any) -> Node:
    document = f.credential(_issuer(), **changes)
    proof = data_integrity.create_proof(
        document, _signer(), cryptosuite="ecdsa-sd-2023", created=CREATED, mandatory_pointers=mandatory
    )
    return {**document, "proof": proof}


def _derived(*pointers: str, base: Node | None = None) -> Node:
    base = _base() if base is None else base
    return ecdsa_sd.derive(base, pointers)


def _verify(document: Node) -> None:
    ecdsa_sd.verify_derived(document, document["proof"], KEY.public_key())


@pytest.fixture(scope="module")
def base() -> Node:
    """A badge with a base proof."""
    return _base()


@pytest.mark.parametrize(
    "pointers",
    [
        (),
        ("",),
        ("/credentialSubject/result",),
        ("/credentialSubject/achievement/alignment/1",),
        ("/credentialSubject/achievement/alignment/2/targetName", "/credentialSubject/achievement/alignment/0"),
        ("/evidence/0/narrative", "/credentialSubject/identifier/1", "/name"),
        ("/credentialSubject/achievement", "/credentialSubject/achievement/criteria/narrative"),
    ],
)
def test_derived_badge_passes_whatever_is_chosen(base: Node, pointers: tuple[str, ...]) -> None:
    """Nothing, everything, one of several, parts of parts."""
    derived = _derived(*pointers, base=base)
    _verify(derived)
    assert derived["issuer"] == base["issuer"]
    assert ("evidence" in derived) == any(pointer in {"", "/evidence/0/narrative"} for pointer in pointers)


def _pointers(node: Any, before: str = "") -> list[str]:
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [before, *(each for step, value in steps for each in _pointers(value, f"{before}/{step}"))]


POINTERS = [pointer for pointer in _pointers(f.credential(_issuer())) if not pointer.startswith("/@context")]


@given(st.lists(st.sampled_from(POINTERS), max_size=6))
@settings(max_examples=40)
def test_derived_badge_passes_with_any_pointers(base: Node, pointers: list[str]) -> None:
    """Whatever is chosen of whatever there is; what was chosen is there, and nothing the badge did not say."""
    derived = _derived(*pointers, base=base)
    _verify(derived)
    found = _pointers({name: value for name, value in derived.items() if name not in {"proof", "@context"}})
    assert len(found) <= len(POINTERS)
    for pointer in pointers:
        steps = selective_disclosure.read_pointer(pointer)
        if not any(step.isdigit() for step in steps):  # items of arrays move up
            assert pointer in found


def test_derived_badge_shows_no_more_than_was_chosen(base: Node) -> None:
    """The holder's name stays with the holder."""
    derived = _derived("/credentialSubject/result", base=base)
    assert "identifier" not in derived["credentialSubject"]
    assert "Ferrand" not in json.dumps(derived, ensure_ascii=False)


def test_derived_badge_passes_the_verifier(base: Node) -> None:
    """Through every check, with a proof of the issuer's did:key."""
    derived = _derived(
        "/credentialSubject/achievement", "/name", base=_base(credentialStatus=None, mandatory=MANDATORY[:-1])
    )
    report = f.verify(f.written(derived), f.TrustBundle())
    checks = {check.name: check.outcome for check in report.checks}
    assert checks[CheckName.PROOF] is Outcome.PASSED
    assert checks[CheckName.KEY_CONTROLLED] is Outcome.PASSED


def test_base_proof_is_not_for_readers(base: Node) -> None:
    """A base proof that has come to a reader is left undecided, and the reader is told what to ask for."""
    with pytest.raises(Undecided) as caught:
        _verify(base)
    assert caught.value.reason is Reason.PROOF_UNDISCLOSED
    report = f.verify(f.written(base), f.TrustBundle())
    assert report.verdict is Verdict.UNDETERMINED
    assert next(check.reason for check in report.checks if check.name is CheckName.PROOF) is Reason.PROOF_UNDISCLOSED


def test_keys_are_drawn_for_each_proof(base: Node) -> None:
    """Two base proofs over the same badge have no key, label or signature in common."""
    first, second = (ecdsa_sd.read_base_value(each["proof"]["proofValue"]) for each in (base, _base()))
    assert first.hmac_key != second.hmac_key
    assert first.proof_key != second.proof_key
    assert not set(first.signatures) & set(second.signatures)


def _change(path: str, value: Any) -> Callable[[Node], None]:
    *steps, last = path.split("/")

    def change(document: Node) -> None:
        node: Any = document
        for step in steps:
            node = node[int(step) if isinstance(node, list) else step]
        node[last] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _change("validUntil", "2032-10-01T08:00:00Z"),
        _change("credentialSubject/result/0/value", "5"),
        _change("credentialSubject/result/0/status", "Completed"),
        _change("issuer/name", "Région Val-de-Brume"),
        _change("name", "Travail en équipe"),
        _change("proof/created", "2026-10-02T08:00:00Z"),
        _change("proof/proofPurpose", "authentication"),
        lambda document: document.pop("validUntil"),
        lambda document: document["credentialSubject"].pop("result"),
        lambda document: document["credentialSubject"]["result"].append({"type": ["Result"], "value": "5"}),
        lambda document: document["credentialSubject"]["result"].append({"type": ["Result"]}),
    ],
)
def test_changed_derived_badge_fails(base: Node, change: Callable[[Node], object]) -> None:
    """A mandatory or a chosen statement changed, taken away or added; the proof's options changed."""
    derived = _derived("/credentialSubject/result", base=base)
    change(derived)
    with pytest.raises(Defect) as caught:
        _verify(derived)
    assert caught.value.reason is Reason.SIGNATURE_WRONG


def test_derived_badge_fails_with_another_key(base: Node) -> None:
    """Neither another P-256 key nor a key of another kind."""
    derived = _derived(base=base)
    for key, reason in ((OTHER.public_key(), Reason.SIGNATURE_WRONG), (f.KEY.public_key(), Reason.KEY_MISMATCH)):
        with pytest.raises(Defect) as caught:
            ecdsa_sd.verify_derived(derived, derived["proof"], key)
        assert caught.value.reason is reason


def test_proof_of_another_badge_fails(base: Node) -> None:
    """A derived proof moved onto another badge of the same issuer."""
    other = _derived("/name", base=_base(name="Autonomie"))
    moved = {**_derived("/name", base=base), "proof": other["proof"]}
    with pytest.raises(Defect) as caught:
        _verify(moved)
    assert caught.value.reason is Reason.SIGNATURE_WRONG


def _with_value(document: Node, **changes: Any) -> Node:
    value = ecdsa_sd.read_derived_value(document["proof"]["proofValue"])
    parts = {name: getattr(value, name) for name in DerivedValue.__slots__} | changes
    return {
        **document,
        "proof": {**document["proof"], "proofValue": ecdsa_sd.write_derived_value(DerivedValue(**parts))},
    }


def test_statement_cannot_be_made_mandatory_or_optional(base: Node) -> None:
    """The indexes decide what the issuer's signature is over, so they cannot be moved."""
    derived = _derived("/name", base=base)
    value = ecdsa_sd.read_derived_value(derived["proof"]["proofValue"])
    for indexes in (
        value.mandatory_indexes[1:],
        [*value.mandatory_indexes, 10_000],
        list(value.mandatory_indexes)[::-1][1:],
    ):
        with pytest.raises(Defect) as caught:
            _verify(_with_value(derived, mandatory_indexes=indexes))
        assert caught.value.reason in {Reason.SIGNATURE_WRONG, Reason.PROOF_MALFORMED}


def test_two_nodes_cannot_share_a_signed_name(base: Node) -> None:
    """What was signed of one thing cannot be told of two: label maps are one to one."""
    derived = _derived("/credentialSubject/achievement/alignment", base=base)
    value = ecdsa_sd.read_derived_value(derived["proof"]["proofValue"])
    doubled = {**value.labels, 0: value.labels[1]}
    with pytest.raises(Defect) as caught:
        _verify(_with_value(derived, labels=doubled))
    assert caught.value.reason is Reason.PROOF_MALFORMED


@pytest.mark.parametrize("labels", [{}, {0: b"\0" * 32}, {number: bytes([number]) * 32 for number in range(200)}])
def test_label_map_fits_the_document(base: Node, labels: dict[int, bytes]) -> None:
    """No label missing and none to spare."""
    with pytest.raises(Defect) as caught:
        _verify(_with_value(_derived("/credentialSubject/achievement/alignment", base=base), labels=labels))
    assert caught.value.reason is Reason.SIGNATURE_WRONG


_SIGNATURE, _PUBLIC, _LABEL = b"\1" * 64, b"\x80\x24\2" + b"\1" * 32, b"\1" * 32


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [_SIGNATURE, _PUBLIC, [], {}],
        [_SIGNATURE, _PUBLIC, [], {}, [], 0],
        {0: _SIGNATURE},
        [_SIGNATURE[:-1], _PUBLIC, [], {}, []],
        [_SIGNATURE, _PUBLIC[1:], [], {}, []],
        [_SIGNATURE, _PUBLIC, [b""], {}, []],
        [_SIGNATURE, _PUBLIC, ["x" * 64], {}, []],
        [_SIGNATURE, _PUBLIC, [], {"0": _LABEL}, []],
        [_SIGNATURE, _PUBLIC, [], {-1: _LABEL}, []],
        [_SIGNATURE, _PUBLIC, [], {True: _LABEL}, []],
        [_SIGNATURE, _PUBLIC, [], {0: _LABEL[1:]}, []],
        [_SIGNATURE, _PUBLIC, [], {0: _LABEL, 1: _LABEL}, []],
        [_SIGNATURE, _PUBLIC, [], {}, [-1]],
        [_SIGNATURE, _PUBLIC, [], {}, [1.0]],
        [_SIGNATURE, _PUBLIC, [], {}, [2**70]],
        [_SIGNATURE, _PUBLIC, [], {}, [0, 0]],
        [cbor2.CBORTag(64, _SIGNATURE), _PUBLIC, [], {}, []],
        [_SIGNATURE, _PUBLIC, [[[]]], {}, []],
    ],
)
def test_value_of_another_shape_is_refused(base: Node, parts: Any) -> None:
    """Exactly five parts, of exactly these kinds and lengths."""
    text = multibase.encode(b"\xd9\x5d\x01" + cbor2.dumps(parts), "u")
    with pytest.raises(Defect) as caught:
        ecdsa_sd.read_derived_value(text)
    assert caught.value.reason is Reason.PROOF_MALFORMED


@pytest.mark.parametrize(
    "text",
    [
        None,
        7,
        "",
        "u",
        "z" + "1" * 20,
        "u!!!",
        "u" + "A" * 300_000,
        multibase.encode(b"\xd9\x5d\x02\x80", "u"),
        multibase.encode(b"\xd9\x5d\x01", "u"),
        multibase.encode(b"\xd9\x5d\x01" + b"\x81" * 5000, "u"),
        multibase.encode(b"\xd9\x5d\x01" + b"\x9f\xff", "u"),
        multibase.encode(b"\xd9\x5d\x01" + b"\x9b" + b"\xff" * 8, "u"),
        multibase.encode(b"\xd9\x5d\x01" + b"\xd8\x23\x64(((a", "u"),
        multibase.encode(b"\xd9\x5d\x01" + b"\x80\x00", "u"),
    ],
)
def test_value_that_is_no_value_is_refused(text: Any) -> None:
    """Other bases, other headers, broken or endless CBOR, tags, bytes to spare."""
    with pytest.raises(Defect) as caught:
        ecdsa_sd.read_derived_value(text)
    assert caught.value.reason is Reason.PROOF_MALFORMED


def test_proof_key_that_is_no_point_is_refused(base: Node) -> None:
    """The proof's own key is looked at only where the issuer signed it, and has to be a P-256 key."""
    with pytest.raises(Defect) as caught:
        _verify(_with_value(_derived(base=base), proof_key=b"\x80\x24\2" + b"\xff" * 32))
    assert caught.value.reason is Reason.SIGNATURE_WRONG


@pytest.mark.parametrize(
    "pointer",
    [
        "name",
        "/nothing",
        "/evidence/1",
        "/evidence/00",
        "/evidence/-",
        "/evidence/x",
        "/name/0",
        "/na~2me",
        "/~",
        "/a" * 600,
        "/x" * 65,
        "/credentialSubject/result/0/id",
    ],
)
def test_pointer_that_points_at_nothing_is_refused(base: Node, pointer: str) -> None:
    """When the base proof is made and when another is derived from it."""
    with pytest.raises(PointerRefused):
        _base((pointer,))
    with pytest.raises(PointerRefused):
        _derived(pointer, base=base)


def test_nothing_at_all_cannot_be_disclosed() -> None:
    """Without a mandatory pointer, somebody has to choose something."""
    base = _base(())
    with pytest.raises(PointerRefused):
        _derived(base=base)
    _verify(_derived("/name", base=base))


def test_ordered_list_is_disclosed_whole_or_not_at_all() -> None:
    """`allowedValue` is an ordered list, whose cells are nodes that nothing in the JSON stands for."""
    document = f.credential(_issuer())
    described = document["credentialSubject"]["achievement"]["resultDescription"][0]
    described["allowedValue"] = ["A", "B", "C"]
    base = _base(credentialSubject=document["credentialSubject"])
    pointer = "/credentialSubject/achievement/resultDescription/0/allowedValue"
    _verify(_derived(pointer, base=base))
    _verify(_derived("/name", base=base))
    with pytest.raises(PointerRefused):
        _derived(f"{pointer}/0", base=base)


def test_embedded_endorsement_is_disclosed_with_its_proof() -> None:
    """A graph without a name, which is what a proof inside a document is."""
    endorsement = {
        "@context": f.credential()["@context"],
        "id": "urn:uuid:b5a1b6e6-5f5b-4f6e-8f43-2d7f6c1f9f10",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": f.ISSUER, "type": ["Profile"]},
        "validFrom": "2026-10-01T08:00:00Z",
        "credentialSubject": {"id": _issuer(), "type": ["EndorsementSubject"]},
    }
    base = _base(endorsement=[f.sign(endorsement)])
    _verify(_derived("/endorsement", base=base))
    _verify(_derived("/name", base=base))


def test_derive_finds_the_base_proof_in_a_set(base: Node) -> None:
    """Beside a proof over the whole document, which is not passed on."""
    whole = data_integrity.create_proof(
        f.credential(_issuer()), _signer(), cryptosuite="ecdsa-rdfc-2019", created=CREATED
    )
    derived = _derived("/name", base={**base, "proof": [whole, base["proof"]]})
    assert derived["proof"]["cryptosuite"] == "ecdsa-sd-2023"
    _verify(derived)


def test_derive_refuses_a_proof_that_does_not_fit(base: Node) -> None:
    """A derived proof, the base proof of a badge with another number of statements, two base proofs, and none."""
    derived = _derived("/name", base=base)
    longer = {**copy.deepcopy(base), "name": None}
    shorter = {name: value for name, value in longer.items() if value}
    twice = {**base, "proof": [base["proof"], base["proof"]]}
    for document in (derived, shorter, twice, f.sign(f.credential()), f.credential()):
        with pytest.raises(Defect) as caught:
            ecdsa_sd.derive(document, ["/issuer"])
        assert caught.value.reason is Reason.PROOF_MALFORMED


def test_base_value_of_another_shape_is_refused() -> None:
    """Exactly five parts, of exactly these kinds and lengths."""
    good = [_SIGNATURE, _PUBLIC, _LABEL, [], []]
    for at, wrong in enumerate((b"", b"", b"", [b""], [1])):
        parts = [*good[:at], wrong, *good[at + 1 :]]
        with pytest.raises(Defect) as caught:
            ecdsa_sd.read_base_value(multibase.encode(b"\xd9\x5d\x00" + cbor2.dumps(parts), "u"))
        assert caught.value.reason is Reason.PROOF_MALFORMED


def test_signer_of_another_kind_is_refused() -> None:
    """The suite allows P-256 keys alone."""
    with pytest.raises(Defect) as caught:
        data_integrity.create_proof(
            f.credential(), LocalSigner(f.KEY, f.METHOD), cryptosuite="ecdsa-sd-2023", created=CREATED
        )
    assert caught.value.reason is Reason.KEY_MISMATCH
    assert multikey.decode_public(multikey.encode_public(KEY.public_key())) == KEY.public_key()
