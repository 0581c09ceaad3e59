"""A peer's word, and other voices as evidence: word for word, under their role, never counted, kept by the person."""

import json
import re
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import select

from badges.models.assessments import Rater, TutorViewRecord
from badges.models.awards import AwardState
from badges.models.people import MembershipRecord, Role
from badges.models.rights import Origin
from badges.models.voices import InterviewRecord, PeerWordRecord, VoiceLinkRecord
from badges.services import (
    assessments,
    awards,
    claims,
    erasure,
    interviews,
    peer_words,
    status,
    tutor_answers,
    tutor_views,
    verification,
    voice_evidence,
)
from badges.services.composing import Choice
from badges.services.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from badges.services.referentiels import document_of
from tests import factories, voices
from tests.badges.test_interviews import write as write_interview
from verify import Verdict

SAID = "Au chantier, il m’a montré le nœud trois fois sans s’énerver."
SECRET = b"a secret for tests only, of more than 32 bytes"


@pytest.fixture
def world(session, clock):
    return voices.world(session, clock())


@pytest.fixture
def row(world):
    return world.both({"prevenir": 3, "securite": 3})


@pytest.fixture
def peer(world, session):
    """Another person of the same structure."""
    return factories.person(session, world.structure, world.coach, name="Nour Belkacem")


def ask(world, row, **changes):
    asked = {"competence_code": "prevenir", "asked_of": "Nour", "shown_as": "Awa", "word_id": uuid4(), **changes}
    return peer_words.ask(world.session, world.as_person, version_id=row.version_id, now=world.now, **asked)


def give(world, code, actor=None, **changes):
    given = {"words": SAID, "peer_name": "Nour B.", "form_id": uuid4(), **changes}
    return peer_words.write(world.session, code, actor, now=world.now, **given)


def kept(world, row, **changes):
    word, code = ask(world, row, **changes)
    give(world, code)
    return peer_words.keep(world.session, world.as_person, word.id, kept=True, now=world.now)


def test_word_waits_for_the_person_to_keep_it(world, row):
    """Received, read by the person and their coach, kept or not."""
    word, code = ask(world, row)
    give(world, code)
    assert peer_words.to_read(world.session, world.as_person) == 1
    for actor in (world.as_person, world.as_coach):
        assert [one.words for one in peer_words.of_person(world.session, actor, world.person.id)] == [SAID]
    assert peer_words.kept_for(world.session, row, ["prevenir"]) == ()
    peer_words.keep(world.session, world.as_person, word.id, kept=True, now=world.now)
    assert peer_words.kept_for(world.session, row, ["prevenir"]) == (word,)
    assert peer_words.kept_for(world.session, row, ["securite"]) == ()
    assert peer_words.to_read(world.session, world.as_person) == 0


def test_insult_reaches_nobody_unless_it_is_kept(world, row, session):
    """The coach removes it: the text is gone, and cannot be kept any more."""
    word, code = ask(world, row)
    give(world, code, words="Un mot qui blesse, sans rien de vrai.")
    peer_words.remove(session, world.as_coach, word.id, now=world.now)
    assert (word.words, word.peer_name) == ("", "")
    with pytest.raises(Conflict):
        peer_words.keep(session, world.as_person, word.id, kept=True, now=world.now)
    assert peer_words.of_person(session, world.as_person, world.person.id) == ()


def test_peer_on_their_own_page_may_take_the_word_back(world, row, peer, session):
    """Remembered only where both are followed by the same structure."""
    word, code = ask(world, row)
    give(world, code, factories.actor(peer))
    assert peer_words.given_by(session, factories.actor(peer)) == (word,)
    peer_words.remove(session, factories.actor(peer), word.id, now=world.now)
    assert word.words == ""
    elsewhere = factories.person(session, factories.organisation(session))
    other, code = ask(world, row)
    assert give(world, code, factories.actor(elsewhere)).peer_id is None
    assert other.words == SAID


def test_nobody_else_keeps_or_removes(world, row, peer, session):
    """To others the word does not exist; a colleague takes over first; no coach keeps in the person's place."""
    word, code = ask(world, row)
    give(world, code)
    mate = factories.actor(factories.staff(session, (world.structure, Role.COACH)))
    for actor in (factories.actor(peer), world.as_coach):
        with pytest.raises(NotFound):
            peer_words.keep(session, actor, word.id, kept=True, now=world.now)
    with pytest.raises(NotFound):
        peer_words.remove(session, factories.actor(peer), word.id, now=world.now)
    with pytest.raises(Forbidden):
        peer_words.remove(session, mate, word.id, now=world.now)
    with pytest.raises(Forbidden):
        peer_words.of_person(session, mate, world.person.id)
    assert word.words == SAID


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"competence_code": "inconnue"}, "competence"), ({"asked_of": " "}, "asked_of"), ({"shown_as": ""}, "shown_as")],
)
def test_request_that_cannot_be_used_names_its_field(world, row, changes, field):
    """A competence of one's own rounds, two names."""
    with pytest.raises(Invalid) as refused:
        ask(world, row, **changes)
    assert refused.value.field == field


@pytest.mark.parametrize(("words", "field"), [("bien", "words"), ("x" * 501, "words")])
def test_word_that_cannot_be_used_keeps_the_link_alive(world, row, words, field):
    """The peer says it anew."""
    _word, code = ask(world, row)
    with pytest.raises(Invalid) as refused:
        give(world, code, words=words)
    assert refused.value.field == field
    assert peer_words.open_page(world.session, code, None, world.now)


def test_link_serves_once_and_says_why_it_no_longer_does(world, row, session, clock):
    """Used, removed, replaced, expired, the person gone: a sentence each; the same form twice is one word."""
    word, code = ask(world, row)
    form_id = uuid4()
    assert give(world, code, form_id=form_id) is give(world, code, form_id=form_id)
    with pytest.raises(Gone, match="déjà été donnée"):
        give(world, code)
    peer_words.remove(session, world.as_person, word.id, now=world.now)
    with pytest.raises(Gone, match="terminée"):
        give(world, code)
    word, code = ask(world, row)
    _word, fresh = peer_words.replace_link(session, world.as_person, word.id, now=world.now)
    with pytest.raises(Gone, match="remplacé"):
        peer_words.open_page(session, code, None, world.now)
    with pytest.raises(Gone, match="délai"):
        peer_words.open_page(session, fresh, None, clock.forward(days=15))
    session.scalars(select(MembershipRecord)).one().left_on = world.now.date()
    with pytest.raises(Gone, match="n’accompagne plus"):
        peer_words.open_page(session, fresh, None, world.now)


def test_person_and_coach_do_not_write_a_peers_word(world, row):
    """While they are signed in, the link is not for them."""
    _word, code = ask(world, row)
    for actor in (world.as_person, world.as_coach):
        with pytest.raises(Forbidden, match="pour un pair"):
            give(world, code, actor)


def test_requests_that_wait_are_few(world, row):
    """Nobody is flooded; one withdrawn makes room."""
    asked = [ask(world, row)[0] for _ in range(peer_words.MOST_WAITING)]
    with pytest.raises(Conflict, match="attendent déjà"):
        ask(world, row)
    peer_words.remove(world.session, world.as_person, asked[0].id, now=world.now)
    assert ask(world, row)


def test_links_about_somebody_erased_lead_nowhere(world, row, installation):
    """Company and peer read the sentence of an address that is no more; nothing of what they said is left."""
    interview = write_interview(world, row)
    _interview, reading = interviews.new_link(world.session, world.as_coach, interview.id, now=world.now)
    _view, asking = world.ask(row)
    _word, wording = ask(world, row)
    kept(world, row)
    asked = {"origin": Origin.PERSON, "stop_copies": False, "actor": "command", "now": world.now}
    erasure.erase(world.session, installation, world.person.id, **asked)
    world.session.expire_all()
    for code, open_page in (
        (reading, interviews.open_page),
        (asking, tutor_answers.open_page),
        (wording, peer_words.open_page),
    ):
        with pytest.raises(NotFound, match="n’existe pas, ou n’existe plus"):
            open_page(world.session, code, None, world.now)
    for record in (PeerWordRecord, InterviewRecord, TutorViewRecord, VoiceLinkRecord):
        assert world.session.scalars(select(record)).all() == []


def test_peer_who_is_erased_takes_their_word_along(world, closed, peer, session, installation):
    """As if they had taken it back: it is gone from what may still be claimed too."""
    word, code = ask(world, closed)
    give(world, code, factories.actor(peer), words="Nour a vu le nœud tenir toute la nuit.")
    peer_words.keep(session, world.as_person, word.id, kept=True, now=world.now)
    award = propose(world, closed)
    assert "toute la nuit" in str(award.evidence)
    erasure.erase(session, installation, peer.id, origin=Origin.PERSON, stop_copies=False, actor="x", now=world.now)
    session.refresh(award)
    assert "toute la nuit" not in str(award.evidence)
    assert SAID in str(award.evidence)


def test_peers_word_counts_for_no_level(world, session):
    """Kept or not, without the two views there is no level and no badge."""
    row = world.both({"prevenir": None})
    kept(world, row)
    world.seal_both(row)
    with pytest.raises(Invalid, match="Aucun de vous deux"):
        world.settle(row, "prevenir", 3)
    world.conclude(row)
    assert world.confirm(row, SECRET)
    assert assessments.met_badges(row, document_of(row.version)) == ()
    assert {rating.rater for rating in row.ratings} == {Rater.SELF, Rater.COACH}


@pytest.fixture
def closed(world, row, session, installation):
    """Three views, an interview that the person has confirmed, a word that is kept; badges can be granted."""
    status.ensure_issuer(session, installation, world.structure, world.now)
    factories.recognition(session, world.version, world.structure)
    interview = write_interview(world, row, confirms=True)
    interviews.confirm(session, world.as_person, interview.id, seen=interviews.digest(interview), now=world.now)
    kept(world, row)
    _view, code = world.ask(row)
    world.send(code, {"prevenir": 3, "securite": 3}, company_agreed=True)
    world.seal_both(row)
    for code in row.competences:
        world.settle(row, code, 3)
    world.conclude(row)
    assert world.confirm(row, SECRET)
    return row


def propose(world, row, keys=None, badge_code="prevenir"):
    offers = voice_evidence.offered(world.session, world.as_coach, row.id, badge_code)
    wanted = [one.key for one in offers] if keys is None else keys
    return awards.propose(
        world.session,
        world.as_coach,
        round_id=row.id,
        badge_code=badge_code,
        evidence=voice_evidence.chosen(world.session, world.as_coach, row.id, badge_code, wanted),
        now=world.now,
    )


def grant(world, award):
    issuer = factories.staff(world.session, (world.structure, Role.ISSUER), name="Nadège Kerr")
    awards.grant(world.session, factories.actor(issuer), award_id=award.id, now=world.now)


def claim(world, installation, award, places):
    wanted = {"award_id": award.id, "choice": Choice(clear_name=True, evidence_kept=tuple(places)), "now": world.now}
    seen = claims.preview(world.session, world.as_person, installation, **wanted)
    return claims.claim(world.session, world.as_person, installation, **wanted, pin=factories.PIN, shown=seen.digest)


def test_voices_are_offered_word_for_word_under_their_role(world, closed):
    """The company by its name where it agreed, its acts on what counts; the interview's good part; the peer apart."""
    offers = voice_evidence.offered(world.session, world.as_coach, closed.id, "prevenir")
    assert [one.role for one in offers] == ["tutor", "interview", "peer"]
    company, interview, word = offers
    assert company.name == "L’entreprise qui l’a accueillie : Ateliers du Halage"
    assert company.narrative == f"Du 9 novembre 2026 au 20 novembre 2026.\nPrévenir : « {voices.ACT} »"
    assert "Demander quand la consigne" not in interview.narrative
    assert "confirmé par la personne et son coach" in interview.narrative
    assert (word.name, word.narrative) == ("La parole d’un pair", f"Prévenir : « {SAID} »")


def test_company_that_did_not_agree_is_not_named(world, closed):
    """Its role alone stands there."""
    closed.tutor_views[0].company_agreed = False
    company = voice_evidence.offered(world.session, world.as_coach, closed.id, "prevenir")[0]
    assert company.name == "L’entreprise qui l’a accueillie"
    assert "Halage" not in company.narrative


def test_interview_is_not_offered_without_the_persons_yes(world, closed, session):
    """Written anew, it waits for them again."""
    [interview] = interviews.of_round(session, world.as_coach, closed.id)
    interview.went_well = "Autre chose."
    roles = [one.role for one in voice_evidence.offered(session, world.as_coach, closed.id, "prevenir")]
    assert roles == ["tutor", "peer"]


def test_person_chooses_which_voices_enter_the_badge(world, closed, installation, client, session):
    """Signed with their roles; the public page says who assessed, and what else was heard, without a name."""
    award = propose(world, closed)
    grant(world, award)
    credential = claim(world, installation, award, [0, 2])
    document = json.loads(credential.document)
    assert verification.verify_bytes(session, installation, credential.document, world.now).verdict is Verdict.VALID
    genres = [one.get("genre") for one in document["evidence"]]
    assert genres == [
        "Ce que l’entreprise d’accueil a vu",
        "La parole d’un pair, qui ne compte pas pour le niveau",
        None,
    ]
    for hidden in ("Sacha", "Nour", "Entretien à trois"):
        assert hidden not in credential.document.decode()
    code = award.shares[-1].code
    session.commit()
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(client.get(f"/v/{code}").text)))
    assert "La personne elle-même · Son coach · L’entreprise qui l’a accueillie" in page
    assert "Avec aussi Ce que l’entreprise d’accueil a vu · La parole d’un pair" in page
    assert SAID in page


def test_voice_taken_back_leaves_the_badges_that_are_not_claimed(world, closed, session):
    """The word let go, the answer set aside: neither can be signed any more."""
    award = propose(world, closed)
    [word] = peer_words.of_person(session, world.as_person, world.person.id)
    peer_words.keep(session, world.as_person, word.id, kept=False, now=world.now)
    session.refresh(award)
    assert [item["role"] for item in award.evidence] == ["tutor", "interview"]
    tutor_views.set_aside(session, world.as_coach, closed.tutor_views[0].id, reason="Pas elle.", now=world.now)
    session.refresh(award)
    assert [item["role"] for item in award.evidence] == ["interview"]
    assert award.state is AwardState.REFUSED


def test_interview_about_somebody_else_leaves_the_badges_that_are_not_claimed(world, closed, session):
    """The company says so after the badge was proposed: what it never said about this person cannot be signed."""
    award = propose(world, closed)
    [interview] = interviews.of_round(session, world.as_coach, closed.id)
    _interview, code = interviews.new_link(session, world.as_coach, interview.id, now=world.now)
    interviews.wrong_person(session, code, None, now=world.now)
    session.refresh(award)
    assert [item["role"] for item in award.evidence] == ["tutor", "peer"]


def test_coach_proposes_voices_as_they_stand(world, closed, session, app, clock):
    """On the page they are ticked, not typed: a key that is not offered adds nothing."""
    browser = app.test_client()
    factories.sign_in(session, browser, world.coach, clock())
    session.commit()
    path = f"/positionnements/{closed.id}/badges/prevenir/proposer"
    page = browser.get(path)
    keys = re.findall(r'name="voice" value="([a-z0-9-]+)"', page.text)
    assert [key.partition("-")[0] for key in keys] == ["tutor", "interview", "peer"]
    assert browser.post(path, data={"voice": [keys[2], "peer-inventée"]}).status_code == 303
    session.expire_all()
    [award] = awards.of_coach(session, world.as_coach, [AwardState.PROPOSED])[0]
    assert [item["role"] for item in award.evidence] == ["peer"]


def test_word_from_page_to_page(world, row, peer, app):
    """Asked, given from the peer's own page, kept, read by the coach, removed."""
    person, other, coach = (app.test_client() for _ in range(3))
    for browser, who in ((person, world.person), (other, peer), (coach, world.coach)):
        factories.sign_in(world.session, browser, who, world.now)
    world.session.commit()
    form = {"asked_of": "Nour", "shown_as": "Awa", "competence": f"{row.version_id}-prevenir", "word": str(uuid4())}
    assert person.post("/moi/paroles/demander", data={**form, "competence": ""}).status_code == 422
    made = person.post("/moi/paroles/demander", data=form)
    address = re.search(r"http://localhost:8000(/a/[0-9A-Z]{17})", made.text).group(1)
    asked = other.get(address)
    assert "Awa\u00a0: racontez une fois précise" in unescape(asked.text)
    assert "Awa" not in re.search(r"<title>(.*?)</title>", asked.text).group(1)
    assert other.post(f"{address}/parole", data={"words": "bien"}).status_code == 422
    sent = other.post(f"{address}/parole", data={"words": SAID, "peer_name": "Nour"})
    assert sent.location == "/a/merci"
    assert "Une parole reçue" in unescape(person.get("/moi").text)
    mine = unescape(person.get("/moi/paroles").text)
    assert "La parole d’un pair" in mine
    keep = re.search(r'action="(/paroles/[0-9a-f-]+/garder)"', mine).group(1)
    assert person.post(keep).status_code == 303
    assert "Reprendre ma parole" in unescape(other.get("/moi/paroles").text)
    read = unescape(coach.get(f"/personnes/{world.person.id}/paroles").text)
    assert "Gardée par la personne" in read
    assert coach.post(keep.replace("garder", "effacer")).location == f"/personnes/{world.person.id}/paroles"
    assert SAID not in unescape(person.get("/moi/paroles").text)
