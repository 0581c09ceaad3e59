"""A copy of everything and erasing everything, by the person alone, with their PIN."""

import io
import json
import zipfile
from datetime import timedelta
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from badges.app import create_app
from badges.models.assessments import Rater
from badges.models.passkeys import PasskeyRecord
from badges.models.people import PersonRecord, Role
from badges.models.phrases import PhraseRecord
from badges.models.rights import (
    ErasureRequestRecord,
    FileLookRecord,
    IdentityCheckRecord,
    IdentityRequestRecord,
    RequestKind,
)
from badges.services import (
    assessments,
    inventory,
    looks,
    open_badges_2,
    person_rows,
    personal_export,
    tutor_answers,
    tutor_views,
)
from badges.services.tutor_answers import Answer
from badges.web import booklet
from badges.web.booklet import bounds
from tests import counting, factories, rounds, voices
from tests.awarding import world
from verify.standards import baking


@pytest.fixture
def place(session, installation, client, clock):
    place = world(session, installation)
    place.structure.token = "EdDSA"
    factories.sign_in(session, client, place.person, clock())
    session.commit()
    return place


def copy(client, pin=factories.PIN, language="fr") -> zipfile.ZipFile:
    answered = client.post(f"/moi/copie?lang={language}", data={"pin": pin})
    assert answered.status_code == 200
    assert answered.mimetype == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answered.data))


def pages(archive: zipfile.ZipFile) -> PdfReader:
    return PdfReader(io.BytesIO(archive.read("tout-sur-moi.pdf")))


def text(read: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in read.pages).split())


def test_copy_holds_rows_badges_a_summary_and_a_manifest(session, client, place):
    """The signed bytes to the byte, baked too; every row by table; each file in the manifest with its digest."""
    credential = place.claimed()
    document, token = credential.document, credential.token
    signed = open_badges_2.signed(session, credential.id)
    session.commit()
    archive = copy(client)
    assert archive.testzip() is None
    assert archive.read("badges/001-equipe.json") == document
    assert archive.read("badges/001-equipe.jwt") == token
    assert archive.read("badges/001-equipe-open-badges-2.jws") == signed
    assert baking.extract_png(archive.read("badges/001-equipe.png")) == document
    rows = json.loads(archive.read("donnees.json"))["tables"]
    assert rows["people"][0]["name"] == "Awa Diallo"
    assert "pin_hash" not in rows["people"][0]
    assert {"memberships", "rounds", "ratings", "agreements", "awards", "credentials", "shares", "consents"} <= set(
        rows
    )
    assert rows["consents"][0]["given"] is True
    manifest = json.loads(archive.read("manifest.json"))
    assert {one["name"] for one in manifest["files"]} == set(archive.namelist()) - {"manifest.json"}
    summary = archive.read("tout-sur-moi.html").decode()
    HTMLParser().feed(summary)
    for words in ("Awa Diallo", "Mission Passerelle", "Travail en équipe", "Situation vue par coach"):
        assert words in summary


def test_summary_takes_as_many_statements_for_two_badges(session, installation, app, place):
    """And as many for two rounds."""
    asked = []
    for code in ("equipe", "rigueur"):
        place.round = factories.closed_round(
            session, place.version, place.person, structure=place.structure, coach=place.coach, levels={code: 3}
        )
        place.claim(place.granted(badge_code=code))
        session.commit()
        with app.test_request_context(), installation.database.reading() as own, counting.statements(own) as sent:
            booklet.of(own, personal_export.personal(own, place.person.id), place.now)
        asked.append(len(sent))
    assert asked[0] == asked[1]


def test_copy_keeps_blind_answers_blind(session, client, clock, place):
    """What the coach answered before the person finished is not in the copy, and the manifest says that it waits."""
    talks = rounds.World(session, clock(), place.structure, place.coach, place.person, place.version)
    row = talks.opened("rigueur", "adaptation")
    talks.rate(row, Rater.COACH, "rigueur", 2, "Vu par le coach seul.")
    talks.rate(row, Rater.SELF, "rigueur", 3, "Raconté par la personne.")
    assert not assessments.revealed(row)
    session.commit()
    archive = copy(client)
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    read = text(pages(archive))
    assert "Vu par le coach seul." not in everything + read
    assert "2, Aidé" not in read
    for told in (everything, read):
        assert "Raconté par la personne." in told
    assert "Ce que le coach a répondu à un positionnement en cours n’y est pas encore." in read
    assert json.loads(archive.read("manifest.json"))["left_out"] == {"answers_of_rounds_not_revealed": 1}


def test_copy_tells_everything_in_a_pdf_that_can_be_read_aloud(session, client, clock, place):
    """Tagged PDF/UA-1 in the person's language: badges, evidence, phrases, levels, answers and who looked, in words."""
    place.claimed()
    phrase(session, place, "Une fois, j’ai réparti les tâches.", clock())
    look(session, place, clock().date())
    session.commit()
    read = pages(copy(client))
    root, told = read.trailer["/Root"], text(read)
    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert b"<pdfuaid:part>1</pdfuaid:part>" in read.xmp_metadata.stream.get_data()
    assert read.metadata.title == "Tout ce que Jalon sait de moi"
    for words in (
        "Awa Diallo",
        "Fait le 21 novembre 2026.",
        "Travail en équipe",
        "Par qui Mission Passerelle",
        "Chantier du lavoir Monte l’échafaudage avec deux autres, trois matins de suite.",
        "Une fois, j’ai réparti les tâches.",
        "3, Seul",
        "Montrer mes badges Oui",
        "Un coach Mission Passerelle novembre 2026 1 jour",
    ):
        assert words in told
    for code in ("claimed", "publication", "entree"):
        assert code not in told


def test_pdf_speaks_the_language_of_the_page(session, client, clock, place):
    """In Arabic from right to left; what people wrote stays as they wrote it."""
    place.claimed()
    phrase(session, place, "Une fois, j’ai réparti les tâches.", clock())
    session.commit()
    read = pages(copy(client, language="ar"))
    assert read.trailer["/Root"]["/Lang"] == "ar"
    assert read.metadata.title == "كل ما يعرفه Jalon عني"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in read.xmp_metadata.stream.get_data()
    assert "Une fois, j’ai réparti les tâches." in text(read)
    assert pages(copy(client, language="fr@falc")).trailer["/Root"]["/Lang"] == "fr"


def test_person_of_whom_little_is_known_reads_so(session, client, clock, place):
    """Who they are, and a list of everything of which there is nothing."""
    other = factories.person(session, place.structure, place.coach, name="Nour Belkacem", pin=factories.PIN)
    factories.sign_in(session, client, other, clock())
    session.commit()
    read = pages(copy(client))
    told = text(read)
    assert len(read.pages) <= 2
    assert told.index("Nour Belkacem") < told.rindex("Rien n’est noté ici") < told.rindex("Mes badges partagés")


def test_everything_that_is_exported_is_told_in_words():
    """A table that somebody adds is told by a part of the booklet, or says why nobody would read it."""
    told = [table for section in booklet.SECTIONS for table in section.tables]
    exported = {
        table.name for table in person_rows.tables() if any(part.exported for part in inventory.TABLES[table.name])
    }
    assert sorted([*told, *booklet.NOT_IN_WORDS]) == sorted(exported)


def test_requests_and_ways_in_are_told(session, client, clock, place):
    """What was asked for and who checked it, where the page is open, which telephones open it."""
    now = clock()
    asked = {"person_id": place.person.id, "organisation_id": place.structure.id, "opened_at": now}
    check = IdentityCheckRecord(staff_id=place.coach.id, words="Lettre signée, reçue le 12.", at=now)
    session.add_all(
        [
            ErasureRequestRecord(person_id=place.person.id, asked_at=now, due_on=now.date(), stop_copies=True),
            IdentityRequestRecord(kind=RequestKind.ACCESS, checks=[check], **asked),
            PasskeyRecord(
                person_id=place.person.id, credential_id=b"id", public_key=b"key", sign_count=0, added_at=now
            ),
        ]
    )
    session.commit()
    told = text(pages(copy(client)))
    for words in (
        "J’ai demandé de tout effacer. Ce sera fait le 21 novembre 2026. Les copies de mes badges s’arrêtent aussi.",
        "Retrouver mon accès Camille Roche 21 novembre 2026 Lettre signée, reçue le 12.",
        "Page ouverte depuis le Jusqu’au 21 novembre 2026",
        "Téléphone ajouté le 21 novembre 2026",
    ):
        assert words.casefold() in told.casefold()


def test_every_part_of_the_booklet_has_something_to_tell_in_the_demo(demonstrated):
    """In words of the page's language, for each of its people."""
    told = set()
    with demonstrated.database.reading() as session, create_app(demonstrated).test_request_context("/?lang=uk"):
        for person_id in session.scalars(select(PersonRecord.id)):
            found = personal_export.personal(session, person_id)
            told |= {str(part.title) for part in booklet.of(session, found, demonstrated.clock()).parts}
    assert len(told) >= len(booklet.SECTIONS) - 1  # all but ways in and requests, and what there is nothing of
    assert "Мої оцінювання" in told


def test_much_is_told_in_few_pages(session, client, clock, place):
    """Thousands of looks are a line a month; a part that is too long stops and says where the rest is."""
    colleagues = [factories.staff(session, (place.structure, Role.COACH), name=f"Coach {n}") for n in range(8)]
    for colleague in colleagues:
        for days in range(300):
            look(session, place, clock().date() - timedelta(days=days), colleague.id)
    for number in range(300):
        phrase(session, place, f"Phrase {number} : {'des mots ' * 40}", clock(), replaced=number > 0)
    session.commit()
    archive = copy(client)
    read = pages(archive)
    told = text(read)
    assert len(read.pages) < 30
    assert told.count("Un coach") == 11  # from January to November
    assert "Un coach Mission Passerelle octobre 2026 31 jours" in told
    assert bounds.LONGEST_PART / 2 < told.count("des mots ") * len("des mots ") < bounds.LONGEST_PART
    assert "Il y en a plus\N{NO-BREAK SPACE}: tout est dans donnees.json." in archive.read("tout-sur-moi.html").decode()
    assert "tout est dans donnees.json" in told
    assert len(json.loads(archive.read("donnees.json"))["tables"]["file_looks"]) == 8 * 300


def phrase(session, place, words, now, *, replaced=False) -> None:
    session.add(
        PhraseRecord(
            person_id=place.person.id,
            referentiel_id=place.version.referentiel_id,
            competence_code="equipe",
            words=words,
            written_at=now,
            replaced_at=now if replaced else None,
        )
    )


def look(session, place, day, staff_id=None) -> None:
    session.add(
        FileLookRecord(
            person_id=place.person.id,
            staff_id=staff_id or place.coach.id,
            organisation_id=place.structure.id,
            role=Role.COACH,
            day=day,
        )
    )


def test_copy_names_nobody_who_only_looked(session, client, clock, place):
    """As on the page: in which role, for which structure and on which day; who it was, the structure answers for."""
    passing = factories.staff(session, (place.structure, Role.COACH), name="Perrine Aubry")
    opened = looks.Opened(place.person.id, place.structure.id, Role.COACH)
    looks.write(session, factories.actor(passing), opened, clock().date())
    session.commit()
    told = json.loads(copy(client).read("donnees.json"))
    [look] = told["tables"]["file_looks"]
    assert (look["role"], look["day"]) == ("coach", "2026-11-21")
    assert "staff_id" not in look
    assert passing.name not in told["equipe"].values()


def test_copy_leaves_out_what_a_company_has_not_sent(session, client, clock, place):
    """What it keeps to go on with later is its own until it presses « envoyer »."""
    talks = voices.world(session, clock())
    row = talks.opened("prevenir")
    view, code = talks.ask(row)
    given = {"answers": {"prevenir": Answer(1, "À moitié écrit, à revoir.")}, "revision": 0, "form_id": uuid4()}
    tutor_answers.keep(session, code, None, **given, now=clock())
    for rater in (Rater.SELF, Rater.COACH):
        talks.rate(row, rater, "prevenir", 2)
        talks.seal(row, rater)
    tutor_views.go_on_without(session, talks.as_coach, row.id, now=clock())
    assert assessments.revealed(row)
    factories.sign_in(session, client, talks.person, clock())
    session.commit()
    [sent] = json.loads(copy(client).read("donnees.json"))["tables"]["tutor_views"]
    assert sent["company"] == view.company
    assert "À moitié" not in str(sent)


def test_copy_asks_for_the_pin_and_is_bounded(client, place):
    """A phone left signed in gives nothing away; five an hour are enough."""
    assert client.post("/moi/copie", data={"pin": "000000"}).status_code == 422
    for _ in range(5):
        copy(client)
    assert client.post("/moi/copie", data={"pin": factories.PIN}).status_code == 429


def test_nobody_else_has_a_copy(session, client, clock, place):
    """Neither another person nor any member of staff: there is no address with somebody's number in it."""
    everything = factories.staff(session, *[(place.structure, role) for role in Role])
    factories.sign_in(session, client, everything, clock())
    session.commit()
    for path in ("/moi/copie", "/moi/effacement", "/moi/effacement/annuler"):
        assert client.post(path, data={"pin": factories.PIN}).status_code == 403
    other = factories.person(session, place.structure, place.coach, name="Nour Belkacem", pin=factories.PIN)
    factories.sign_in(session, client, other, clock())
    session.commit()
    rows = copy(client).read("donnees.json").decode()
    assert "Nour" in rows
    assert "Awa" not in rows


def test_erasing_now_ends_in_an_account_without_a_name(session, client, place):
    """Signed out, told what went and what stays; the file says the same; the next click says so."""
    code = place.claimed().award.shares[-1].code
    session.commit()
    cookie = client.get_cookie("jalon_session").value
    page = client.get("/moi/effacement").text
    assert "Ce qui reste, sans nom" in page
    answered = client.post("/moi/effacement", data={"pin": factories.PIN, "copies": "keep", "when": "now"})
    assert answered.status_code == 303
    assert client.get_cookie("jalon_session") is None
    told, file = client.get(answered.location), client.get(f"{answered.location}.txt")
    for text in (told.text, file.text):
        assert "Awa" not in text
        assert "1 badge" in text
    assert "attachment" in file.headers["Content-Disposition"]
    client.set_cookie("jalon_session", cookie, domain="localhost")
    for path in ("/moi", "/moi/droits"):
        late = client.get(path)
        assert late.status_code == 410
        assert "Vos données sont effacées." in late.text
    assert client.post("/moi/copie", data={"pin": factories.PIN}).status_code == 410
    assert client.get("/").status_code == 200
    assert client.get(f"/v/{code}").status_code == 410
    session.expire_all()
    assert session.scalars(select(PersonRecord)).all() == []


def test_erasing_later_can_be_called_off(session, client, place):
    """Said at the top of « Mes droits », with the day and the way back."""
    for wrong in ({"pin": factories.PIN}, {"pin": "1", "copies": "keep", "when": "now"}):
        assert client.post("/moi/effacement", data=wrong).status_code == 422
    asked = {"pin": factories.PIN, "copies": "stop", "when": "later"}
    planned = client.post("/moi/effacement", data=asked)
    assert "Tout sera effacé le 28" in planned.text
    assert planned.headers["Cache-Control"] == "no-store"
    account = planned.text.partition("http://localhost:8000")[2].partition("<")[0].strip()
    assert "Rien n’est encore effacé" in client.get(account).text
    assert "Tout sera effacé le 28 nov. 2026" in client.get("/moi/droits").text
    assert client.post("/moi/effacement/annuler").status_code == 303
    assert "Tout sera effacé" not in client.get("/moi/droits").text
    assert client.post("/moi/effacement/annuler").status_code == 404
    assert client.get("/effacement/inconnu").status_code == 404
