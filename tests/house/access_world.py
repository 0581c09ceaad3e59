"""Two organisations with the same things in each, and everybody who may come to their doors.

Built once for each kind of database, through the services wherever what is built has rules of its own. The words that
must not reach the wrong reader are marked, so that every answer can be searched for them.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from uuid import uuid4

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from badges.models.access import LinkPurpose
from badges.models.assessments import Rater, RoundRecord
from badges.models.awards import AwardRecord, ShareRecord
from badges.models.people import (
    AgeBand,
    CoverRecord,
    MembershipRecord,
    OrganisationKind,
    OrganisationRecord,
    PersonRecord,
    Role,
    StaffRecord,
)
from badges.models.referentiels import RecognitionRecord, VersionRecord
from badges.models.rights import ErasureRequestRecord, Origin, RequestKind
from badges.models.voices import InterviewRecord, PeerWordRecord
from badges.services import (
    access,
    confrontation,
    contests,
    covers,
    erasure,
    identity_checks,
    installation_key,
    interviews,
    lifecycle,
    peer_words,
    shares,
    status,
    tutor_answers,
    tutor_views,
)
from badges.services.installation import Installation
from badges.services.tutor_answers import Answer
from badges.services.tutor_views import Asked
from referentiels import document
from tests import awarding, factories, rounds
from tests.house import access_seen

SHARE_SECRET = "petit pain"

LEVEL = 3
"""The level every badge of the starters asks for."""


@dataclass(frozen=True)
class Words:
    """What is said on one side and nowhere on the other: names, situations, the narratives of evidence."""

    region: str
    structure: str
    person: str
    peer: str
    coach: str
    sign: str

    @property
    def blind_self(self) -> str:
        """The person's situations in a round that both have not finished."""
        return f"La personne {self.sign}, encore fermé."

    @property
    def blind_coach(self) -> str:
        """The coach's, there."""
        return f"Le coach {self.sign}, encore fermé."

    @property
    def opened(self) -> str:
        """The situations in rounds that both may read, and what the person said of a disagreement."""
        return f"Les deux {self.sign}, ouvert."

    @property
    def note(self) -> str:
        """The note of the talk."""
        return f"La note {self.sign}."

    @property
    def kept(self) -> str:
        """The narrative the person puts in the badge."""
        return f"Le récit {self.sign}, gardé."

    @property
    def left_out(self) -> str:
        """The narrative the person leaves out."""
        return f"Le récit {self.sign}, laissé."


JUDGING = "honnête"
"""A word that the lint points out in the draft."""
HERE = Words("Région Val-de-Brume", "Mission Passerelle", "Awa Diallo", "Nour Belkacem", "Camille Roche", "au lavoir")
THERE = Words("Région Haute-Lande", "Atelier Cadran", "Iris Quemener", "Tomas Varga", "Sacha Lenoir", "au moulin")


@dataclass(frozen=True)
class Side:
    """One région, one structure it recognises, their staff, two people, and a thing in every state a request needs."""

    region: OrganisationRecord
    structure: OrganisationRecord
    version: VersionRecord
    recognition: RecognitionRecord
    mandated: RecognitionRecord
    cover: CoverRecord
    codes: tuple[str, ...]
    editor: StaffRecord
    coach: StaffRecord
    mate: StaffRecord
    issuer: StaffRecord
    auditor: StaffRecord
    admin: StaffRecord
    spare: StaffRecord
    person: PersonRecord
    peer: PersonRecord
    blind: RoundRecord
    coach_done: RoundRecord
    talk: RoundRecord
    disputed: RoundRecord
    settled: RoundRecord
    concluded: RoundRecord
    closed: RoundRecord
    asking: RoundRecord
    asked: str
    answered: RoundRecord
    interview: InterviewRecord
    reading: str
    word: PeerWordRecord
    wanted: PeerWordRecord
    wording: str
    proposed: AwardRecord
    granted: AwardRecord
    claimed: AwardRecord
    paused: AwardRecord
    unshared: AwardRecord
    seen: access_seen.Seen
    draft: ShareRecord
    locked: ShareRecord


@dataclass(frozen=True)
class Place:
    """Both sides, what only one of is needed, and the cookie of each actor (None for nobody)."""

    here: Side
    there: Side
    newcomer: PersonRecord
    invited: str
    farewell: str
    leaver: PersonRecord
    requests: dict[str, int]
    cookies: dict[str, str | None]


def build(session: Session, installation: Installation) -> Place:
    """The two sides and the actors, signed in."""
    now = installation.clock()
    installation_key.ensure(session, installation, now)
    here = _side(session, installation, HERE, 0)
    there = _side(session, installation, THERE, 1)
    before = factories.organisation(session, "Maison d’Avant")
    former = factories.staff(session, (before, Role.COACH), name="Lou Ferrand")
    here.person.memberships.append(
        MembershipRecord(
            organisation_id=before.id, coach_id=former.id, joined_on=date(2025, 9, 1), left_on=date(2026, 1, 4)
        )
    )
    everything_there = [(place, role) for place in (there.region, there.structure) for role in Role]
    split = factories.staff(session, (here.structure, Role.COACH), *everything_there, name="Dominique Ory")
    former.password_hash = split.password_hash = _password()
    newcomer = factories.person(session, here.structure, here.coach, name="Zoé Nouvelle")
    newcomer.pin_open_until = now + timedelta(days=2)
    invited = factories.staff(session, (here.structure, Role.COACH), name="Alex Invité")
    actors: dict[str, StaffRecord | PersonRecord] = {
        **{name: getattr(here, name) for name in ("person", "peer", *STAFF, "mate")},
        **{f"{name}'": getattr(there, name) for name in ("person", *STAFF)},
        "former": former,
        "split": split,
    }
    place = Place(
        here,
        there,
        newcomer,
        access.new_link(session, invited, LinkPurpose.INVITATION, now),
        _farewell(session, installation, here),
        _leaver(session, here),
        _requests(session, installation, here),
        {"nobody": None} | {name: _cookie(session, who, now) for name, who in actors.items()},
    )
    for row in session:  # erasing somebody let go of what was read: it is asked for once the session is closed
        session.refresh(row)
    return place


def _leaver(session: Session, here: Side) -> PersonRecord:
    """Somebody whom no structure follows any more, assessed on a référentiel of this side's région."""
    gone = factories.person(session, here.structure, here.coach, name="Émile Ancien")
    gone.memberships[0].left_on = date(2026, 3, 1)
    how = {"structure": here.structure, "coach": here.coach, "levels": {here.codes[0]: LEVEL}}
    factories.closed_round(session, here.version, gone, **how)
    return gone


def _requests(session: Session, installation: Installation, here: Side) -> dict[str, int]:
    """A request of each kind, checked once, by somebody else than this side's administrator."""
    first = factories.staff(session, (here.region, Role.ADMINISTRATOR), name="Première Vérification")
    asked = {"organisation_id": here.region.id, "words": "Vu au guichet.", "now": installation.clock()}
    return {
        kind.value: identity_checks.ask(
            session, factories.actor(first), kind=kind, person_id=_leaver(session, here).id, **asked
        ).id
        for kind in RequestKind
    }


def _farewell(session: Session, installation: Installation, here: Side) -> str:
    """The account of somebody who was erased."""
    gone = factories.person(session, here.structure, here.coach, name="Ida Partie")
    how = {"origin": Origin.PERSON, "stop_copies": False, "actor": "command", "now": installation.clock()}
    return erasure.erase(session, installation, gone.id, **how).token


STAFF = ("editor", "coach", "issuer", "auditor", "admin")


def _cookie(session: Session, who: StaffRecord | PersonRecord, now: datetime) -> str:
    return access.open_session(session, now=now, **{"staff" if isinstance(who, StaffRecord) else "person": who})


# A hash says how dear it was, and checking it costs as much: these are cheap, so that many may sign in.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def _pin() -> str:
    return CHEAP.hash(factories.PIN)


@cache
def _password() -> str:
    return CHEAP.hash(factories.PASSWORD)


def _side(session: Session, installation: Installation, words: Words, starter: int) -> Side:
    now = installation.clock()
    region = factories.organisation(session, words.region, kind=OrganisationKind.REGION)
    structure = factories.organisation(session, words.structure)
    status.ensure_issuer(session, installation, structure, now)
    structure.token = "EdDSA"
    team = _team(session, words, region, structure)
    person, peer = (
        factories.person(session, structure, team["coach"], name=name) for name in (words.person, words.peer)
    )
    person.pin_hash = peer.pin_hash = _pin()
    peer.age_band = AgeBand.UNDER_15
    session.add_all(
        ErasureRequestRecord(person_id=one.id, asked_at=now, due_on=now.date(), stop_copies=False)
        for one in (person, peer)
    )
    version = factories.version(session, region, starter, owner_as_issuer=True)
    recognition = factories.recognition(session, version, structure)
    mandated = factories.recognition(session, version, factories.organisation(session, "Un autre atelier"))
    mandated.mandate_from = mandated.valid_from
    written = document.read(version.referentiel.draft, draft=True)
    version.referentiel.draft = document.write(
        replace(written, description=f"{written.description} Relu, et {JUDGING}.")
    )
    codes = tuple(badge.code for badge in written.badges[:6])
    talks = rounds.World(session, now, structure, team["coach"], person, version)
    stages = Rounds(talks, words, codes[:2])
    closed = stages.closed(codes)
    asking, asked = stages.asking()
    given = awarding.World(
        session, installation, now, region, structure, team["coach"], team["issuer"], person, version, closed
    )
    awarded = Awards(given, words).all(codes)
    _contests(session, given, codes)
    return Side(
        region=region,
        structure=structure,
        version=version,
        recognition=recognition,
        mandated=mandated,
        cover=_cover(session, structure, team, now),
        codes=codes,
        **team,
        person=person,
        peer=peer,
        blind=stages.blind(),
        coach_done=stages.coach_done(),
        talk=stages.talk(),
        disputed=stages.disputed(),
        settled=stages.settled(),
        concluded=stages.concluded(),
        closed=closed,
        asking=asking,
        asked=asked,
        answered=stages.answered(),
        **_voices(stages, asking),
        **awarded,
        seen=access_seen.build(talks, peer, codes, words.opened),
    )


def _voices(stages: "Rounds", row: RoundRecord) -> dict[str, object]:
    """An interview, a word that was given, one that is awaited; the codes of the links to the first and the last."""
    talks, words = stages.talks, stages.words
    said = interviews.Words("Halage", "cheffe", "A.", talks.now.date(), "", words.opened, "", "On continue.")
    asked = {"interview_id": uuid4(), "words": said, "confirms": False, "today": talks.now.date(), "now": talks.now}
    interview = interviews.write(talks.session, talks.as_coach, row.id, **asked)
    _interview, reading = interviews.new_link(talks.session, talks.as_coach, interview.id, now=talks.now)
    given, code = _asked_word(stages, row)
    told = {"words": words.opened, "peer_name": "N.", "form_id": uuid4()}
    peer_words.write(talks.session, code, None, now=talks.now, **told)
    wanted, wording = _asked_word(stages, row)
    return {"interview": interview, "reading": reading, "word": given, "wanted": wanted, "wording": wording}


def _asked_word(stages: "Rounds", row: RoundRecord) -> tuple[PeerWordRecord, str]:
    talks = stages.talks
    asked = {"competence_code": stages.codes[0], "asked_of": "N.", "shown_as": "A.", "word_id": uuid4()}
    return peer_words.ask(talks.session, talks.as_person, version_id=row.version_id, now=talks.now, **asked)


def _contests(session: Session, given: awarding.World, codes: tuple[str, ...]) -> None:
    """In the closed round, one level is contested without an answer and another with one."""
    for code in (codes[4], codes[3]):
        who = factories.actor(given.person)
        contests.contest(session, who, given.round.id, competence_code=code, reason="Plus souvent.", now=given.now)
    contests.answer(
        session,
        factories.actor(given.coach),
        given.round.id,
        competence_code=codes[3],
        level=LEVEL,
        words="Nous en avons reparlé.",
        talk_on=given.now.date(),
        now=given.now,
        zone=UTC,
    )


def _cover(session: Session, structure: OrganisationRecord, team: dict[str, StaffRecord], now: datetime) -> CoverRecord:
    """The coach will be away from tomorrow: today the colleague has nothing more."""
    return covers.name_stand_in(
        session,
        factories.actor(team["coach"]),
        organisation_id=structure.id,
        coach_id=team["coach"].id,
        stand_in_id=team["mate"].id,
        starts_on=now.date() + timedelta(days=1),
        ends_on=now.date() + timedelta(days=8),
        now=now,
        today=now.date(),
    )


def _team(
    session: Session, words: Words, region: OrganisationRecord, structure: OrganisationRecord
) -> dict[str, StaffRecord]:
    """One member of staff for each role, two more coaches; all with the same password."""
    places = {
        "editor": [(region, Role.EDITOR)],
        "coach": [(structure, Role.COACH)],
        "mate": [(structure, Role.COACH)],
        "issuer": [(structure, Role.ISSUER)],
        "auditor": [(structure, Role.AUDITOR)],
        "admin": [(region, Role.ADMINISTRATOR), (structure, Role.ADMINISTRATOR)],
        "spare": [(structure, Role.COACH)],
    }
    team = {}
    for name, roles in places.items():
        called = words.coach if name == "coach" else f"{words.coach} ({name})"
        team[name] = factories.staff(session, *roles, name=called)
        team[name].password_hash = _password()
    return team


@dataclass(frozen=True)
class Rounds:
    """One person's rounds, each left where a request finds it useful."""

    talks: rounds.World
    words: Words
    codes: tuple[str, ...]

    def blind(self) -> RoundRecord:
        """Both have answered, neither has said « J'ai fini »."""
        return self._rated(self.words.blind_self, self.words.blind_coach)

    def coach_done(self) -> RoundRecord:
        """The coach has finished, the person has answered and not finished."""
        row = self.blind()
        self.talks.seal(row, Rater.COACH)
        return row

    def talk(self) -> RoundRecord:
        """Both have finished; nothing is settled."""
        row = self._rated(self.words.opened, self.words.opened)
        self.talks.seal(row, Rater.SELF)
        self.talks.seal(row, Rater.COACH)
        return row

    def disputed(self) -> RoundRecord:
        """One disagreement stands."""
        row = self.talk()
        self.talks.settle(row, self.codes[0], disagreed=True, person_words=self.words.opened)
        return row

    def settled(self) -> RoundRecord:
        """All is agreed, nothing concluded."""
        row = self.talk()
        for code in self.codes:
            self.talks.settle(row, code, LEVEL)
        return row

    def concluded(self) -> RoundRecord:
        """The person has only to confirm."""
        return self.talks.conclude(self.settled(), talk_note=self.words.note)

    def closed(self, codes: tuple[str, ...]) -> RoundRecord:
        """Confirmed; the levels are those that the badges ask for."""
        row = factories.closed_round(
            self.talks.session,
            self.talks.version,
            self.talks.person,
            structure=self.talks.structure,
            coach=self.talks.coach,
            levels=dict.fromkeys(codes, LEVEL),
        )
        row.note = self.words.note
        for rating in row.ratings:
            rating.situation = self.words.opened
        return row

    def asking(self) -> tuple[RoundRecord, str]:
        """A host company is asked, and the code of its link."""
        row = self.blind()
        asked = Asked("Ateliers du Halage", "chef d’équipe", "", "A.", "Immersion", None, None, self.codes)
        _view, code = tutor_views.ask(
            self.talks.session,
            self.talks.as_coach,
            row.id,
            asked=asked,
            person_agrees=True,
            view_id=uuid4(),
            now=self.talks.now,
        )
        return row, code

    def answered(self) -> RoundRecord:
        """The company has answered, with the mark of what the two may read once they have."""
        row, code = self.asking()
        tutor_answers.send(
            self.talks.session,
            code,
            None,
            answers={one: Answer(LEVEL, self.words.opened) for one in self.codes},
            right_person=True,
            company_agreed=False,
            revision=0,
            form_id=uuid4(),
            now=self.talks.now,
        )
        return row

    def _rated(self, mine: str, coach: str) -> RoundRecord:
        row = self.talks.opened(*self.codes)
        for code in self.codes:
            self.talks.rate(row, Rater.SELF, code, LEVEL - 1, mine)
            self.talks.rate(row, Rater.COACH, code, LEVEL, coach)
        return row


@dataclass(frozen=True)
class Awards:
    """One person's awards, each of another badge, in every state a request needs."""

    given: awarding.World
    words: Words

    def all(self, codes: tuple[str, ...]) -> dict[str, AwardRecord]:
        """The awards by state."""
        paused, unshared = self._claimed(codes[3]), self._claimed(codes[4])
        given, who = self.given, factories.actor(self.given.person)
        lifecycle.suspend(
            given.session,
            factories.actor(given.issuer),
            given.installation,
            award_id=paused.id,
            reason="À revoir.",
            now=given.now,
        )
        shares.withdraw_share(given.session, who, share_id=shares.active_share(unshared, given.now).id, now=given.now)
        claimed = self._claimed(codes[2])
        return {
            "locked": self._shared(claimed, opened=True),
            "draft": self._shared(claimed, opened=False),
            "proposed": given.propose(codes[0], self._evidence()),
            "granted": self._granted(codes[1]),
            "claimed": claimed,
            "paused": paused,
            "unshared": unshared,
        }

    def _shared(self, award: AwardRecord, *, opened: bool) -> ShareRecord:
        """A share with a password, open or still a draft."""
        wanted, who = shares.Wanted((award.id,), name=False, secret=SHARE_SECRET), factories.actor(self.given.person)
        share = shares.draft(self.given.session, who, wanted, self.given.now)
        if opened:
            shares.open_draft(self.given.session, who, share_id=share.id, now=self.given.now)
        return share

    def _evidence(self) -> tuple[dict[str, str], ...]:
        first = {"name": "Chantier", "narrative": self.words.kept}
        return (first, {"name": "Atelier", "narrative": self.words.left_out})

    def _granted(self, code: str) -> AwardRecord:
        return self.given.granted(badge_code=code, evidence=self._evidence())

    def _claimed(self, code: str) -> AwardRecord:
        return self.given.claim(self._granted(code), kept=(0,)).award


def seen_of(row: RoundRecord) -> str:
    """What the page that confirms the round carries."""
    return confrontation.shown_digest(row)
