"""A structure closes, a card is lost: two people let the person in again, and nothing is taken from them."""

import pytest
from sqlalchemy import select

from badges.models.awards import AwardState
from badges.models.journal import JournalRecord
from badges.models.people import PersonRecord, Role
from badges.models.rights import ErasureRequestRecord, FileLookRecord, IdentityRequestRecord, Origin, RequestKind
from badges.services import cards, closing, codes, erasure, identity_checks, purge
from badges.services.errors import Conflict, Forbidden, Invalid, NotFound
from tests import counting, factories
from tests.awarding import world

WORDS = "Papier d’identité vu au guichet, visage et nom concordent."


@pytest.fixture
def place(session, installation):
    return world(session, installation)


@pytest.fixture
def owners(session, place):
    """Two administrators of the région, and one of the structure."""
    first, second = (factories.staff(session, (place.region, Role.ADMINISTRATOR), name=f"Admin {n}") for n in (1, 2))
    head = factories.staff(session, (place.structure, Role.ADMINISTRATOR), name="Direction")
    session.commit()
    return first, second, head


def close(session, place, head):
    closing.close(
        session,
        factories.actor(head),
        place.structure.slug,
        typed_name="mission passerelle ",
        today=place.now.date(),
        now=place.now,
    )
    session.commit()


def become(session, client, clock, who):
    factories.sign_in(session, client, who, clock())
    session.commit()


def test_structure_closes_and_its_people_keep_everything(session, client, clock, place, owners):
    """Badge shown, card lost, two checks, new card, old one stopped, claim refused that day and taken the next."""
    first, second, head = owners
    shown = place.claimed()
    code = shown.award.shares[-1].code
    old_card = place.person.card_code
    place.round = factories.closed_round(
        session, place.version, place.person, structure=place.structure, coach=place.coach, levels={"rigueur": 3}
    )
    claim = f"/badges-proposes/{place.granted(badge_code='rigueur').id}/prendre"
    session.commit()
    become(session, client, clock, head)
    assert "Ce qui ne change pas" in client.get(f"/organisations/{place.structure.slug}/fermeture").text
    path = f"/organisations/{place.structure.slug}/fermeture"
    assert client.post(path, data={"name": "autre"}).status_code == 422
    assert client.post(path, data={"name": "Mission Passerelle"}).status_code == 303
    assert client.post(path, data={"name": "Mission Passerelle"}).status_code == 409
    become(session, client, clock, place.coach)
    assert client.get(f"/personnes/{place.person.id}").status_code in {403, 404}
    become(session, client, clock, place.person)
    assert "Travail en équipe" in client.get("/moi").text
    assert "Badge authentique" in client.get(f"/v/{code}", headers={"Accept": "text/html"}).text
    become(session, client, clock, first)
    found = client.post("/demandes/nouvelle", data={"organisation": place.region.id, "code": codes.show_code(code)})
    assert "Awa Diallo" in found.text
    assert "Mission Passerelle" in found.text
    asked = {"person": place.person.id, "organisation": place.region.id, "kind": "access"}
    assert client.post("/demandes", data={**asked, "words": " "}).status_code == 422
    assert client.post("/demandes", data={**asked, "words": WORDS}).status_code == 303
    assert client.post("/demandes", data={**asked, "words": WORDS}).status_code == 409
    [number] = session.scalars(select(IdentityRequestRecord.id)).all()
    session.commit()
    check = {"kind": "access", "words": "Vu en visio avec elle.", "pin_choice": "strip"}
    mine = client.post(f"/demandes/{number}/verifier", data=check)
    assert mine.status_code == 403
    assert "une autre personne doit faire la deuxième" in mine.text
    become(session, client, clock, second)
    assert WORDS in client.get("/demandes").text
    card = client.post(f"/demandes/{number}/verifier", data=check)
    assert card.status_code == 200
    assert 'class="strip"' in card.text
    assert client.post(f"/demandes/{number}/verifier", data=check).status_code == 404
    session.expire_all()
    person = session.get(PersonRecord, place.person.id)
    assert person.card_code != old_card
    assert codes.show_code(person.card_code) in card.text
    pin = card.text.partition('<strong class="code">')[2].partition("</strong>")[0]
    secret = {"address": "::1", "secret": place.installation.secret, "now": clock()}
    assert cards.sign_in(session, card=old_card, pin=pin, **secret) is None
    assert cards.sign_in(session, card=person.card_code, pin=pin, **secret) is person
    become(session, client, clock, person)
    assert "Admin 2" in client.get("/moi").text
    assert client.get(f"/v/{code}", headers={"Accept": "text/html"}).status_code == 200
    assert "L’administration, pour vérifier une demande" in client.get("/moi/regards").text
    preview = client.get(f"{claim}?vu=1&nom=clair").text
    digest = preview.partition('name="shown" value="')[2].partition('"')[0]
    taken = {"pin": pin, "shown": digest, "nom": "clair"}
    assert client.post(claim, data=taken).status_code == 409
    clock.forward(days=1)
    become(session, client, clock, person)
    assert client.post(claim, data=taken).status_code == 303


def test_region_finds_only_whom_nobody_follows(session, installation, clock, place, owners):
    """Somebody followed today, somebody of another région, an unfinished name: each gets its sentence."""
    first, _second, head = owners
    actor, seek = factories.actor(first), {"organisation_id": place.region.id, "now": clock()}
    with pytest.raises(Conflict, match="Une structure suit"):
        identity_checks.seek(session, installation, actor, code=place.person.card_code, **seek)
    close(session, place, head)
    by_name = {"name": " awa  DIALLO ", "structure": "mission passerelle"}
    assert identity_checks.seek(session, installation, actor, **by_name, **seek).person_id == place.person.id
    for wrong in ({"name": "Awa", "structure": "Mission Passerelle"}, {"code": "0000-0000-0"}):
        with pytest.raises(NotFound):
            identity_checks.seek(session, installation, actor, **wrong, **seek)
    with pytest.raises(Invalid):
        identity_checks.seek(session, installation, actor, name="Awa Diallo", **seek)
    other = factories.organisation(session, "Région Haute-Lande")
    stranger = factories.actor(factories.staff(session, (other, Role.ADMINISTRATOR)))
    with pytest.raises(Forbidden):
        identity_checks.seek(
            session, installation, stranger, code=place.person.card_code, **(seek | {"organisation_id": other.id})
        )
    searches = session.scalars(select(JournalRecord.details).where(JournalRecord.action == "person.sought")).all()
    assert "Awa" not in str(searches)


def test_person_is_told_of_whoever_found_them(session, installation, clock, place, owners):
    """A name looked up says who was followed where: that is a look, whether or not a check comes of it."""
    first, second, head = owners
    seek = {"name": "Awa Diallo", "structure": "Mission Passerelle", "organisation_id": place.region.id}
    with pytest.raises(Conflict):  # which says that the structure follows somebody of this name
        identity_checks.seek(session, installation, factories.actor(first), **seek, now=clock())
    close(session, place, head)
    identity_checks.seek(session, installation, factories.actor(second), **seek, now=clock())
    found = session.scalars(select(FileLookRecord).order_by(FileLookRecord.id)).all()
    assert [(look.staff_id, look.role) for look in found] == [
        (first.id, Role.ADMINISTRATOR),
        (second.id, Role.ADMINISTRATOR),
    ]


def test_one_administrator_alone_never_gets_there(session, installation, clock, place, owners):
    """Neither twice the same person, nor somebody of another organisation, nor without words."""
    first, second, head = owners
    close(session, place, head)
    asked = {"organisation_id": place.region.id, "person_id": place.person.id, "now": clock()}
    row = identity_checks.ask(session, factories.actor(first), kind=RequestKind.ACCESS, words=WORDS, **asked)
    how = {"pin_choice": "strip", "now": clock()}
    with pytest.raises(Forbidden):
        identity_checks.restore_access(session, installation, factories.actor(first), row.id, words=WORDS, **how)
    with pytest.raises(NotFound):
        identity_checks.restore_access(session, installation, factories.actor(head), row.id, words=WORDS, **how)
    with pytest.raises(Invalid):
        identity_checks.restore_access(session, installation, factories.actor(second), row.id, words="", **how)
    with pytest.raises(NotFound):
        identity_checks.plan_erasure(
            session, factories.actor(second), row.id, words=WORDS, today=clock().date(), now=clock()
        )
    identity_checks.cancel(session, factories.actor(second), row.id, clock())
    with pytest.raises(NotFound):
        identity_checks.restore_access(session, installation, factories.actor(second), row.id, words=WORDS, **how)


def test_structure_erases_on_a_written_request_checked_twice(session, client, clock, place, owners):
    """A coach, then a colleague or the head; seven days later; the account's address is shown once, to be handed over.

    Until then the person reads it on their page, and may renounce.
    """
    mate = factories.staff(session, (place.structure, Role.COACH), name="Lou Ferrand")
    path = f"/personnes/{place.person.id}/effacement"
    become(session, client, clock, place.coach)
    assert client.post(path, data={"words": ""}).status_code == 422
    assert client.post(path, data={"words": "Lettre signée reçue le 12.", "stop": "stop"}).status_code == 303
    assert client.post(path, data={"words": "Encore moi."}).status_code == 403
    assert "Attend une autre personne" in client.get(path).text
    become(session, client, clock, mate)
    done = client.post(path, data={"words": "Confirmée de vive voix."})
    assert done.status_code == 200
    account = done.text.partition("http://localhost:8000")[2].partition("<")[0].strip()
    assert "Rien n’est encore effacé" in client.get(account).text
    assert "Tout sera effacé le 28 nov. 2026" in client.get(path).text.replace("\N{NO-BREAK SPACE}", " ")
    factories.sign_in(session, client, place.person, clock())
    session.commit()
    page = client.get("/moi").text
    assert "demande écrite, vérifiée par deux personnes" in page
    assert client.post("/moi/effacement/annuler").status_code == 303
    assert "Tout sera effacé" not in client.get("/moi").text
    for who, words in ((place.coach, "Elle a écrit à nouveau."), (mate, "Vue et entendue.")):
        become(session, client, clock, who)
        done = client.post(path, data={"words": words})
    account = done.text.partition("http://localhost:8000")[2].partition("<")[0].strip()
    clock.forward(days=7)
    purge.purge(session, place.installation, today=clock().date(), now=clock())
    session.commit()
    assert "Ce qui reste, et pourquoi" in client.get(account).text
    session.expire_all()
    assert session.scalars(select(PersonRecord)).all() == []
    acts = set(session.scalars(select(JournalRecord.action)))
    assert {"request.opened", "request.checked", "erasure.asked", "erasure.cancelled", "person.erased"} <= acts
    assert session.scalars(select(FileLookRecord)).all() == []


def test_written_request_changes_nothing_of_what_the_person_asked(session, clock, place, owners):
    """Who asked on their page chose the day and what becomes of copies: nobody moves it, nor takes their address."""
    mate = factories.staff(session, (place.structure, Role.COACH), name="Lou Ferrand")
    asked = {"organisation_id": place.structure.id, "person_id": place.person.id, "now": clock()}
    row = identity_checks.ask(
        session, factories.actor(place.coach), kind=RequestKind.ERASURE, words=WORDS, stop_copies=True, **asked
    )
    how = {"origin": Origin.PERSON, "stop_copies": False, "actor": "x", "today": clock().date(), "now": clock()}
    planned = erasure.plan(session, place.person.id, **how)
    session.commit()
    later = clock.forward(days=3)
    with pytest.raises(Conflict, match="déjà prévu"):
        identity_checks.plan_erasure(session, factories.actor(mate), row.id, words=WORDS, today=later.date(), now=later)
    session.rollback()
    request = session.get(ErasureRequestRecord, place.person.id)
    assert (request.due_on, request.stop_copies, request.origin) == (planned.due_on, False, Origin.PERSON)


def test_closing_takes_as_many_statements_for_many_people(session, place, owners):
    """Everybody is let go at once, and each has an entry in the journal."""
    sent = []
    for number in (1, 9):
        closed = factories.organisation(session, "Mission Passerelle")
        head = factories.staff(session, (closed, Role.ADMINISTRATOR), name="Direction")
        let_go = {factories.person(session, closed).id for _ in range(number)}
        session.commit()
        place.structure = closed
        with counting.statements(session) as found:
            close(session, place, head)
        sent.append(len(found))
        left = select(JournalRecord.object).where(
            JournalRecord.action == "person.left", JournalRecord.organisation_id == closed.id
        )
        assert set(session.scalars(left)) == {f"person:{one}" for one in let_go}
    assert sent[0] == sent[1]


def test_closing_ends_what_was_only_proposed(session, place, owners):
    """Nobody is left to decide; what was granted may still be taken."""
    proposed = place.propose()
    session.commit()
    close(session, place, owners[2])
    session.refresh(proposed)
    assert proposed.state is AwardState.LAPSED
    with pytest.raises(Conflict):
        closing.close(
            session,
            factories.actor(owners[0]),
            place.region.slug,
            typed_name=place.region.name,
            today=place.now.date(),
            now=place.now,
        )
