"""The public page of a badge, its other forms, and the page and API that verify any file."""

import io
import json
import re
from datetime import timedelta
from itertools import product

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from badges.models.access import GuessRecord
from badges.services import codes, lifecycle, shares
from tests import factories
from tests.awarding import world
from verify.standards import baking

CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8"
WANTED = {
    CHROME: "text/html",
    "*/*": "text/html",
    "text/html": "text/html",
    "application/pdf": "text/html",
    "application/*": "application/vc+ld+json",
    "application/json, */*;q=0.1": "application/json",
    'application/ld+json; profile="x"': "application/ld+json",
    "text/html;q=0.4, application/json;q=0.5": "application/json",
    "image/png": "image/png",
    "image/svg+xml": "image/svg+xml",
}
SIGNED = ["application/vc+ld+json", "application/vc", "application/ld+json", "application/json"]


@pytest.fixture
def place(session, installation):
    return world(session, installation)


@pytest.fixture
def badge(place):
    """A claimed badge with the name in clear, committed."""
    credential = place.claimed()
    place.session.commit()
    return credential


def code_of(credential):
    return credential.award.shares[-1].code


def page(client, address, **headers):
    """The text of a page as a reader sees it, with plain spaces."""
    answer = client.get(address, headers={"Accept": CHROME, **headers})
    return answer, read(answer)


def read(answer):
    return answer.text.replace("\u00a0", " ").replace("&#39;", "'")


def test_page_says_the_verdict_first_and_everything_asked(client, badge):
    """Verdict, name of the badge, level and meaning, holder, issuer, date, code, and that it is no diploma."""
    answer, text = page(client, f"/v/{code_of(badge)}")
    assert answer.status_code == 200
    said = [
        "Badge authentique, délivré par Mission Passerelle le 21 novembre 2026.",
        "Vérifiez que le nom est celui de la personne. Ce n’est pas un diplôme.",
        "Travail en équipe",
        "Niveau 3 sur 5 : Seul",
        "Fait sa part sans rappel",
        "Awa Diallo",
        "ce n’est ni un diplôme, ni une certification",
        "La personne elle-même · Son coach",
        "Région Val-de-Brume",
        codes.show_code(code_of(badge)),
    ]
    assert [sentence for sentence in said if sentence not in text] == []
    assert text.index("Badge authentique") < text.index("<h1")
    assert text.count('class="check check--passed"') == 6


def test_page_is_found_by_machines_and_not_by_search_engines(client, badge):
    """Open Graph tags name the badge and not the person; the page asks not to be indexed."""
    answer, text = page(client, f"/v/{code_of(badge)}")
    head = text.partition("</head>")[0]
    assert '<meta property="og:title" content="Travail en équipe">' in head
    assert f'content="http://localhost:8000/v/{code_of(badge)}/apercu.png"' in head
    assert "Awa" not in head
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_signed_bytes_are_the_stored_ones(client, badge):
    """Every JSON media type gets the same bytes, as they were signed."""
    for media, address in product(SIGNED, (f"/v/{code_of(badge)}", f"/c/{badge.id}")):
        answer = client.get(address, headers={"Accept": media})
        assert answer.status_code == 200
        assert answer.data == badge.document
        assert answer.headers["Content-Type"] == media
        assert {"Accept", "Accept-Language"} <= set(answer.vary)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_same_address_answers_what_is_asked(client, badge):
    """A page for people and for whoever does not care; other forms by name."""
    given = {}
    for asked in WANTED:
        answer = client.get(f"/v/{code_of(badge)}", headers={"Accept": asked})
        assert {"Accept", "Accept-Language"} <= set(answer.vary)
        given[asked] = answer.mimetype
    assert given == WANTED


def test_client_without_a_preference_gets_the_page(client, badge):
    """No Accept header is as good as any."""
    assert client.get(f"/v/{code_of(badge)}").mimetype == "text/html"


def test_unchanged_bytes_are_not_sent_again(client, badge):
    """A strong validator on the bytes."""
    first = client.get(f"/c/{badge.id}", headers={"Accept": "application/json"})
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    again = client.get(f"/c/{badge.id}", headers={"Accept": "application/json", "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_downloads_carry_the_stored_bytes(client, badge):
    """JSON, PNG and SVG hold the very bytes that were signed."""
    code = code_of(badge)
    assert client.get(f"/v/{code}.json").data == badge.document
    assert "attachment" in client.get(f"/v/{code}.json").headers["Content-Disposition"]
    assert baking.extract_png(client.get(f"/v/{code}/badge.png").data) == badge.document
    assert baking.extract_svg(client.get(f"/v/{code}/badge.svg").data) == badge.document


def test_pictures_alone_carry_no_badge(client, badge):
    """The preview picture is a picture, 600 pixels a side."""
    code = code_of(badge)
    picture = client.get(f"/v/{code}/image.png").data
    assert Image.open(io.BytesIO(picture)).size == (600, 600)
    assert b"openbadgecredential" not in picture
    assert client.get(f"/v/{code}/image.svg").mimetype == "image/svg+xml"


def test_qr_leads_to_the_page(client, badge):
    """What a phone reads is the public address."""
    code = code_of(badge)
    png = client.get(f"/v/{code}/qr.png").data
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)).convert("L"))
    assert found.text == f"http://localhost:8000/v/{code}"
    assert client.get(f"/v/{code}/qr.svg").mimetype == "image/svg+xml"


def test_printable_page_has_the_qr_and_the_code(client, badge):
    """On paper: name, level, issuer, the code to type, and modules of at least 0.35 mm."""
    answer, text = page(client, f"/v/{code_of(badge)}/imprimer")
    assert answer.status_code == 200
    for sentence in ("Travail en équipe", "Niveau 3 sur 5 : Seul", "Mission Passerelle", "Awa Diallo"):
        assert sentence in text
    assert codes.show_code(code_of(badge)) in text
    modules = int(re.search(r'viewBox="0 0 (\d+) \1" shape-rendering', text)[1])
    assert 46 / modules >= 0.35


def test_code_is_forgiven_its_dress(client, badge):
    """Typed in small letters with hyphens, the address leads to the one that was printed."""
    code = code_of(badge)
    answer = client.get(f"/v/{codes.show_code(code).lower()}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/v/{code}")
    answer = client.post("/v", data={"code": codes.show_code(code).lower()})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/v/{code}")


def test_mistyped_code_is_said_beside_the_field(client, badge):
    """One wrong character is caught before any search; what was typed stays."""
    typed = ("0" if code_of(badge)[0] != "0" else "1") + code_of(badge)[1:]
    answer = client.post("/v", data={"code": typed})
    assert answer.status_code == 422
    assert typed in read(answer)
    assert "Ce code contient une erreur" in read(answer)
    assert client.get(f"/v/{typed}").status_code == 404


def test_unknown_codes_are_404_and_limited(session, client, badge, clock):
    """After forty unknown codes, the address waits; a right code is still answered."""
    statuses = [client.get(f"/v/{codes.new_code(codes.SHARE_BITS)}").status_code for _ in range(41)]
    assert statuses == [404] * 40 + [429]
    assert client.get(f"/v/{code_of(badge)}").status_code == 200
    [guess] = session.scalars(select(GuessRecord).where(GuessRecord.kind == "code")).all()
    assert "127.0.0.1" not in guess.subject_digest
    session.rollback()
    clock.forward(minutes=16)
    assert client.get(f"/v/{codes.new_code(codes.SHARE_BITS)}").status_code == 404


def test_hidden_name_is_nowhere(session, client, place):
    """Neither page nor bytes nor pictures nor print say who; the page says the person chose so."""
    credential = place.claimed(clear_name=False)
    session.commit()
    code = code_of(credential)
    forms = ["", ".json", "/badge.png", "/badge.svg", "/image.svg", "/imprimer"]
    for form in forms:
        answer = client.get(f"/v/{code}{form}", headers={"Accept": CHROME})
        assert answer.status_code == 200
        assert b"Awa" not in answer.data
        assert b"Diallo" not in answer.data
    _, text = page(client, f"/v/{code}")
    assert "La personne a choisi de ne pas afficher son nom." in text


def test_withdrawn_share_is_gone_without_a_name(session, client, place, badge):
    """410 in every form, and nothing about the person or the badge."""
    share = badge.award.shares[0]
    shares.withdraw_share(session, factories.actor(place.person), share_id=share.id, now=place.now)
    session.commit()
    for form in ("", ".json", "/badge.png", "/image.png", "/qr.svg", "/imprimer"):
        answer = client.get(f"/v/{share.code}{form}", headers={"Accept": CHROME})
        assert answer.status_code == 410
        assert "Awa" not in read(answer)
        assert "équipe" not in read(answer)


def test_credential_address_is_gone_with_the_last_share(session, client, place, badge):
    """The bytes too: they hold the name."""
    who = factories.actor(place.person)
    shares.withdraw_share(session, who, share_id=badge.award.shares[0].id, now=place.now)
    session.commit()
    for media in (CHROME, "application/vc+ld+json"):
        answer = client.get(f"/c/{badge.id}", headers={"Accept": media})
        assert answer.status_code == 410
        assert b"Awa" not in answer.data
    shares.new_share(session, who, award_id=badge.award_id, now=place.now)
    session.commit()
    assert client.get(f"/c/{badge.id}").status_code == 200


def test_unknown_credential_is_not_found(client, badge):
    """An address nobody was given."""
    assert client.get("/c/00000000-0000-4000-8000-000000000000").status_code == 404


def test_revoked_badge_answers_200_and_says_so(session, client, place, badge):
    """The day, and that it says nothing else about the person; never the reason."""
    lifecycle.revoke(
        session,
        factories.actor(place.issuer),
        place.installation,
        award_id=badge.award_id,
        reason="Confusion entre deux stages.",
        now=place.now,
    )
    session.commit()
    answer, text = page(client, f"/v/{code_of(badge)}")
    assert answer.status_code == 200
    assert "Mission Passerelle a retiré ce badge le 21 novembre 2026. Cela ne dit rien d’autre sur la personne." in text
    assert "Confusion" not in text
    assert "a retiré ce badge le 21 novembre 2026" in page(client, f"/v/{code_of(badge)}/imprimer")[1]
    for address in (f"/c/{badge.id}", f"/v/{code_of(badge)}", f"/v/{code_of(badge)}.json"):
        answer = client.get(address, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.mimetype) == (410, "application/problem+json")
        assert b"Awa" not in answer.data


def test_pause_shows_at_once_and_goes_at_once(session, client, place, badge):
    """On the page as in the signed list."""
    who, act = factories.actor(place.issuer), {"award_id": badge.award_id, "now": place.now}
    before = client.get(f"/status/{badge.status_list_id}")
    lifecycle.suspend(session, who, place.installation, reason="À revoir.", **act)
    session.commit()
    assert "Ce badge est en pause." in page(client, f"/v/{code_of(badge)}")[1]
    assert client.get(f"/status/{badge.status_list_id}").data != before.data
    lifecycle.resume(session, who, place.installation, **act)
    session.commit()
    assert "Badge authentique" in page(client, f"/v/{code_of(badge)}")[1]


def test_expired_badge_is_to_be_renewed(session, installation, client, clock):
    """Authentic still, and since when."""
    place = world(session, installation, validity_months=3)
    credential = place.claimed()
    session.commit()
    clock.forward(days=100)
    answer, text = page(client, f"/v/{code_of(credential)}")
    assert answer.status_code == 200
    assert "Badge authentique, à actualiser depuis le 21 février 2027." in text
    assert "À actualiser" in text


def test_page_of_a_corrected_badge_leads_to_the_new_one(session, client, place, badge):
    """While the correction waits it is said; then the old page links to the new."""
    award = lifecycle.correct(
        session,
        factories.actor(place.issuer),
        place.installation,
        award_id=badge.award_id,
        reason="Nom mal écrit.",
        now=place.now,
    )
    session.commit()
    assert "Une correction est en cours" in page(client, f"/v/{code_of(badge)}")[1]
    new = place.claim(award)
    session.commit()
    _, text = page(client, f"/c/{badge.id}")
    assert "a retiré ce badge" in text
    assert f'href="/c/{new.id}"' in text
    _, text = page(client, f"/v/{code_of(badge)}")
    assert "Badge authentique" in text
    assert "corrigé" not in text


def test_page_speaks_english(client, badge):
    """The frame changes language; the signed words stay as they were signed."""
    answer, text = page(client, f"/v/{code_of(badge)}?lang=en")
    assert '<html lang="en"' in text
    assert "Travail en équipe" in text
    assert answer.status_code == 200


def test_upload_of_any_form_gives_the_same_report(client, badge):
    """Raw JSON, PNG, SVG or a form's file: valid, with six checks passed."""
    code = code_of(badge)
    bodies = [
        ({"data": badge.document, "content_type": "application/json"}, "json"),
        ({"data": badge.document, "content_type": "application/x-www-form-urlencoded"}, "json"),
        ({"data": client.get(f"/v/{code}/badge.png").data, "content_type": "image/png"}, "png"),
        ({"data": client.get(f"/v/{code}/badge.svg").data, "content_type": "image/svg+xml"}, "svg"),
        ({"data": {"file": (io.BytesIO(badge.document), "badge.json")}}, "json"),
    ]
    for body, form in bodies:
        answer = client.post("/verify", **body)
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        assert answer.json["verdict"] == "valid", answer.json
        assert [check["outcome"] for check in answer.json["checks"]] == ["passed"] * 6
        assert answer.json["credential"]["format"] == form
        assert answer.json["checked_at"] == "2026-11-21T09:00:00Z"


def test_browser_gets_a_page_for_its_file(client, badge):
    """The same report, read out."""
    answer = client.post("/verify", data={"file": (io.BytesIO(badge.document), "b.json")}, headers={"Accept": CHROME})
    assert answer.status_code == 200
    assert "Badge authentique, délivré par Mission Passerelle" in read(answer)


def test_upload_does_not_wait_for_a_writer(installation, client, badge):
    """A POST that changes nothing is answered while somebody else holds the write lock."""
    with installation.database.writing() as writer:
        writer.execute(select(GuessRecord.id)).all()
        answer = client.post("/verify", data=badge.document, content_type="application/json")
        assert answer.json["verdict"] == "valid"


def test_tampered_badge_is_not_to_be_trusted(client, badge):
    """One letter changed: invalid, 200, and the sentence says to ask for the original."""
    document = badge.document.replace(b"Awa Diallo", b"Ada Diallo")
    assert client.post("/verify", data=document, content_type="application/json").json["verdict"] == "invalid"
    answer = client.post("/verify", data={"file": (io.BytesIO(document), "b.json")}, headers={"Accept": CHROME})
    assert answer.status_code == 200
    assert "Le contenu ne correspond pas à la signature" in read(answer)
    assert "verdict--invalid" in read(answer)


def test_stranger_is_unknown_and_not_forged(session, client, place, badge):
    """A badge of an issuer nobody recognises: amber, to be contacted."""
    for row in session.scalars(select(factories.RecognitionRecord)).all():
        session.delete(row)
    session.commit()
    report = client.post("/verify", data=badge.document, content_type="application/json").json
    assert report["verdict"] == "undetermined"
    assert report["checks"][-1]["reason"] == "issuer_unknown"
    answer = client.post("/verify", data={"file": (io.BytesIO(badge.document), "b.json")}, headers={"Accept": CHROME})
    assert "Signature intacte, émetteur inconnu de nous. Contactez-le." in read(answer)
    assert "verdict--undetermined" in read(answer)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"{", "json_malformed"),
        (b'{"a": 1, "a": 2}', "json_duplicate_key"),
        (b"[" * 5000, "json_too_deep"),
        (b'{"a": 1}', "not_a_credential"),
        (b"bonjour", "format_unknown"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "svg_scripted"),
        (b'<!DOCTYPE svg [<!ENTITY a "a">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>', "svg_entities"),
    ],
)
def test_unreadable_file_is_a_problem_with_a_sentence(client, body, reason):
    """422 as problem+json for programs, a page with the field for browsers; nothing is echoed."""
    answer = client.post("/verify", data=body, content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json["reason"] == reason
    assert answer.json["title"].endswith(".")
    shown = client.post("/verify", data={"file": (io.BytesIO(body), "b.json")}, headers={"Accept": CHROME})
    assert shown.status_code == 422
    assert answer.json["title"].replace("\u00a0", " ") in read(shown)


def test_picture_without_a_badge_says_why(client, badge):
    """A screenshot loses the badge."""
    plain = client.get(f"/v/{code_of(badge)}/image.png").data
    answer = client.post("/verify", data=plain, content_type="image/png")
    assert (answer.status_code, answer.json["reason"]) == (422, "png_without_badge")


def test_form_without_a_file_is_empty(client):
    """The field is named `file`."""
    answer = client.post("/verify", data={"other": "x"}, content_type="multipart/form-data")
    assert (answer.status_code, answer.json["reason"]) == (422, "empty")


def test_file_that_is_too_large_is_413(client):
    """More than one mebibyte is not read, raw or in a form."""
    data = b"{" + b" " * (1024 * 1024 + 1)
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="b.json"\r\n\r\n'
    for body, kind in ((data, "application/json"), (head + data + b"\r\n--x--", "multipart/form-data; boundary=x")):
        answer = client.post("/verify", data=body, content_type=kind)
        assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


def test_other_content_type_is_415(client):
    """A kind of body that holds no badge."""
    answer = client.post("/verify", data=b"x", content_type="video/mp4")
    assert (answer.status_code, answer.mimetype) == (415, "application/problem+json")


def test_expiry_is_reported_to_programs_too(session, installation, client, clock):
    """The verdict of an expired badge is invalid, with its reason."""
    place = world(session, installation, validity_months=1)
    credential = place.claimed()
    session.commit()
    clock.forward(seconds=timedelta(days=60) / timedelta(seconds=1))
    report = client.post("/verify", data=credential.document, content_type="application/json").json
    assert report["verdict"] == "invalid"
    assert {"name": "validity", "outcome": "failed", "reason": "expired"} in report["checks"]


def test_stranger_link_never_runs(client, badge):
    """An address in a stranger's file becomes a link only where it is http or https."""
    document = json.loads(badge.document)
    achievement = document["credentialSubject"]["achievement"]
    achievement["alignment"][0]["targetUrl"] = "javascript:alert(1)"
    achievement["name"] = "<script>alert(1)</script>"
    body = json.dumps(document).encode()
    answer = client.post("/verify", data={"file": (io.BytesIO(body), "b.json")}, headers={"Accept": CHROME})
    assert 'href="javascript' not in read(answer)
    assert "<script>alert" not in read(answer)
