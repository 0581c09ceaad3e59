"""The statement is made from the signed badge alone, and read back before it leaves."""

import hashlib
import json
from dataclasses import replace

import pytest

from issuer import statement as statements
from issuer.errors import SigningRefused
from issuer.statement import DoesNotFit
from tests.verify import factory as f
from tests.verify import statements as s
from verify.statement import HiddenName, Level, Levels, read


def badge(**changes) -> bytes:
    document = f.credential(**changes)
    document["credentialSubject"]["identifier"] = document["credentialSubject"]["identifier"][1:]
    return f.written(f.sign(document))


def changed(data: bytes, change) -> bytes:
    document = json.loads(data)
    change(document)
    return f.written(document)


def test_statement_says_what_the_badge_says():
    """Every member stands in the badge, but for its digest and the moment."""
    data = badge()
    said = statements.stated(data, f.NOW)
    assert said == replace(s.STATED, digest=hashlib.sha256(data).digest(), signed_at=f.NOW)
    message = statements.sign(data, f.SIGNER, now=f.NOW, did_document=f.did_document())
    assert read(message)[1] == said


def test_hidden_name_is_repeated_hashed():
    """The salt and the hash are those of the badge: what a person did not let be signed in clear is in no code."""

    def hide(document):
        document["credentialSubject"]["identifier"] = [
            {"type": "IdentityObject", "hashed": True, "identityHash": "sha256$" + "ab" * 32, "identityType": "name"}
            | {"salt": "grain"}
        ]

    said = statements.stated(changed(badge(), hide), f.NOW)
    assert said.holder == HiddenName("grain", bytes.fromhex("ab" * 32))


def test_levels_of_several_competences_are_told_together():
    """How many, from which to which."""

    def double(document):
        subject = document["credentialSubject"]
        described = subject["achievement"]["resultDescription"]
        other = json.loads(json.dumps(described[0]).replace("badge-equipe-equipe", "badge-equipe-rigueur"))
        described.append(other)
        subject["result"].append(
            {
                "type": ["Result"],
                "resultDescription": other["id"],
                "achievedLevel": other["rubricCriterionLevel"][2]["id"],
                "value": "2",
            }
        )

    assert statements.stated(badge(), f.NOW).level == Level(4, 5, "En situation nouvelle")
    assert statements.stated(changed(badge(), double), f.NOW).level == Levels(2, 2, 4, 5)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(id="https://ailleurs.example/badges/1"),
        lambda d: d["issuer"].update(url="https://badges.example/o/une-autre"),
        lambda d: d["issuer"].update(id="did:web:ailleurs.example"),
        lambda d: d["credentialSubject"]["achievement"].update(id="https://badges.example/equipe"),
        lambda d: d["credentialSubject"]["achievement"].update(name="x" * 300),
        lambda d: d["credentialSubject"].update(identifier=[]),
        lambda d: d["credentialStatus"].update(statusListCredential="https://ailleurs.example/status/1"),
        lambda d: d.pop("validFrom"),
    ],
)
def test_badge_that_cannot_be_said_gets_no_statement(change):
    """One from elsewhere, one that lacks something, one with a name beyond any code."""
    with pytest.raises(DoesNotFit):
        statements.sign(changed(badge(), change), f.SIGNER, now=f.NOW, did_document=f.did_document())


def test_statement_that_our_verifier_refuses_does_not_leave():
    """A key that is not published, or another's, signs nothing."""
    for published in (f.did_document(key=f.OTHER_KEY), f.did_document(revoked="2026-01-01T00:00:00Z")):
        with pytest.raises(SigningRefused):
            statements.sign(badge(), f.SIGNER, now=f.NOW, did_document=published)
