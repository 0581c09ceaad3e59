"""The editor's pages: from nothing to a published version, files, stale drafts, who may come in."""

import io
import json
import re
from dataclasses import replace
from datetime import date

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from badges.models.people import OrganisationKind, Role
from badges.models.referentiels import ReferentielRecord, VersionState
from badges.services import referentiels
from badges.services.access import Actor
from referentiels import document, editing, spreadsheet
from referentiels.starters import starters
from tests import factories

DRAFT = "/referentiels/territoire/brouillon"


@pytest.fixture
def region(session):
    return factories.organisation(session, "Région Val-de-Brume", slug="val-de-brume", kind=OrganisationKind.REGION)


@pytest.fixture
def staff(session, region):
    return factories.staff(session, (region, Role.EDITOR))


@pytest.fixture
def editor(staff, region):
    return Actor(staff.name, staff_id=staff.id, roles=frozenset({(region.id, Role.EDITOR)}))


@pytest.fixture
def browser(client, session, staff, clock):
    """The client, signed in as the editor."""
    factories.sign_in(session, client, staff, clock())
    session.commit()
    return client


@pytest.fixture
def territoire(session, editor, region, clock):
    """A complete draft of the region's: the starter of seven competences."""
    row = referentiels.create(session, editor, starters()[2], owner_id=region.id, now=clock())
    session.commit()
    return row


@pytest.fixture
def version(session, editor, territoire, clock):
    """Version 1 of that draft."""
    published = referentiels.publish(session, editor, slug="territoire", revision=1, now=clock())
    session.commit()
    return published


@pytest.fixture
def meanwhile(session, editor, territoire, clock):
    """Change that draft as another editor would, from elsewhere."""

    def change(how):
        referentiels.change_draft(
            session, editor, slug="territoire", revision=territoire.revision, change=how, now=clock()
        )
        session.commit()

    return change


def text_of(page):
    """The page's words, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)))


def revision(page):
    """The revision the page's forms carry."""
    return re.search(r'name="revision" value="(\d+)"', page.get_data(as_text=True)).group(1)


def post(browser, address, **fields):
    """Fill the form of a page and send it back where it leads, following the redirect."""
    page = browser.get(address)
    assert page.status_code == 200, address
    return browser.post(address, data={"revision": revision(page), **fields}, follow_redirects=True)


def draft(installation, slug="territoire"):
    """The draft as another reader of the database finds it."""
    with installation.database.reading() as fresh:
        return referentiels.draft_of(fresh.query(ReferentielRecord).filter_by(slug=slug).one())


def count_of_referentiels(installation):
    with installation.database.reading() as fresh:
        return fresh.query(ReferentielRecord).count()


def test_referentiel_is_made_from_nothing_and_published(browser, installation):
    """A title, a scale, a family, a competence, an alignment and a badge, all through the pages; then version 1."""
    answer = browser.post(
        "/referentiels/nouveau/vide",
        data={"title": "Métiers du bois", "language": "fr", "scope": "Val-de-Brume"},
        follow_redirects=True,
    )
    assert "Métiers du bois" in text_of(answer)
    base = "/referentiels/metiers-du-bois/brouillon"
    for number, name in ((1, "Avec aide"), (2, "Seul")):
        post(browser, f"{base}/niveaux", level=str(number), name=name, meaning=f"Ce que veut dire {name}.")
    post(browser, f"{base}/familles", name="À l’atelier", description="Ce qui se voit à l’établi.")
    page = post(browser, f"{base}/competences", name="Préparer son poste", family="a-l-atelier")
    assert "code preparer-son-poste" in text_of(page)
    post(
        browser,
        f"{base}/competences/preparer-son-poste",
        name="Préparer son poste",
        family="a-l-atelier",
        for_person="Je prépare mes outils.",
        for_recruiter="Prépare son poste avant de commencer.",
        pictogram="materiel",
        **{"behaviour-1": "Range avec quelqu’un.", "behaviour-2": "Range sans rappel."},
    )
    post(
        browser,
        f"{base}/competences/preparer-son-poste/alignements/nouveau",
        name="Préparer un poste de travail",
        source="Fiche du métier, édition 2026",
        url="https://www.example.org/poste",
        note="proposé, non validé par l’organisme cité",
    )
    post(browser, f"{base}/badges", name="Poste prêt", family="a-l-atelier")
    post(
        browser,
        f"{base}/badges/poste-pret",
        name="Poste prêt",
        family="a-l-atelier",
        description="La personne prépare son poste seule.",
        pictogram="materiel",
        rule="all",
        evidence_required="1",
        validity_months="24",
        tutor="1",
        **{"competence-0": "preparer-son-poste", "level-0": "2", "competence-1": "", "level-1": ""},
    )
    ready = browser.get(f"{base}/publication")
    assert "Tout ce qu’il faut est écrit." in text_of(ready)
    answer = post(browser, f"{base}/publication")
    assert "La version 1 est publiée." in text_of(answer)
    published = document.read(browser.get("/r/metiers-du-bois/1.json").data)
    badge = published.badges[0]
    assert (published.version, published.owner, published.scope) == (1, "Région Val-de-Brume", "Val-de-Brume")
    assert published.competences[0].behaviour(2) == "Range sans rappel."
    assert published.competences[0].alignments[0].source == "Fiche du métier, édition 2026"
    assert [(need.competence, need.level) for need in badge.requirements] == [("preparer-son-poste", 2)]
    assert (badge.at_least, badge.raters, badge.validity_months) == (None, ("self", "coach", "tutor"), 24)
    assert (badge.evidence_required, badge.coach_may_grant) == (True, False)
    assert draft(installation, "metiers-du-bois").version is None


def test_every_page_of_a_draft_opens(browser, territoire):
    """None of the editor's pages fails on a complete draft."""
    for page in (
        "",
        "/presentation",
        "/familles",
        "/familles/en-entreprise",
        "/familles/en-entreprise/retirer",
        "/niveaux",
        "/niveaux/2",
        "/niveaux/2/retirer",
        "/competences",
        "/competences/securite",
        "/competences/securite/retirer",
        "/competences/securite/alignements/0",
        "/competences/securite/alignements/nouveau",
        "/badges",
        "/badges/securite",
        "/badges/securite/retirer",
        "/publication",
        "/apercu",
        "/fichier",
    ):
        answer = browser.get(f"{DRAFT}{page}")
        assert answer.status_code == 200, page
        assert answer.get_data(as_text=True).count("<h1") == 1, page
    for address in ("/referentiels/nouveau", "/referentiels/nouveau/copie", "/referentiels/nouveau/fichier"):
        assert browser.get(address).status_code == 200


def test_copy_starts_from_another_text_under_a_free_code(browser, territoire, installation):
    """A copy holds the source's competences, bears the owner's name, and gets a code of its own."""
    fields = {"source": "modele:territoire", "title": "Territoire"}
    browser.post("/referentiels/nouveau/copie", data=fields)
    copied = draft(installation, "territoire-2")
    assert copied.competences == starters()[2].competences
    assert (copied.title, copied.owner) == ("Territoire", "Région Val-de-Brume")


def test_copy_of_a_published_version(browser, version, installation):
    """Any published version can be the start of another référentiel."""
    fields = {"source": "version:territoire:1", "title": "Le nôtre"}
    browser.post("/referentiels/nouveau/copie", data=fields)
    copied = draft(installation, "le-notre")
    assert copied.badges == starters()[2].badges
    assert copied.version is None


def test_creation_without_a_title_keeps_what_was_typed(browser, installation):
    """The page comes back with its faults and its fields."""
    answer = browser.post("/referentiels/nouveau/vide", data={"title": " ", "language": "fr", "scope": "Pays d’Aval"})
    assert answer.status_code == 422
    assert "Donnez un titre." in text_of(answer)
    assert "Pays d’Aval" in answer.get_data(as_text=True)
    assert count_of_referentiels(installation) == 0


def test_editor_of_a_structure_alone_creates_nothing(client, session, clock, installation):
    """A structure owns no référentiel: its editor is told, and refused."""
    structure = factories.organisation(session)
    factories.sign_in(session, client, factories.staff(session, (structure, Role.EDITOR)), clock())
    session.commit()
    assert "Vous ne pouvez pas créer" in text_of(client.get("/referentiels/nouveau"))
    answer = client.post("/referentiels/nouveau/vide", data={"title": "X", "language": "fr"})
    assert answer.status_code == 422
    assert count_of_referentiels(installation) == 0


def test_owner_must_be_one_of_the_editors_own(browser, session, installation):
    """Another organisation's slug in the form chooses nobody."""
    factories.organisation(session, "Autre région", slug="autre", kind=OrganisationKind.REGION)
    session.commit()
    answer = browser.post("/referentiels/nouveau/vide", data={"title": "X", "language": "fr", "owner": "autre"})
    assert answer.status_code == 422
    assert count_of_referentiels(installation) == 0


def upload(browser, address, data, name, **fields):
    """Send a form with a file, encoded in memory: the test client would leave a temporary file open."""
    boundary, body = encode_multipart({**fields, "file": FileStorage(io.BytesIO(data), name)})
    return browser.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def test_import_of_csv_makes_a_draft(browser, installation):
    """The template itself can be imported."""
    answer = upload(browser, "/referentiels/nouveau/fichier", browser.get("/referentiels/modele.csv").data, "m.csv")
    assert answer.status_code == 303
    made = draft(installation, "mon-referentiel")
    assert made.owner == "Région Val-de-Brume"
    assert made.competences[0].name == "Prévenir"


def test_import_of_a_published_json_makes_a_draft(browser, version, installation):
    """A version downloaded elsewhere comes in as a draft, under another code where its own is taken."""
    taken = upload(browser, "/referentiels/nouveau/fichier", version.document, "t.json")
    assert taken.status_code == 409
    assert "déjà pris" in text_of(taken)
    answer = upload(browser, "/referentiels/nouveau/fichier", version.document, "t.json", code="territoire-nord")
    assert answer.status_code == 303
    assert draft(installation, "territoire-nord").version is None


def test_import_of_a_faulty_csv_says_line_and_column(browser, installation):
    """Every fault by line and column; nothing is created."""
    lines = browser.get("/referentiels/modele.csv").data.decode("utf-8-sig").split("\r\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("exigence"))
    lines[at] = lines[at].replace(";3;", ";neuf;")
    data = "\r\n".join([*lines[:-1], "sorcellerie;x", ""]).encode("utf-8-sig")
    answer = upload(browser, "/referentiels/nouveau/fichier", data, "m.csv")
    words = text_of(answer)
    assert answer.status_code == 422
    assert f"ligne {at + 1}, colonne « niveau »" in words
    assert f"ligne {len(lines)}, colonne « ligne »" in words
    assert "Rien n’a été créé." in words
    assert count_of_referentiels(installation) == 0


BAD_FILES = {
    "broken": (b'{"format": ', 422, "Ce n’est pas du JSON"),
    "repeated": (b'{"format": "jalon-referentiel/1", "code": "a", "code": "b"}', 422, "écrit deux fois"),
    "unknown": (b'{"format": "jalon-referentiel/1", "code": "a", "title": "A", "ruse": 1}', 422, "ruse"),
    "deep": (b'{"title": ' + b"[" * 5000 + b"]" * 5000 + b"}", 422, "imbriqué trop profondément"),
    "latin": ("ligne;code\r\nréférentiel;é".encode("latin-1"), 422, "CSV en UTF-8"),
    "archive": (b"PK\x03\x04\x14\x00\x08\xff\xfe", 422, "CSV en UTF-8"),
    "large": (b'{"title": "' + b"x" * (1024 * 1024) + b'"}', 413, "dépasse 1 Mo"),
    "empty": (b"", 422, "Choisissez un fichier"),
}


@pytest.mark.parametrize("defect", BAD_FILES)
def test_import_of_a_bad_file_is_refused_in_words(browser, installation, defect):
    """One sentence a defect, the right status, nothing created."""
    data, status, sentence = BAD_FILES[defect]
    answer = upload(browser, "/referentiels/nouveau/fichier", data, "fichier")
    assert answer.status_code == status
    assert sentence in text_of(answer)
    assert count_of_referentiels(installation) == 0


def test_import_beyond_what_a_request_may_hold_is_refused(browser, installation):
    """Ten megabytes are not even read."""
    answer = upload(browser, "/referentiels/nouveau/fichier", b"x" * (10 * 1024 * 1024), "gros.json")
    assert answer.status_code == 413
    assert "trop gros" in text_of(answer)
    assert count_of_referentiels(installation) == 0


def test_draft_goes_out_and_comes_back_as_a_file(browser, territoire, installation):
    """The draft's CSV, changed in a spreadsheet, takes the draft's place."""
    content = browser.get(f"{DRAFT}.csv").data.decode("utf-8-sig")
    changed = content.replace("Je porte mes protections.", "Je mets mes protections avant d’entrer.")
    answer = upload(browser, f"{DRAFT}/fichier", changed.encode("utf-8-sig"), "t.csv", revision="1")
    assert answer.status_code == 303
    before, after = starters()[2].competence("securite"), draft(installation).competence("securite")
    assert after == replace(before, for_person="Je mets mes protections avant d’entrer.")
    assert json.loads(browser.get(f"{DRAFT}.json").data)["owner"] == starters()[2].owner


def test_faulty_file_leaves_the_draft_as_it_was(browser, territoire, installation):
    """A bad line, another référentiel's file or a stale revision: the draft does not move."""
    own = spreadsheet.write_csv(starters()[2])
    other = document.write(starters()[3])
    for data, given, status, sentence in (
        (own.replace(b";securite;", b";inconnue;", 1), "1", 422, "ligne "),
        (other, "1", 422, "ce n’est pas le même"),
        (own, "7", 409, "Quelqu’un a enregistré ce brouillon"),
        (b"", "1", 422, "Choisissez un fichier"),
    ):
        answer = upload(browser, f"{DRAFT}/fichier", data, "t.csv", revision=given)
        assert answer.status_code == status
        assert sentence in text_of(answer)
    assert draft(installation) == starters()[2]


def test_stale_competence_comes_back_with_what_was_typed(browser, meanwhile, installation):
    """Somebody saved meanwhile: 409, both texts on the page, and sending again saves the typed one."""
    old = revision(browser.get(f"{DRAFT}/competences/securite"))
    meanwhile(lambda text: replace(text, title="Autre titre"))
    fields = {"name": "Sécurité", "family": "en-entreprise", "for_person": "Mes mots à moi", "behaviour-2": "Vu deux"}
    answer = browser.post(f"{DRAFT}/competences/securite", data={**fields, "revision": old})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Mes mots à moi" in page
    assert "Vu deux" in page
    assert starters()[2].competence("securite").for_person in page
    assert draft(installation).competence("securite") == starters()[2].competence("securite")
    again = browser.post(f"{DRAFT}/competences/securite", data={**fields, "revision": revision(answer)})
    assert again.status_code == 303
    assert draft(installation).competence("securite").for_person == "Mes mots à moi"
    assert draft(installation).title == "Autre titre"


def test_every_form_refuses_a_stale_revision(browser, territoire, installation):
    """Each form, posted on a revision that is no longer the draft's, answers 409 and changes nothing."""
    words = {"name": "Mots tapés", "family": "en-entreprise", "level": "9", "title": "Mots tapés", "language": "fr"}
    alignment = {"name": "Mots tapés", "source": "S", "url": "https://example.org/"}
    for page, fields in {
        "/presentation": words,
        "/familles": words,
        "/familles/en-entreprise": words,
        "/familles/en-entreprise/place": {"by": "1"},
        "/familles/en-entreprise/retirer": {},
        "/niveaux": words,
        "/niveaux/1": words,
        "/niveaux/1/place": {"by": "1"},
        "/niveaux/1/retirer": {},
        "/competences": words,
        "/competences/securite": words,
        "/competences/securite/place": {"by": "-1"},
        "/competences/securite/retirer": {},
        "/competences/securite/alignements/nouveau": alignment,
        "/competences/securite/alignements/0": alignment,
        "/competences/securite/alignements/0/retirer": {},
        "/badges": words,
        "/badges/par-competence": {"level": "2"},
        "/badges/securite": words,
        "/badges/securite/place": {"by": "1"},
        "/badges/securite/retirer": {},
        "/publication": {},
    }.items():
        answer = browser.post(f"{DRAFT}{page}", data={**fields, "revision": "7"})
        assert answer.status_code == 409, page
        assert "Mots tapés" in answer.get_data(as_text=True) or "name" not in fields, page
    for given in ("", "abc", "²", "-1", "9" * 30):
        assert browser.post(f"{DRAFT}/familles", data={**words, "revision": given}).status_code == 409
    assert draft(installation) == starters()[2]


def test_words_typed_for_something_removed_meanwhile_are_shown(browser, meanwhile):
    """What was written for a badge that somebody removed is given back to copy."""
    meanwhile(lambda text: editing.remove_badge(text, "securite"))
    fields = {"name": "Sécurité", "family": "en-entreprise", "description": "Un long texte", "revision": "1"}
    answer = browser.post(f"{DRAFT}/badges/securite", data=fields)
    assert answer.status_code == 409
    assert "Un long texte" in answer.get_data(as_text=True)
    assert browser.get(f"{DRAFT}/badges/securite").status_code == 404


def test_faults_of_a_form_stand_at_their_fields(browser, territoire, installation):
    """A bad address, a level out of the scale, a competence asked twice: 422, told where, nothing saved."""
    address = f"{DRAFT}/competences/securite/alignements/nouveau"
    answer = browser.post(
        address, data={"name": "N", "source": "S", "url": "http://example.org", "note": "gardée", "revision": "1"}
    )
    assert answer.status_code == 422
    assert 'id="url-error"' in answer.get_data(as_text=True)
    assert "gardée" in answer.get_data(as_text=True)
    words = {"name": "B", "family": "en-entreprise", "revision": "1", "rule": "some", "validity_months": "toujours"}
    rows = {"competence-0": "securite", "level-0": "2", "competence-1": "securite", "level-1": "3"}
    answer = browser.post(f"{DRAFT}/badges/securite", data=words | rows)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for field in ("competence-1", "at_least", "validity_months"):
        assert f'id="{field}-error"' in page
    assert "toujours" in page
    answer = browser.post(f"{DRAFT}/niveaux", data={"level": "deux", "name": "Trop", "revision": "1"})
    assert answer.status_code == 422
    assert 'id="level-error"' in answer.get_data(as_text=True)
    answer = browser.post(f"{DRAFT}/competences", data={"name": "N", "family": "inconnue", "revision": "1"})
    assert answer.status_code == 422
    assert draft(installation) == starters()[2]


def test_more_rows_are_added_without_saving(browser, territoire, installation):
    """« Ajouter des lignes » keeps what was typed and saves nothing."""
    fields = {"name": "Autre nom", "family": "en-entreprise", "revision": "1", "more": "1"}
    rows = {"competence-0": "securite", "level-0": "2", "competence-1": "prevenir", "level-1": "3"}
    answer = browser.post(f"{DRAFT}/badges/securite", data=fields | rows)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Autre nom" in page
    assert 'name="competence-3"' in page
    assert draft(installation) == starters()[2]


def test_order_changes_one_place_at_a_time(browser, territoire, installation):
    """Up and down move a competence among its family's."""
    codes = [one.code for one in starters()[2].competences]
    browser.post(f"{DRAFT}/competences/{codes[1]}/place", data={"by": "-1", "revision": "1"})
    assert [one.code for one in draft(installation).competences] == [codes[1], codes[0], *codes[2:]]
    assert browser.post(f"{DRAFT}/competences/{codes[1]}/place", data={"by": "99", "revision": "2"}).status_code == 400


def test_what_is_required_is_not_removed(browser, territoire, installation):
    """A competence that a badge requires stays, and the page says which; a free one goes after confirmation."""
    page = browser.get(f"{DRAFT}/competences/securite/retirer")
    assert "exigée par" in text_of(page)
    answer = browser.post(f"{DRAFT}/competences/securite/retirer", data={"revision": "1"})
    assert answer.status_code == 422
    for badge in [one.code for one in starters()[2].badges if "securite" in [n.competence for n in one.requirements]]:
        post(browser, f"{DRAFT}/badges/{badge}/retirer")
    assert post(browser, f"{DRAFT}/competences/securite/retirer").status_code == 200
    assert "securite" not in [one.code for one in draft(installation).competences]


def test_badges_are_added_for_every_competence_without_one(browser, territoire, installation):
    """One press makes the missing badges, each requiring its competence at the chosen level."""
    for badge in starters()[2].badges:
        post(browser, f"{DRAFT}/badges/{badge.code}/retirer")
    page = browser.get(f"{DRAFT}/badges")
    browser.post(f"{DRAFT}/badges/par-competence", data={"level": "3", "revision": revision(page)})
    made = draft(installation).badges
    assert [one.name for one in made] == [one.name for one in starters()[2].competences]
    assert {need.level for one in made for need in one.requirements} == {3}


def test_ready_page_links_each_fault_to_its_field(browser, meanwhile):
    """Every fault and every warning leads to a page that opens, at a field that exists."""
    changed = replace(
        starters()[2],
        language="",
        description="Une personne honnête.",
        families=(*starters()[2].families, replace(starters()[2].families[0], code="vide", name="")),
        scale=tuple(replace(step, meaning="") for step in starters()[2].scale),
        competences=tuple(
            replace(one, for_person="", behaviours=one.behaviours[1:], alignments=(replace(one.alignments[0], url=""),))
            for one in starters()[2].competences
            if one.alignments
        ),
        badges=tuple(replace(one, description="", requirements=()) for one in starters()[2].badges),
    )
    meanwhile(lambda _text: changed)
    page = browser.get(f"{DRAFT}/publication")
    links = set(re.findall(r'<li><a href="(/referentiels/territoire/[^"]+)">', page.get_data(as_text=True)))
    places = {link.partition("#")[0]: browser.get(link.partition("#")[0]) for link in links}
    assert len(links) > 20
    for link in links:
        address, _, field = link.partition("#")
        assert places[address].status_code == 200, link
        assert f'id="{field}"' in places[address].get_data(as_text=True), link
    assert browser.post(f"{DRAFT}/publication", data={"revision": "2"}).status_code == 422


def test_warnings_do_not_prevent_publishing(browser, meanwhile):
    """A word that deserves a second look is shown, and may be kept."""
    meanwhile(lambda text: replace(text, description="Pour une personne honnête."))
    page = browser.get(f"{DRAFT}/publication")
    assert "« honnête »" in text_of(page)
    assert browser.post(f"{DRAFT}/publication", data={"revision": revision(page)}).status_code == 303


def test_second_version_shows_what_changes_and_replaces_the_first(browser, territoire, installation, session):
    """The differences are told in words; pressing twice publishes once."""
    post(browser, f"{DRAFT}/publication")
    assert "il n’y a rien à publier" in text_of(browser.get(f"{DRAFT}/publication")).lower()
    post(browser, f"{DRAFT}/presentation", title="Deuxième édition", language="fr")
    page = browser.get(f"{DRAFT}/publication")
    assert "Deuxième édition »" in text_of(page)
    first = browser.post(f"{DRAFT}/publication", data={"revision": revision(page)})
    second = browser.post(f"{DRAFT}/publication", data={"revision": revision(page)})
    assert (first.status_code, second.status_code) == (303, 409)
    row = session.query(ReferentielRecord).filter_by(slug="territoire").one()
    assert [version.state for version in row.versions] == [VersionState.SUPERSEDED, VersionState.PUBLISHED]


def test_withdrawing_asks_for_a_reason(browser, version):
    """Without a reason nothing happens; with one, the version's page gives it."""
    address = "/referentiels/territoire/versions/1/retirer"
    assert browser.post(address, data={"reason": " "}).status_code == 422
    answer = browser.post(address, data={"reason": "Une erreur de niveau."}, follow_redirects=True)
    assert "Raison donnée : Une erreur de niveau." in text_of(answer)
    assert browser.post(address, data={"reason": "Encore."}).status_code == 409
    assert browser.get("/referentiels/territoire/versions/2/retirer").status_code == 404


def test_recognition_is_granted_and_ended(browser, territoire, session):
    """An organisation is chosen among those known, from a day; the end is fixed later."""
    structure = factories.organisation(session, "Mission Passerelle", slug="passerelle")
    session.commit()
    address = "/referentiels/territoire/reconnaissances"
    fields = {"organisation": "passerelle", "valid_from": "2026-11-01", "valid_until": ""}
    assert "Mission Passerelle" in text_of(browser.post(address, data=fields, follow_redirects=True))
    assert browser.post(address, data=fields).status_code == 409
    assert referentiels.recognition(session, territoire.id, structure.id, date(2027, 11, 1)) is not None
    session.rollback()
    end = re.search(r'href="([^"]+/fin)"', browser.get(address).get_data(as_text=True)).group(1)
    assert browser.post(end, data={"last_day": "jamais"}).status_code == 422
    assert browser.post(end, data={"last_day": "2026-10-01"}).status_code == 422
    assert browser.post(end, data={"last_day": "31/12/2026"}).status_code == 303
    assert browser.post(end, data={"last_day": "2027-12-31"}).status_code == 410
    session.expire_all()
    assert referentiels.recognition(session, territoire.id, structure.id, date(2026, 12, 31)) is not None
    assert referentiels.recognition(session, territoire.id, structure.id, date(2027, 1, 1)) is None


def test_recognition_keeps_what_was_typed(browser, territoire):
    """An unknown organisation, a bad date, an end before the beginning: 422 with the form as it was."""
    address = "/referentiels/territoire/reconnaissances"
    for fields in (
        {"organisation": "", "valid_from": "2026-11-03"},
        {"organisation": "inconnue", "valid_from": "2026-11-03"},
        {"organisation": "val-de-brume", "valid_from": "2026-11-03", "valid_until": "2026-11-02"},
        {"organisation": "val-de-brume", "valid_from": "2026-11-03", "valid_until": "bientôt"},
    ):
        answer = browser.post(address, data=fields)
        assert answer.status_code == 422
        assert "2026-11-03" in answer.get_data(as_text=True)


def addresses():
    """Every page of the editor, with an example of each part."""
    return [
        ("GET", "/referentiels/nouveau"),
        ("POST", "/referentiels/nouveau/vide"),
        ("GET", DRAFT),
        ("POST", f"{DRAFT}/presentation"),
        ("POST", f"{DRAFT}/publication"),
        ("GET", f"{DRAFT}.json"),
        ("POST", "/referentiels/territoire/reconnaissances"),
        ("POST", "/referentiels/territoire/versions/1/retirer"),
    ]


def test_pages_are_for_editors(client, territoire, session, region, clock):
    """Strangers are sent to sign in, other roles and beneficiaries are turned away."""
    for method, address in addresses():
        assert client.open(address, method=method).status_code == (302 if method == "GET" else 401)
    for who in (
        factories.staff(session, (region, Role.COACH), (region, Role.ISSUER), (region, Role.ADMINISTRATOR)),
        factories.person(session),
    ):
        factories.sign_in(session, client, who, clock())
        session.commit()
        for method, address in addresses():
            assert client.open(address, method=method).status_code == 403


def test_another_organisations_referentiel_does_not_exist(client, territoire, session, clock, installation):
    """For an editor elsewhere, the draft, its files, its publication and its recognitions are 404."""
    other = factories.organisation(session, "Autre région", kind=OrganisationKind.REGION)
    factories.sign_in(session, client, factories.staff(session, (other, Role.EDITOR)), clock())
    session.commit()
    fields = {
        "revision": "1",
        "title": "Pris",
        "language": "fr",
        "organisation": "val-de-brume",
        "valid_from": "2026-11-01",
        "reason": "Parce que.",
    }
    for method, address in addresses()[2:]:
        assert client.open(address, method=method, data=fields).status_code == 404, address
    assert draft(installation) == starters()[2]


def test_private_pages_are_not_stored(browser, territoire):
    """Nothing of a draft stays in a browser's cache."""
    for address in (DRAFT, f"{DRAFT}.json", f"{DRAFT}/competences/securite"):
        assert browser.get(address).headers["Cache-Control"] == "no-store"
