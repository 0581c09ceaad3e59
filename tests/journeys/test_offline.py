"""The employer without a network: a phone that opened `/v` once reads a card, and says since when it knows.

The scripts in the browser are held against `verify` too, over the same statements, good ones and spoilt ones.
"""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from badges.models.awards import CredentialRecord, StatementRecord
from badges.services import statements as printed
from badges.services import status
from badges.services.installation import Installation, open_installation
from badges.settings import Settings
from badges.web.offline import scripts_version
from issuer.snapshot import REVOCATION, SUSPENSION, Key, Known, List, snapshot
from tests.journeys.service import Service, environment
from tests.journeys.visitor import PHONE, Visitor
from tests.verify import factory as f
from tests.verify import statements as s
from verify import Unreadable
from verify import statement as statements
from verify.sentences import headline
from verify.standards import cbor, cose, status_list
from verify.standards.signatures import LocalSigner

pytestmark = pytest.mark.browser

P256 = "did:web:badges.example:o:p256"
HOST = LocalSigner(f.OTHER_KEY, "did:web:badges.example#key-1")


@pytest.fixture
def own_service(demo, tmp_path) -> Iterator[Service]:
    """A server this test may stop."""
    running = Service.over(demo, tmp_path / "data")
    yield running
    running.stop()


def opened(service: Service) -> Installation:
    """The same installation, for what an issuer does meanwhile."""
    return open_installation(Settings.from_environment(environment(service.data, port=service.port)))


def card(installation: Installation, code: str) -> bytes:
    """The message in the large square of that share."""
    with installation.database.reading() as session:
        address = printed.printed_for(session, installation, code).address
    message = statements.carried(address.encode())
    assert message is not None
    return message


def changed(message: bytes, signer: LocalSigner | None = None, **members: object) -> bytes:
    """The message with other members: with its old signature, or signed by somebody else."""
    read, said = statements.read(message)
    payload = statements.encode(s.replace(said, **members))
    if signer is not None:
        return cose.sign(payload, signer, {cose.KEY_ID: b"key-1"})
    tag = cbor.decode(message)
    return cbor.encode(cbor.Tag(tag.number, [tag.value[0], {}, payload, read.signature]))


def open_card(employer: Visitor, code: str, message: bytes) -> tuple[str, str]:
    """The style and the words of the answer, once a camera has opened what is printed on the card."""
    employer.page.goto("about:blank")
    employer.page.goto(f"{employer.base_url}/v/{code}#{statements.to_digits(message)}")
    employer.page.locator("[data-part=answer]:visible").wait_for()
    employer.arrive()
    shown = employer.page.locator("[data-part=answer] .verdict")
    [style] = {"valid", "invalid", "undetermined"} & {
        name.removeprefix("verdict--") for name in (shown.get_attribute("class") or "").split()
    }
    return style, employer.page.locator("[data-part=answer]").inner_text()


def prepared(employer: Visitor) -> None:
    """`/v`, opened once with a network."""
    employer.go("/v")
    employer.page.get_by_text("Prêt à vérifier sans réseau").wait_for()
    employer.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    employer.page.wait_for_function("navigator.serviceWorker.controller !== null")


def quiet(employer: Visitor) -> None:
    """Forget what Chromium says of a network that is not there."""
    employer.faults[:] = [fault for fault in employer.faults if "net::ERR_" not in fault]


def test_phone_verifies_cards_with_the_network_off(demo, own_service, visit, shot_name):
    """Good, tampered, of an unknown issuer; withdrawn since, which shows once there was a network again."""
    code = demo.badge.rpartition("/")[2].replace("-", "")
    installation = opened(own_service)
    good = card(installation, code)
    employer = visit(PHONE, address=own_service.address)
    prepared(employer)
    employer.page.context.set_offline(True)

    style, words = open_card(employer, code, good)
    assert style == "valid"
    assert "Badge authentique, délivré par" in words
    assert "Statut connu au" in words
    employer.shot(f"{shot_name}-good")
    style, words = open_card(employer, code, changed(good, holder="Quelqu’un d’autre"))
    assert style == "invalid"
    assert "Le contenu ne correspond pas à la signature" in words
    employer.shot(f"{shot_name}-tampered")
    style, words = open_card(employer, code, changed(good, s.SIGNER, site="https://ailleurs.example"))
    assert style == "undetermined"
    assert "Émetteur inconnu de ce téléphone" in words
    assert "Mission Passerelle" in words  # whom it does know
    employer.shot(f"{shot_name}-unknown")

    employer.page.context.set_offline(False)
    own_service.stop()  # a network, and nobody at the other end
    assert open_card(employer, code, good)[0] == "valid"
    with installation.database.writing() as session:
        stated = select(StatementRecord.credential_id).where(StatementRecord.content == good)
        credential = session.get_one(CredentialRecord, session.scalars(stated).one())
        status.revoke(session, installation, credential, installation.clock())
        session.commit()
    installation.database.close()
    assert open_card(employer, code, good)[0] == "valid"  # it cannot know yet, and says since when it does
    own_service.start()
    prepared(employer)
    employer.page.context.set_offline(True)
    style, words = open_card(employer, code, good)
    assert style == "invalid"
    assert "a retiré ce badge" in words
    employer.shot(f"{shot_name}-revoked")
    quiet(employer)


def test_nothing_of_anybody_is_kept_and_signing_out_clears(demo, service, visit):
    """The worker keeps the reader alone, whoever is signed in; after signing out there is neither worker nor cache."""
    person = visit(PHONE)
    prepared(person)
    person.go("/carte")
    found = demo.card("commence à se positionner")
    person.page.locator("input[name=card]").fill(found.code)
    person.page.locator("input[name=pin]").fill(found.pin)
    person.page.locator("main form button[type=submit]").first.click()
    person.page.wait_for_url("**/moi*")
    kept = person.page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(name => caches.open(name).then(cache => cache.keys()))))"
        ".then(lists => lists.flat().map(request => new URL(request.url).pathname))"
    )
    assert kept
    assert {path for path in kept if not path.startswith(("/verifier-hors-ligne", "/static/"))} == set()
    assert len(kept) < 20
    assert person.page.evaluate("navigator.serviceWorker.controller") is None  # /moi is none of its business
    person.page.get_by_role("button", name="Se déconnecter").first.click()
    person.page.wait_for_load_state()
    person.page.goto(person.base_url)
    assert person.page.evaluate("caches.keys()") == []
    assert person.page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0


def test_badge_page_keeps_the_digits_for_the_reader(demo, service, visit):
    """With a network the usual page comes; from it one link leads to what the square itself says."""
    code = demo.badge.rpartition("/")[2].replace("-", "")
    installation = opened(service)
    digits = statements.to_digits(card(installation, code))
    installation.database.close()
    employer = visit(PHONE)
    employer.go(f"/v/{code}#{digits}")
    employer.follow("Vérifier aussi ce que dit le carré, sans réseau")
    employer.page.locator("[data-part=answer] .verdict--valid").wait_for()
    employer.page.get_by_label("Ce que dit le carré").fill("7Q4M-2K9X-PBT0")
    employer.page.get_by_role("button", name="Vérifier sans réseau").click()
    employer.page.get_by_text("Un code de douze caractères se vérifie avec du réseau").wait_for()


def bits(*indexes: int) -> bytes:
    made = status_list.new()
    for index in indexes:
        status_list.set_bit(made, index)
    return bytes(made)


def corpus() -> list[bytes]:
    """Good and bad statements, and hundreds of mutations of them, always the same."""
    second = LocalSigner(f.P256_KEY, f"{P256}#cle-1")
    made = [
        s.message(),
        s.message(second, issuer_slug="p256"),
        s.message(second),
        s.message(s.SIGNER, issuer_slug="p256"),
    ]
    made += [make() for make, *_ in (*s.CASES.values(), *s.OPEN.values())]
    made += [s.spoilt(change) for change in s.SPOILT.values()]
    made += [s.message(index=index) for index in (f.PAUSED_HERE_ONLY, 0, 131_071, 131_072)]
    made += [s.message(revocations=first, suspensions=second) for first in (1, 2, 3) for second in (1, 2, 3)]
    made += [s.message(holder=name) for name in ("Ніна", "\u200fليلى", "\ufeffAwa", "a" * 255, "é" * 127)]
    made += [s.spoilt(lambda m: m.update({0: 2})), cbor.encode(cbor.Tag(18, [b"", {}, b"", b""]))]
    chance = random.Random(4)
    for _ in range(500):
        spoilt = bytearray(chance.choice(made[:6]))
        for _ in range(chance.choice((1, 1, 2))):
            spoilt[chance.randrange(2, len(spoilt))] = chance.randrange(256)
        made.append(bytes(spoilt))
    for _ in range(300):  # well signed, whatever it says
        payload = bytearray(statements.encode(s.STATED))
        payload[chance.randrange(len(payload))] = chance.randrange(256)
        made.append(s.signed(bytes(payload)))
    return made


def known() -> bytes:
    """What `factory.trust` knows, as a snapshot."""
    kinds = ((f.ISSUER, "Mission locale du Val-de-Brume", f.KEY), (P256, "P-256", f.P256_KEY))
    return snapshot(
        site="https://badges.example",
        as_of=f.NOW - timedelta(hours=1),
        issuers=[Known(did, name, (Key("cle-1", key.public_key(), None),)) for did, name, key in kinds],
        recognitions=[f.RECOGNITION],
        lists=[
            List(1, f.ISSUER, REVOCATION, bits(f.REVOKED, f.SUSPENDED)),
            List(2, f.ISSUER, SUSPENSION, bits(f.SUSPENDED, f.PAUSED_HERE_ONLY)),
        ],
        witnessed={},
        signer=HOST,
    )


IN_THE_BROWSER = """async ({folder, texts, held, pinned, now}) => {
    const {verify} = await import(folder + "report.js");
    const {carried} = await import(folder + "statement.js");
    const snapshots = await import(folder + "snapshot.js");
    const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
    const snapshot = await snapshots.read(bytes(held), pinned);
    const found = [];
    for (const text of texts) {
        const message = carried(text);
        if (!message) { found.push(message); continue; }
        const report = await verify(message, snapshot, now);
        found.push([report.kind, ...Object.values(report.checks).map(([outcome, reason]) => reason || outcome)]);
    }
    return found;
}"""


def test_scripts_say_what_the_library_says(visit):
    """Of every statement of the corpus, the same six outcomes, reasons and sentence."""
    employer = visit(PHONE)
    employer.go("/verifier-hors-ligne")
    trust = f.trust(did_documents={f.ISSUER: f.did_document(), P256: f.did_document(P256, f.P256_KEY)})
    texts = [statements.to_digits(message) for message in corpus()]
    texts += [
        texts[0][:-1],
        texts[0] + "0",
        "0" + texts[0],
        "1" * 80,
        "7Q4M2K9XPBT0",
        f"https://x.example/v/A#{texts[0]}",
    ]
    theirs = employer.page.evaluate(
        IN_THE_BROWSER,
        {
            "folder": f"/verifier-hors-ligne/{scripts_version()}/",
            "texts": texts,
            "held": known().hex(),
            "pinned": HOST.public.public_bytes_raw().hex(),
            "now": int(f.NOW.timestamp() * 1000),
        },
    )
    different = []
    for text, said in zip(texts, theirs, strict=True):
        try:
            report = f.verify(text.encode(), trust)
            ours = [headline(report).kind, *(str(check.reason or check.outcome) for check in report.checks)]
        except Unreadable as error:
            ours = None if error.reason == "format_unknown" else False
        if ours != said:
            different.append((text[:40], ours, said))
    assert not different, different[:5]
    kinds = [said[0] for said in theirs if said]
    assert len(kinds) > 300
    assert {"valid", "forged", "defective", "unproved", "revoked", "suspended", "expired", "impostor"} <= set(kinds)


def test_snapshot_of_another_key_is_not_taken(visit):
    """Nor is one in which a bit was cleared."""
    employer = visit(PHONE)
    employer.go("/verifier-hors-ligne")
    held = known()
    spoilt = bytearray(held)
    spoilt[-70] ^= 1
    refused = employer.page.evaluate(
        """async ({address, helds, pins}) => {
            const {read} = await import(address);
            const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
            const taken = (held, pin) => read(bytes(held), pin).then(() => true, () => false);
            return Promise.all(helds.map((held, place) => taken(held, pins[place])));
        }""",
        {
            "address": f"/verifier-hors-ligne/{scripts_version()}/snapshot.js",
            "helds": [held.hex(), held.hex(), spoilt.hex()],
            "pins": [key.public_key().public_bytes_raw().hex() for key in (f.OTHER_KEY, f.KEY, f.OTHER_KEY)],
        },
    )
    assert refused == [True, False, False]
