"""The conformance server over real https on loopback: what it issues, what it refuses, what it calls good."""

import json
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPSConnection

import pytest
from click.testing import CliRunner

from badges.cli import main
from badges.vc_api.app import MAX_BYTES
from badges.vc_api.contexts import allow_list
from badges.vc_api.server import serving
from verify.standards import data_integrity, multikey, signatures, status_list
from verify.standards.documents import CREDENTIALS_V2, DATA_INTEGRITY, OPEN_BADGES, shipped_contexts
from verify.standards.signatures import KeyKind, LocalSigner

NOW = datetime(2026, 11, 21, 9, 0, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Peer:
    """A client that trusts the very certificate the server shows."""

    described: dict[str, str]
    trusted: ssl.SSLContext

    @property
    def port(self) -> int:
        """Where the server listens."""
        return int(self.described["base"].rpartition(":")[2])

    def post(self, path: str, body: object) -> tuple[int, dict]:
        """The status and the JSON of the answer."""
        return self._send("POST", path, body if isinstance(body, bytes) else json.dumps(body).encode())

    def get(self, path: str) -> tuple[int, dict]:
        """The status and the JSON of the answer."""
        return self._send("GET", path, None)

    def _send(self, method: str, path: str, data: bytes | None) -> tuple[int, dict]:
        with closing(HTTPSConnection("localhost", self.port, context=self.trusted, timeout=20)) as connection:
            connection.request(method, path, data)
            answer = connection.getresponse()
            return answer.status, json.load(answer)


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    """A running server."""
    contexts, _ = allow_list(shipped_contexts(), None)
    with serving(contexts, lambda: NOW) as described:
        port = int(described["base"].rpartition(":")[2])
        shown = ssl.get_server_certificate(("localhost", port), timeout=20)
        yield Peer(described, ssl.create_default_context(cadata=shown))


def credential(**members: object) -> dict:
    """An unsigned Open Badges credential without issuer."""
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": "urn:uuid:6f2f0d6e-8d0c-4c9a-9d3e-0a5b6c7d8e9f",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "validFrom": "2026-11-20T08:00:00Z",
        "credentialSubject": {
            "id": "did:example:subject",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://example.org/achievement",
                "type": ["Achievement"],
                "name": "Travail en équipe",
                "description": "Coopère vers un objectif commun.",
                "criteria": {"narrative": "Observé par un coach."},
            },
        },
        **members,
    }


def issued(peer: Peer, way: str = "eddsa", **members: object) -> dict:
    """A credential that the server has issued."""
    status, answer = peer.post(f"/{way}/credentials/issue", {"credential": credential(**members), "options": {}})
    assert status == 201, answer
    return answer["verifiableCredential"]


def test_server_says_its_address_and_three_identifiers(peer):
    """One JSON object: base, eddsa, p256, p384."""
    assert set(peer.described) == {"base", "eddsa", "p256", "p384"}
    assert peer.described["base"].startswith("https://localhost:")
    prefixes = {"eddsa": "did:key:z6Mk", "p256": "did:key:zDna", "p384": "did:key:z82L"}
    assert all(peer.described[name].startswith(prefix) for name, prefix in prefixes.items())


@pytest.mark.parametrize("way", ["eddsa", "eddsajcs", "p256", "p384", "p256jcs", "p384jcs"])
def test_issued_credential_verifies(peer, way):
    """Whatever the key; a change to it does not."""
    made = issued(peer, way)
    assert made["issuer"] == peer.described[way.removesuffix("jcs")]
    status, answer = peer.post("/credentials/verify", {"verifiableCredential": made})
    assert (status, answer["verified"], answer["errors"]) == (200, True, [])
    made["credentialSubject"]["achievement"]["name"] = "Autre"
    status, answer = peer.post("/credentials/verify", {"verifiableCredential": made, "options": {"checks": ["proof"]}})
    assert (status, answer["verified"]) == (400, False)
    assert answer["problemDetails"][0]["type"].endswith("#PROOF_VERIFICATION_ERROR")


def test_derived_credential_shows_what_was_selected(peer):
    """A base proof is for its holder; what is derived from it verifies, shows what it must, and hides the rest."""
    options = {"mandatoryPointers": ["/issuer", "/validFrom"]}
    status, answer = peer.post("/sd/credentials/issue", {"credential": credential(name="Badge"), "options": options})
    assert status == 201
    base = answer["verifiableCredential"]
    assert peer.post("/credentials/verify", {"verifiableCredential": base})[0] == 400
    body = {"verifiableCredential": base, "options": {"selectivePointers": ["/credentialSubject"]}}
    status, answer = peer.post("/credentials/derive", body)
    assert status == 201
    derived = answer["verifiableCredential"]
    assert "name" not in derived
    assert derived["validFrom"] == base["validFrom"]
    assert peer.post("/credentials/verify", {"verifiableCredential": derived})[0] == 200
    derived["credentialSubject"]["achievement"]["name"] = "Autre"
    assert peer.post("/credentials/verify", {"verifiableCredential": derived})[0] == 400


@pytest.mark.parametrize(
    ("path", "change", "reason"),
    [
        ("/sd/credentials/issue", {"mandatoryPointers": ["/absent"]}, "pointer_unmatched"),
        ("/sd/credentials/issue", {"mandatoryPointers": "/issuer"}, "json_malformed"),
        ("/credentials/derive", {"selectivePointers": ["/absent"]}, "pointer_unmatched"),
        ("/credentials/derive", {"selectivePointers": [7]}, "json_malformed"),
    ],
)
def test_pointer_that_leads_nowhere_is_refused(peer, path, change, reason):
    """To the issuer as to the holder."""
    body = {"credential": credential(), "verifiableCredential": issued(peer, "sd"), "options": change}
    status, answer = peer.post(path, body)
    assert status == 400
    assert answer["title"].startswith(reason)


def test_nothing_is_derived_from_another_proof(peer):
    """Only ecdsa-sd-2023 signs statements apart."""
    status, answer = peer.post("/credentials/derive", {"verifiableCredential": issued(peer)})
    assert (status, answer["title"].split(":")[0]) == (400, "proof_malformed")


@pytest.mark.parametrize("issuer", [None, {}, {"type": ["Profile"], "name": "Jalon"}])
def test_issuer_is_filled_in(peer, issuer):
    """Missing, or an object without an id; given as ours it stays."""
    members = {} if issuer is None else {"issuer": {**issuer, "type": ["Profile"]}}
    made = issued(peer, **members)["issuer"]
    assert (made["id"] if isinstance(made, dict) else made) == peer.described["eddsa"]
    own = issued(peer, issuer={"id": peer.described["eddsa"], "type": ["Profile"]})
    assert own["issuer"]["id"] == peer.described["eddsa"]


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"issuer": "did:example:somebody"}, "key_not_of_issuer"),
        ({"credentialSubject": {}}, "subject_invalid"),
        ({"@context": [CREDENTIALS_V2, OPEN_BADGES, "https://example.org/x"]}, "context_unknown"),
        ({"undefinedTerm": "x"}, "undefined_term"),
        ({"validUntil": "2026-11-19T08:00:00Z"}, "dates_reversed"),
        ({"validFrom": "yesterday"}, "date_invalid"),
        ({"credentialStatus": {"type": "BitstringStatusListEntry", "statusListIndex": True}}, "status_malformed"),
    ],
)
def test_credential_that_does_not_conform_is_not_issued(peer, members, reason):
    """A problem that says why, and nothing signed."""
    status, answer = peer.post("/eddsa/credentials/issue", {"credential": credential(**members)})
    assert status == 400, answer
    assert answer["title"].startswith(reason), answer["title"]
    assert "verifiableCredential" not in answer


def test_version_1_gets_the_words_for_its_proof(peer):
    """And the date it asks for, where it has none."""
    older = credential()
    older["@context"] = ["https://www.w3.org/2018/credentials/v1", OPEN_BADGES]
    del older["validFrom"]
    status, answer = peer.post("/eddsa/credentials/issue", {"credential": older})
    assert status == 201, answer
    made = answer["verifiableCredential"]
    assert made["@context"][-1] == DATA_INTEGRITY
    assert made["issuanceDate"] == "2026-11-21T09:00:00Z"
    assert peer.post("/credentials/verify", {"verifiableCredential": made})[0] == 200


def test_credential_for_later_is_issued_and_not_yet_good(peer):
    """An issuer may sign ahead; a verifier waits."""
    made = issued(peer, validFrom="4023-02-26T01:02:58.447Z")
    status, answer = peer.post("/credentials/verify", {"verifiableCredential": made})
    assert (status, answer["title"]) == (400, "not_yet_valid: validity")


def test_status_can_be_set_and_cleared(peer):
    """Issued with a place in two lists; set is bad, cleared is good again."""
    made = issued(peer, "status")
    entries = {entry["statusPurpose"]: entry for entry in made["credentialStatus"]}
    assert set(entries) == {"revocation", "suspension"}
    for purpose, reason in (("suspension", "suspended"), ("revocation", "revoked")):
        body = {"credentialId": made["id"], "credentialStatus": {"statusPurpose": purpose}}
        assert peer.post("/credentials/status", body)[0] == 200
        status, listed = peer.get(f"/status/{purpose}")
        assert status == 200
        assert isinstance(listed["issuer"], str)
        bits = status_list.decode(listed["credentialSubject"]["encodedList"])
        assert status_list.is_set(bits, int(entries[purpose]["statusListIndex"]))
        status, answer = peer.post("/credentials/verify", {"verifiableCredential": made})
        assert (status, answer["title"]) == (400, f"{reason}: status")
        assert peer.post("/credentials/status", {**body, "status": False})[0] == 200
        assert peer.post("/credentials/verify", {"verifiableCredential": made})[0] == 200


def presentation(*credentials: dict, **members: object) -> dict:
    """An unsigned presentation."""
    base = {"@context": [CREDENTIALS_V2], "type": ["VerifiablePresentation"], **members}
    return {**base, "verifiableCredential": list(credentials)} if credentials else base


def test_presentation_need_not_be_signed(peer):
    """Good are those whose credentials are; that nobody signed them is said."""
    made = issued(peer)
    for good in (presentation(), presentation(made), presentation(made, holder="did:example:holder")):
        status, answer = peer.post("/presentations/verify", {"verifiablePresentation": good})
        assert status == 200, answer
        assert [warning["title"] for warning in answer["warnings"]] == ["presentation_unsigned"]


def test_presentation_is_worth_no_more_than_what_it_holds(peer):
    """A changed credential, one unsigned, a holder without an identifier, and what is no presentation at all."""
    made = issued(peer)
    changed = {**made, "validFrom": "2026-11-20T08:00:01Z"}
    cases = {
        "signature_wrong": presentation(made, changed),
        "proof_missing": presentation(credential(issuer=peer.described["eddsa"])),
        "holder_invalid": presentation(holder={"name": "x"}),
        "not_a_presentation": made,
        "member_invalid": presentation("https://example.org/credential"),
    }
    for reason, bad in cases.items():
        status, answer = peer.post("/presentations/verify", {"verifiablePresentation": bad})
        assert (status, answer["title"].split(":")[0]) == (400, reason)
    status, answer = peer.post("/credentials/verify", {"verifiableCredential": presentation(made)})
    assert (status, answer["title"].split(":")[0]) == (400, "not_a_credential")


def test_signed_presentation_answers_to_whoever_asked(peer):
    """Its domain and its challenge are what the verifier says; of another verifier's it makes nothing."""
    private = signatures.generate(KeyKind.ED25519)
    text = multikey.encode_public(private.public_key())
    signer = LocalSigner(private, f"did:key:{text}#{text}")
    unsigned = presentation(issued(peer), holder=f"did:key:{text}")
    asked = {"domain": "verifier.example", "challenge": "once"}
    proof = data_integrity.create_proof(unsigned, signer, created=NOW, purpose=data_integrity.AUTHENTICATION, **asked)
    body = {"verifiablePresentation": {**unsigned, "proof": proof}}
    status, answer = peer.post("/presentations/verify", {**body, "options": asked})
    assert (status, answer["warnings"]) == (200, [])
    for other, reason in (({"domain": "x"}, "proof_domain_wrong"), ({"challenge": "x"}, "proof_challenge_wrong")):
        status, answer = peer.post("/presentations/verify", {**body, "options": {**asked, **other}})
        assert (status, answer["title"].split(":")[0]) == (400, reason)
    assert peer.post("/presentations/verify", {**body, "options": {"challenge": 7}})[0] == 400


def test_any_credential_conforms_whatever_it_says(peer):
    """No badge is asked for, a context inside is allowed, and an issuer that is an address lists no keys to hold."""
    plain = {
        "@context": [CREDENTIALS_V2, {"Example": "https://example.org/#Example"}],
        "type": ["VerifiableCredential", "Example"],
        "credentialSubject": {"name": [{"@value": "Alice", "@language": "en", "@direction": "ltr"}]},
    }
    status, answer = peer.post("/eddsa/credentials/issue", {"credential": plain})
    assert status == 201, answer
    assert peer.post("/credentials/verify", {"verifiableCredential": answer["verifiableCredential"]})[0] == 200


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/credentials/verify", b"", 400),
        ("/credentials/verify", b"[]", 400),
        ("/credentials/verify", b'{"verifiableCredential": {}, "verifiableCredential": {}}', 400),
        ("/credentials/verify", {"verifiableCredential": 7}, 400),
        ("/credentials/verify", {"verifiableCredential": "e30.e30."}, 400),
        ("/credentials/verify", {"verifiableCredential": "{}"}, 400),
        ("/credentials/verify", {"verifiableCredential": {}, "options": []}, 400),
        ("/eddsa/credentials/issue", {"credential": []}, 400),
        ("/other/credentials/issue", {"credential": {}}, 404),
        ("/credentials/status", {"credentialId": "urn:x", "credentialStatus": {"statusPurpose": "revocation"}}, 404),
        ("/credentials/status", {"credentialId": "urn:x", "credentialStatus": {"statusPurpose": "other"}}, 400),
        ("/credentials/verify", b"[" * (MAX_BYTES + 1), 413),
    ],
)
def test_request_that_is_none_is_a_problem(peer, path, body, status):
    """Each answer is problem details, without a trace of our code."""
    answered, problem = peer.post(path, body)
    assert answered == status
    assert {"type", "title", "status", "verified"} <= problem.keys()
    assert "Traceback" not in json.dumps(problem)


def test_client_that_stalls_holds_up_nobody(peer):
    """A connection without a handshake does not keep the others waiting."""
    with socket.create_connection(("127.0.0.1", peer.port)):
        assert peer.get("/status/revocation")[0] == 200


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_command_says_one_line_and_serves_until_interrupted(tmp_path, stop):
    """The line on standard output, what was passed over on standard error."""
    (tmp_path / "something.json").write_text('{"@context": {}}')
    command = [sys.executable, "-m", "badges.cli", "vc-api", "--contexts", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        described = json.loads(process.stdout.readline())
        port = int(described["base"].rpartition(":")[2])
        assert ssl.get_server_certificate(("localhost", port), timeout=20)
        process.send_signal(stop)
        try:
            rest, warned = process.communicate(timeout=20)
        finally:
            process.kill()  # one that does not end must not keep the others waiting
    assert rest == ""
    assert warned.splitlines() == ["something.json: no telling which context it is"]
    assert process.returncode == (0 if stop is signal.SIGINT else -signal.SIGTERM)


def test_command_says_in_a_sentence_that_a_port_is_taken():
    """No traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(main, ["vc-api", "--port", port])
    assert result.exit_code == 1
    [line] = result.stderr.strip().splitlines()
    assert port in line
