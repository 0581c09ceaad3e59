"""« Est-ce la bonne personne ? »: on a badge's page and beside a file; typed, compared, forgotten, and limited."""

import io
import logging
from pathlib import Path

import pytest
from sqlalchemy import select

from badges.models.access import GuessRecord
from badges.services import access
from tests.awarding import world

CHROME = {"Accept": "text/html"}


@pytest.fixture
def place(session, installation):
    return world(session, installation)


@pytest.fixture
def hidden(place):
    """A claimed badge whose name is hashed, committed."""
    credential = place.claimed(clear_name=False)
    place.session.commit()
    return credential


def ask(client, credential, name, **more):
    code = credential.award.shares[-1].code
    return client.post(f"/v/{code}/nom", data={"nom": name}, **more)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda name: name, "exactement ce qui est écrit"),
        (str.upper, "avec une autre orthographe"),
        (lambda name: " ".join(reversed(name.split())), "avec une autre orthographe"),
        (lambda _: "Quelqu’un d’autre", "Nous ne retrouvons pas cela"),
    ],
)
def test_a_hidden_name_is_compared_on_the_badge_page(client, hidden, change, sentence):
    """The verdict first, then the answer; the answer is kept out of every cache and accuses nobody."""
    name = hidden.award.person.name
    answer = ask(client, hidden, change(name))
    assert answer.status_code == 200
    assert answer.text.index("Badge authentique") < answer.text.index(sentence)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "faux" not in answer.text
    assert "mensonge" not in answer.text


def test_nothing_typed_answers_nothing(client, hidden):
    """An empty field: the page, and the question once more."""
    answer = ask(client, hidden, "   ")
    assert (answer.status_code, 'class="notice' in answer.text) == (200, False)


def test_what_is_typed_is_neither_stored_nor_logged(client, hidden, installation, caplog):
    """It is in the answer and nowhere else: the one row that counts tries holds a keyed digest of an address."""
    caplog.set_level(logging.DEBUG)
    ask(client, hidden, "Zéphyrine Introuvable")
    assert "Zéphyrine" not in caplog.text
    with installation.database.reading() as reading:
        rows = reading.scalars(select(GuessRecord).where(GuessRecord.kind == "name")).all()
    assert [row.count for row in rows] == [1]
    assert "Zéphyrine" not in repr([vars(row) for row in rows])


def test_the_page_answers_for_no_dictionary(client, hidden):
    """After so many names that were not the holder's, the address waits; names that are cost nothing."""
    most = access.LIMITS["name"][0]
    for number in range(most):
        assert "Nous ne retrouvons pas" in ask(client, hidden, f"Nom {number}").text
        if number == 0:
            assert "exactement" in ask(client, hidden, hidden.award.person.name).text
    stopped = ask(client, hidden, hidden.award.person.name)
    assert "Trop d’essais" in stopped.text
    assert "exactement" not in stopped.text


def test_a_name_is_compared_beside_a_file_without_choosing_it_again(client, hidden):
    """The result's form carries the document: verified anew, then compared."""
    handed = {"file": (io.BytesIO(hidden.document), "badge.json")}
    first = client.post("/verify", data=handed, headers=CHROME, content_type="multipart/form-data")
    carried = first.text.split('name="document" value="')[1].split('"')[0]
    form = {"document": carried, "nom": hidden.award.person.name.lower()}
    second = client.post("/verify", data=form, headers=CHROME, content_type="multipart/form-data")
    assert "avec une autre orthographe" in second.text
    assert "Badge authentique" in second.text
    program = client.post("/verify", data=form, content_type="multipart/form-data")
    assert (program.json["verdict"], program.json["holder"]) == ("valid", "spelled")


def test_a_forged_file_is_not_compared(client, hidden):
    """A name in a document that nobody signed is worth nothing: the question is not even asked."""
    forged = hidden.document.replace(b"Travail", b"Travaux")
    form = {"texte": forged.decode(), "nom": hidden.award.person.name}
    answer = client.post("/verify", data=form, headers=CHROME, content_type="multipart/form-data")
    assert "Le contenu ne correspond pas à la signature" in answer.text
    assert "Est-ce la bonne personne" not in answer.text
    assert "Signature du badge" in answer.text.split("Ce que dit le fichier")[0]


@pytest.mark.parametrize("what", ["code", "page", "credential"])
def test_an_address_or_a_code_of_ours_leads_to_its_page(client, hidden, installation, what):
    """Whatever the person sent may be pasted: its short code, its page, its signed address."""
    code = hidden.award.shares[-1].code
    page = f"/v/{code}"
    texts = {
        "code": (code.lower(), page),
        "page": (f" {installation.base_url}{page} ", page),
        "credential": (f"{installation.base_url}/c/{hidden.id}", f"/c/{hidden.id}"),
    }
    typed, wanted = texts[what]
    answer = client.post("/verify", data={"texte": typed}, headers=CHROME, content_type="multipart/form-data")
    assert (answer.status_code, answer.location) == (303, wanted)


def test_an_address_that_gives_nothing_is_said(client):
    """Without a fetcher nothing is asked of anybody; what was typed stays in the field."""
    form = {"texte": "https://ailleurs.example/badge/1"}
    answer = client.post("/verify", data=form, headers=CHROME, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Cette adresse ne donne pas de badge" in answer.text
    assert "https://ailleurs.example/badge/1</textarea>" in answer.text


def test_a_stranger_s_badge_is_amber_and_says_whom_we_know(client, place):
    """Unknown is not false: the sentence, and who is recognised here."""
    place.session.commit()
    signed = Path("tests/situations/badges/issuer_unknown.json").read_bytes()
    answer = client.post("/verify", data={"texte": signed.decode()}, headers=CHROME, content_type="multipart/form-data")
    assert "verdict--undetermined" in answer.text
    assert place.region.name in answer.text.split("Qui nous connaissons")[1]
