"""A host company's view: asked with the person's agreement, given by a link, read with the two others, never alone."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from badges.models.assessments import Moment, Rater, RatingRecord, RoundOutcome, RoundRecord, TutorEnd
from badges.models.awards import AwardState
from badges.models.journal import JournalRecord
from badges.models.people import MembershipRecord, Role
from badges.models.voices import VoiceLinkRecord
from badges.services import (
    assessments,
    awards,
    claims,
    confrontation,
    openings,
    status,
    tutor_answers,
    tutor_views,
    verification,
)
from badges.services.assessments import Stage, stage
from badges.services.composing import Choice
from badges.services.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from badges.services.referentiels import document_of
from badges.services.tutor_answers import Answer
from badges.services.tutor_views import Asked
from tests import factories, racing, voices
from tests.voices import ACT, CODES
from verify import Verdict


@pytest.fixture
def world(session, clock):
    return voices.world(session, clock())


@pytest.fixture
def row(world):
    """Both views typed, none sealed."""
    return world.both(dict.fromkeys(CODES, 3))


def tutor_levels(row):
    return {one.competence_code: one.level for one in row.ratings if one.rater is Rater.TUTOR}


def settled(world, row, outcome=RoundOutcome.ACCORDE):
    for code in row.competences:
        world.settle(row, code, 3)
    world.conclude(row, outcome=outcome)


def test_tutor_reads_what_is_asked_and_answers(world, row):
    """The link leads to the situation; what is sent are ratings of the round, with the acts."""
    view, code = world.ask(row)
    seen, expires_at = tutor_answers.open_page(world.session, code, None, world.now)
    assert (seen.id, expires_at) == (view.id, world.now + timedelta(days=14))
    world.send(code, {"prevenir": 3, "securite": None})
    assert tutor_levels(row) == {"prevenir": 3, "securite": None}
    assert {one.situation for one in row.ratings if one.rater is Rater.TUTOR} == {ACT, ""}


def test_link_is_kept_as_a_digest_only(world, row):
    """Nobody who reads the table can answer in the company's place."""
    _view, code = world.ask(row)
    link = world.session.scalars(select(VoiceLinkRecord)).one()
    assert len(code) == 17
    assert code not in json.dumps({column.name: str(getattr(link, column.name)) for column in link.__table__.columns})


def test_typed_code_is_read_as_people_write_it(world, row):
    """From paper: small letters, dashes, O for 0."""
    _view, code = world.ask(row)
    typed = "-".join(code[start : start + 4] for start in range(0, 17, 4)).lower().replace("0", "o")
    assert tutor_answers.open_page(world.session, typed, None, world.now)


def test_company_is_not_asked_without_the_persons_agreement(world, row):
    """Nothing is written down before."""
    with pytest.raises(Invalid) as refused:
        tutor_views.ask(
            world.session,
            world.as_coach,
            row.id,
            asked=Asked("Halage", "chef", "", "Awa", "", None, None, CODES),
            person_agrees=False,
            view_id=uuid4(),
            now=world.now,
        )
    assert refused.value.field == "agreed"
    assert row.tutor_views == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"company": " "}, "company"),
        ({"tutor_role": ""}, "tutor_role"),
        ({"shown_as": "\u202e"}, "shown_as"),
        ({"competences": []}, "competences"),
        ({"competences": ["prevenir", "cooperer"]}, "competences"),
        ({"from_day": date(2026, 11, 20), "to_day": date(2026, 11, 19)}, "to_day"),
        ({"situation": "x" * 301}, "situation"),
    ],
)
def test_request_that_cannot_be_used_names_its_field(world, row, changes, field):
    """A company, a role, how the person is named, days in order, competences of the round."""
    with pytest.raises(Invalid) as refused:
        world.ask(row, **changes)
    assert refused.value.field == field


def test_names_in_any_script_reach_the_tutor_as_written(world, row):
    """Neither a Latin letter nor a first name is asked for."""
    view, _code = world.ask(row, shown_as="محمد", tutor_name="Олена", company="ÉTS ПРОГРЕС")
    assert (view.shown_as, view.tutor_name, view.company) == ("محمد", "Олена", "ÉTS ПРОГРЕС")


def test_same_form_sent_twice_asks_once(world, row):
    """The second answer shows a link that works; the first one's stops."""
    view_id = uuid4()
    first, second = (world.ask(row, view_id)[1] for _ in range(2))
    assert len(row.tutor_views) == 1
    assert tutor_answers.open_page(world.session, second, None, world.now)
    with pytest.raises(Gone, match="remplacé"):
        tutor_answers.open_page(world.session, first, None, world.now)


def test_only_one_company_is_asked_at_a_time(world, row):
    """Until the first request is stopped."""
    view, _code = world.ask(row)
    with pytest.raises(Conflict, match="déjà interrogée"):
        world.ask(row)
    tutor_views.stop(world.session, world.as_coach, view.id, now=world.now)
    world.ask(row)
    assert [one.end for one in row.tutor_views].count(TutorEnd.STOPPED) == 1


def test_round_waits_for_the_company_its_badges_want(world, row):
    """Both sealed is not yet revealed; nobody reads anything before the third view, then all three at once."""
    _view, code = world.ask(row)
    world.seal_both(row)
    assert stage(row) is Stage.BLIND
    with pytest.raises(Conflict):
        confrontation.comparisons(row)
    for actor, hidden in (
        (world.as_person, Rater.COACH),
        (world.as_person, Rater.TUTOR),
        (world.as_coach, Rater.TUTOR),
    ):
        with pytest.raises(Forbidden):
            assessments.readable_answers(row, actor, hidden)
    assert assessments.readable_answers(row, world.as_coach, Rater.SELF) == {}
    world.send(code, {"prevenir": 3, "securite": 2})
    assert stage(row) is Stage.TALK
    assert [(one.mine.level, one.coach.level, one.tutor.level) for one in confrontation.comparisons(row)] == [
        (3, 3, 3),
        (3, 3, 2),
    ]


def test_round_without_badges_that_want_a_tutor_does_not_wait(session, clock):
    """The view is welcome, and nobody is kept waiting."""
    world = voices.world(session, clock(), starter=0)
    row = world.both({"equipe": 3})
    _view, code = world.ask(row)
    world.seal_both(row)
    assert stage(row) is Stage.TALK
    world.send(code, {"equipe": 4})
    assert confrontation.comparisons(row)[0].tutor.level == 4


def test_coach_goes_on_without_the_company(world, row):
    """The two views are read; the badge that wants the third is not met."""
    world.ask(row)
    world.seal_both(row)
    tutor_views.go_on_without(world.session, world.as_coach, row.id, now=world.now)
    assert stage(row) is Stage.TALK
    settled(world, row)
    row.closed_at = world.now
    for agreement in row.agreements:
        agreement.confirmed_at = world.now
    assert assessments.met_badges(row, document_of(row.version)) == ()


def test_answer_after_the_talk_is_read_at_the_next_one(world, row):
    """What was agreed does not move; the next round on the same référentiel starts with the company's view."""
    _view, code = world.ask(row)
    world.seal_both(row)
    tutor_views.go_on_without(world.session, world.as_coach, row.id, now=world.now)
    settled(world, row)
    before = confrontation.shown_digest(row)
    assert world.send(code, {"prevenir": 3, "securite": 2}).late
    assert confrontation.shown_digest(row) == before
    assert tutor_levels(row) == {}
    following = world.both({"prevenir": 3})
    assert tutor_levels(following) == {"prevenir": 3}
    world.seal_both(following)
    assert confrontation.comparisons(following)[0].tutor.situation == ACT
    assert tutor_levels(world.both({"securite": 3})) == {"securite": 2}
    assert tutor_levels(world.both({"prevenir": 3})) == {}


def test_late_answer_is_read_in_a_round_opened_for_many(world, row):
    """Opened from the list or from the person's page, the next round starts the same; nobody else's holds it."""
    _view, code = world.ask(row)
    world.seal_both(row)
    tutor_views.go_on_without(world.session, world.as_coach, row.id, now=world.now)
    settled(world, row)
    world.send(code, {"prevenir": 3, "securite": 2})
    row.closed_at = world.now
    beside = factories.person(world.session, row.organisation, row.coach, name="Bilal")
    opened = openings.open_for_many(
        world.session,
        world.as_coach,
        [beside.id, row.person_id],
        version_id=row.version_id,
        competences=["prevenir"],
        moment=Moment.ETAPE,
        form_id=uuid4(),
        now=world.now,
    )
    held = {one.person_id: tutor_levels(one) for one in (world.session.get(RoundRecord, id_) for id_ in opened.rounds)}
    assert held == {row.person_id: {"prevenir": 3}, beside.id: {}}


def test_answer_asked_anew_takes_the_place_of_the_late_one(world, row):
    """What was seen since counts."""
    _view, code = world.ask(row)
    world.seal_both(row)
    tutor_views.go_on_without(world.session, world.as_coach, row.id, now=world.now)
    settled(world, row)
    world.send(code, {"prevenir": 1, "securite": 1})
    following = world.both(dict.fromkeys(CODES, 3))
    _view, code = world.ask(following, competences=["prevenir"])
    world.send(code, {"prevenir": 3})
    assert tutor_levels(following) == {"prevenir": 3, "securite": 1}


def test_interrupted_tutor_finds_what_was_typed(world, row):
    """Kept as often as one likes, complete or not; reading uses nothing up."""
    _view, code = world.ask(row)
    for revision, act in enumerate(("A ran", "A rangé")):
        tutor_answers.keep(
            world.session,
            code,
            None,
            answers={"prevenir": Answer(2, act), "inconnue": Answer(1, "x")},
            revision=revision,
            form_id=uuid4(),
            now=world.now,
        )
    for _ in range(3):
        seen, _until = tutor_answers.open_page(world.session, code, None, world.now)
    assert seen.answers == {"prevenir": [2, "A rangé"]}
    assert tutor_levels(row) == {}


def test_two_tutors_on_the_same_link_do_not_mix_their_words(world, row):
    """The second one is told that the page was filled elsewhere, and sends what they then read."""
    _view, code = world.ask(row)
    mine = {"form_id": uuid4(), "revision": 0}
    kept = {"answers": {"prevenir": Answer(1, "ailleurs")}, "now": world.now}
    tutor_answers.keep(world.session, code, None, **kept, form_id=uuid4(), revision=0)
    with pytest.raises(Conflict, match="ailleurs"):
        world.send(code, {"prevenir": 3}, **mine)
    world.send(code, {"prevenir": 3}, **{**mine, "revision": 1})
    with pytest.raises(Gone, match="déjà été envoyé"):
        world.send(code, {"prevenir": 1})
    assert tutor_levels(row) == {"prevenir": 3, "securite": None}


def test_script_that_keeps_while_the_form_leaves_does_not_refuse_it(world, row):
    """The same page may be a revision behind itself."""
    _view, code = world.ask(row)
    form_id = uuid4()
    kept = {"answers": {"prevenir": Answer(3, "ici")}, "revision": 0, "form_id": form_id, "now": world.now}
    tutor_answers.keep(world.session, code, None, **kept)
    assert world.send(code, {"prevenir": 3}, form_id=form_id).sent_at == world.now


def test_same_form_sent_twice_is_answered_once(world, row):
    """A second tap is no fault of the tutor's."""
    _view, code = world.ask(row)
    form_id = uuid4()
    for _ in range(2):
        world.send(code, {"prevenir": 3}, form_id=form_id)
    assert len(tutor_levels(row)) == 2


def test_two_answers_at_once_leave_one(installation, session, clock):
    """Whoever comes second is told."""
    world = voices.world(session, clock())
    row = world.both(dict.fromkeys(CODES, 3))
    _view, code = world.ask(row)
    session.commit()

    acts = [
        racing.Act(
            "answer",
            None,
            {
                "code": code,
                "answers": {"prevenir": Answer(level, ACT)},
                "right_person": True,
                "company_agreed": False,
                "revision": 0,
                "form_id": uuid4(),
            },
        )
        for level in (1, 2)
    ]
    assert racing.together(installation, *acts) == ["Gone", "done"]
    session.expire_all()
    assert len(tutor_levels(row)) == 2


@pytest.mark.parametrize(
    ("answers", "changes", "field"),
    [
        ({"prevenir": Answer(3, ACT)}, {"right_person": False}, "right_person"),
        ({"prevenir": Answer(9, ACT)}, {}, "level-prevenir"),
        ({"securite": Answer(2, "x")}, {}, "act-securite"),
        ({"securite": Answer(2, "x" * 1001)}, {}, "act-securite"),
    ],
)
def test_answer_that_cannot_be_sent_names_its_field(world, row, answers, changes, field):
    """Nothing is sent, the link still works."""
    _view, code = world.ask(row)
    with pytest.raises(Invalid) as refused:
        world.send(code, {}, answers=answers, **changes)
    assert refused.value.field == field
    assert tutor_answers.open_page(world.session, code, None, world.now)


def test_wrong_person_is_one_tap_and_records_nothing(world, row):
    """What was typed is forgotten, the coach is told, the link ends, the views stay unread."""
    view, code = world.ask(row)
    kept = {"answers": {"prevenir": Answer(3, "quelqu’un d’autre")}, "revision": 0, "form_id": uuid4()}
    tutor_answers.keep(world.session, code, None, **kept, now=world.now)
    tutor_answers.wrong_person(world.session, code, None, now=world.now)
    assert (view.end, view.answers) == (TutorEnd.WRONG_PERSON, {})
    with pytest.raises(Gone, match="pas la bonne personne"):
        tutor_answers.open_page(world.session, code, None, world.now)
    world.seal_both(row)
    assert stage(row) is Stage.BLIND
    world.ask(row)


def test_person_objects_until_the_answer_is_there(world, row):
    """The link ends without a reason; nobody waits any more."""
    view, code = world.ask(row)
    tutor_views.object_to(world.session, world.as_person, view.id, now=world.now)
    assert view.end is TutorEnd.OBJECTED
    assert not row.tutor_awaited
    with pytest.raises(Gone, match="terminée"):
        world.send(code, {"prevenir": 3})
    answered, code = world.ask(row)
    world.send(code, {"prevenir": 3})
    with pytest.raises(Conflict):
        tutor_views.object_to(world.session, world.as_person, answered.id, now=world.now)


def test_only_the_person_objects_and_only_their_coach_acts(world, row, session):
    """To the others the request does not exist."""
    view, _code = world.ask(row)
    mate = factories.actor(factories.staff(session, (world.structure, Role.COACH)))
    peer = factories.actor(factories.person(session, world.structure, world.coach))
    with pytest.raises(Forbidden):
        tutor_views.object_to(session, world.as_coach, view.id, now=world.now)
    for actor in (mate, peer):
        with pytest.raises(NotFound):
            tutor_views.object_to(session, actor, view.id, now=world.now)
        with pytest.raises(NotFound):
            tutor_views.replace_link(session, actor, view.id, now=world.now)
    with pytest.raises(Forbidden):
        tutor_views.stop(session, world.as_person, view.id, now=world.now)


def test_person_and_team_cannot_answer_in_the_companys_place(world, row):
    """While they are signed in, the link is not for them."""
    _view, code = world.ask(row)
    issuer = factories.staff(world.session, (row.organisation, Role.ISSUER))
    for actor in (world.as_person, world.as_coach, factories.actor(issuer)):
        with pytest.raises(Forbidden, match="pour l’entreprise"):
            tutor_answers.open_page(world.session, code, actor, world.now)


def test_link_that_expired_says_so_and_is_replaced_with_what_was_typed(world, row, clock):
    """After fourteen days; a fresh one leads to the same page."""
    view, code = world.ask(row)
    kept = {"answers": {"prevenir": Answer(3, ACT)}, "revision": 0, "form_id": uuid4(), "now": world.now}
    tutor_answers.keep(world.session, code, None, **kept)
    later = clock.forward(days=14)
    with pytest.raises(Gone, match="délai"):
        tutor_answers.open_page(world.session, code, None, later)
    _view, fresh = tutor_views.replace_link(world.session, world.as_coach, view.id, now=later)
    assert tutor_answers.open_page(world.session, fresh, None, later)[0].answers == {"prevenir": [3, ACT]}
    with pytest.raises(Gone, match="remplacé"):
        tutor_answers.open_page(world.session, code, None, later)


def test_link_about_somebody_who_left_asks_nothing_more(world, row, session):
    """The structure no longer follows the person: nothing is recorded."""
    _view, code = world.ask(row)
    session.scalars(select(MembershipRecord)).one().left_on = date(2026, 11, 20)
    with pytest.raises(Gone, match="n’accompagne plus"):
        world.send(code, {"prevenir": 3})


@pytest.mark.parametrize("code", ["", "x", "0" * 17, "é" * 17, "A" * 400])
def test_unknown_link_is_a_sentence(world, code):
    """Mistyped, erased with the person, or made up: not told apart."""
    with pytest.raises(NotFound, match="n’existe pas, ou n’existe plus"):
        tutor_answers.open_page(world.session, code, None, world.now)


def test_answer_shown_wrong_is_set_aside_and_written_in_the_journal(world, row, session):
    """It no longer counts and its words are gone; why is kept, and read nowhere in the journal."""
    view, code = world.ask(row)
    world.send(code, {"prevenir": 3, "securite": 3})
    world.seal_both(row)
    with pytest.raises(Invalid):
        tutor_views.set_aside(session, world.as_coach, view.id, reason=" ", now=world.now)
    tutor_views.set_aside(session, world.as_coach, view.id, reason="C’était une collègue.", now=world.now)
    assert tutor_levels(row) == {}
    assert session.scalar(select(func.count(RatingRecord.id)).where(RatingRecord.situation == ACT)) == 0
    assert view.end_reason == "C’était une collègue."
    entry = session.scalars(select(JournalRecord).where(JournalRecord.action == "tutor.set_aside")).one()
    assert "collègue" not in json.dumps(entry.details)


@pytest.fixture
def issued(world, installation, session):
    """The same world, where badges can be granted: recognised, with an issuer."""
    status.ensure_issuer(session, installation, world.structure, world.now)
    factories.recognition(session, world.version, world.structure)
    return factories.staff(session, (world.structure, Role.ISSUER), name="Nadège Kerr")


def closed_with_tutor(world, row, levels):
    """Three views, agreed, confirmed."""
    _view, code = world.ask(row)
    world.send(code, levels)
    world.seal_both(row)
    settled(world, row)
    assert world.confirm(row, b"a secret for tests only, of more than 32 bytes")
    return row


def propose(world, row, badge_code="prevenir"):
    return awards.propose(
        world.session, world.as_coach, round_id=row.id, badge_code=badge_code, evidence=[], now=world.now
    )


def test_badge_that_wants_a_tutor_goes_all_the_way_to_a_signed_credential(world, row, issued, installation):
    """Asked, answered, agreed, proposed, granted, claimed: valid, and it names the company's role, not the tutor."""
    closed_with_tutor(world, row, {"prevenir": 3, "securite": None})
    met = [badge.code for badge in assessments.met_badges(row, document_of(row.version))]
    assert met == ["prevenir"]
    award = propose(world, row)
    assert award.raters == ["self", "coach", "tutor"]
    awards.grant(world.session, factories.actor(issued), award_id=award.id, now=world.now)
    wanted = {"award_id": award.id, "choice": Choice(clear_name=True, evidence_kept=()), "now": world.now}
    seen = claims.preview(world.session, world.as_person, installation, **wanted)
    credential = claims.claim(
        world.session, world.as_person, installation, **wanted, pin=factories.PIN, shown=seen.digest
    )
    report = verification.verify_bytes(world.session, installation, credential.document, world.now)
    assert report.verdict is Verdict.VALID, report.to_json()
    text = credential.document.decode()
    assert "la personne elle-même, son coach et l’entreprise qui l’a accueillie" in text
    assert "Halage" not in text
    assert "Sacha" not in text


def test_tutors_view_without_the_two_others_meets_no_badge(world, row):
    """Seen in the company and by nobody else: no level to agree on, no badge."""
    alone = world.both({"prevenir": None})
    _view, code = world.ask(alone)
    world.send(code, {"prevenir": 3})
    world.seal_both(alone)
    with pytest.raises(Invalid, match="Aucun de vous deux"):
        world.settle(alone, "prevenir", 3)
    world.conclude(alone)
    assert world.confirm(alone, b"a secret for tests only, of more than 32 bytes")
    assert assessments.met_badges(alone, document_of(alone.version)) == ()


def test_coachs_view_is_not_replaced_by_the_tutors(world):
    """Self and tutor agree, the coach has not seen it: the badge that wants all three is not met."""
    row = world.opened("prevenir")
    world.rate(row, Rater.SELF, "prevenir", 3)
    world.rate(row, Rater.COACH, "prevenir", None, "")
    _view, code = world.ask(row)
    world.send(code, {"prevenir": 3})
    world.seal_both(row)
    settled(world, row)
    assert world.confirm(row, b"a secret for tests only, of more than 32 bytes")
    assert assessments.met_badges(row, document_of(row.version)) == ()


def test_proposal_that_rests_on_an_answer_set_aside_is_stopped(world, row, issued, session):
    """The coach reads why; a badge already claimed is named to them instead."""
    closed_with_tutor(world, row, {"prevenir": 3, "securite": 3})
    waiting = propose(world, row)
    tutor_views.set_aside(session, world.as_coach, row.tutor_views[0].id, reason="Pas elle.", now=world.now)
    session.refresh(waiting)
    assert waiting.state is AwardState.REFUSED
    assert "mis de côté" in waiting.reason
    assert assessments.met_badges(row, document_of(row.version)) == ()
    with pytest.raises(Invalid):
        propose(world, row)


def test_badge_claimed_on_an_answer_set_aside_is_named_to_the_coach(world, row, issued, session):
    """It stays signed: whoever granted it decides."""
    closed_with_tutor(world, row, {"prevenir": 3, "securite": 3})
    award = propose(world, row)
    award.state = AwardState.CLAIMED
    tutor_views.set_aside(session, world.as_coach, row.tutor_views[0].id, reason="Pas elle.", now=world.now)
    assert (award.state, tutor_views.claimed_on(session, row.id)) == (AwardState.CLAIMED, [award])


def test_no_company_is_asked_after_the_talk(world, row):
    """A company is asked before the end of the talk."""
    world.seal_both(row)
    settled(world, row)
    with pytest.raises(Conflict, match="déjà eu lieu"):
        world.ask(row)
