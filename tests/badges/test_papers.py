"""A share on paper: the card and the sheet say what its page says, and nothing else."""

import io

import pytest
from pypdf import PdfReader

from badges.services import lifecycle, shares
from badges.services.shares import Wanted
from tests import factories
from tests.awarding import world

NAME, BADGES = "Diallo", ("equipe", "rigueur", "adaptation")


@pytest.fixture
def place(session, installation):
    return world(session, installation, levels=dict.fromkeys(BADGES, 3))


def shared(place, *credentials, **how):
    """The code of an open share of these badges."""
    actor = factories.actor(place.person)
    wanted = Wanted(tuple(one.award_id for one in credentials), **how)
    share = shares.draft(place.session, actor, wanted, place.now)
    shares.open_draft(place.session, actor, share_id=share.id, now=place.now)
    place.session.commit()
    return share.code


def read(answer):
    """The words of a PDF, on one line."""
    assert answer.mimetype == "application/pdf", answer.status
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages).split())


def test_card_says_whose_badge_it_is_and_how_to_verify_it(place, client):
    """Name, badge, level, issuer and the code to type."""
    code = shared(place, place.claimed())
    words = read(client.get(f"/v/{code}/carte.pdf"))
    for said in (NAME, "Travail en équipe", "Niveau 3", "Mission Passerelle", "Ce n’est pas un diplôme.", "/v"):
        assert said in words, said
    assert code[:4] in words


def test_paper_hides_what_its_share_hides(place, client):
    """No name where the page shows none, on the card and on the sheet."""
    code = shared(place, place.claimed(), name=False)
    for form in ("carte", "fiche"):
        assert NAME not in read(client.get(f"/v/{code}/{form}.pdf"))


def test_sheet_holds_every_badge_that_stands(place, client, installation):
    """One that was paused since is not on it, and nothing tells that there was one."""
    first, second = (place.claim(place.granted(badge_code=badge)) for badge in BADGES[:2])
    code = shared(place, first, second)
    both = read(client.get(f"/v/{code}/fiche.pdf"))
    assert "Travail en équipe" in both
    assert "Rigueur" in both
    lifecycle.suspend(
        place.session,
        factories.actor(place.issuer),
        installation,
        award_id=second.award_id,
        reason="Vérification.",
        now=place.now,
    )
    place.session.commit()
    assert "Rigueur" not in read(client.get(f"/v/{code}/fiche.pdf"))
    assert client.get(f"/v/{code}/2/carte.pdf").status_code == 409


def test_paper_is_in_the_language_of_who_asks(place, client):
    """The badge keeps its own words; what stands around them is the reader's."""
    code = shared(place, place.claimed())
    words = read(client.get(f"/v/{code}/carte.pdf?lang=en"))
    assert "Travail en équipe" in words
    assert "This is not a diploma" in words or "It is not a diploma" in words


def test_paper_of_a_locked_or_ended_share_is_not_given(place, client):
    """A password is asked before, and a stopped share answers 410."""
    credential = place.claimed()
    locked = shared(place, credential, secret="quatre-mots-a-taper")
    assert client.get(f"/v/{locked}/carte.pdf").status_code == 403
    code = shared(place, credential)
    actor = factories.actor(place.person)
    [one] = [share for share in credential.award.shares if share.code == code]
    shares.withdraw_share(place.session, actor, share_id=one.id, now=place.now)
    place.session.commit()
    assert client.get(f"/v/{code}/fiche.pdf").status_code == 410
