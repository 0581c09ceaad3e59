"""The demo's stage: organisations, staff, référentiels and people, and short verbs that act through the services.

`play` moves one person along the path a step at a time; each step happens at a date of its own in the past.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from badges.models.assessments import Moment, Rater, RoundOutcome, RoundRecord
from badges.models.awards import AwardRecord, CredentialRecord
from badges.models.consents import Purpose
from badges.models.people import (
    AgeBand,
    OrganisationKind,
    OrganisationRecord,
    PersonRecord,
    Role,
    RoleRecord,
    StaffRecord,
)
from badges.models.referentiels import VersionRecord
from badges.services import (
    access,
    assessments,
    awards,
    claims,
    confrontation,
    consents,
    looks,
    mandates,
    people,
    referentiels,
    reissues,
    status,
    translations,
)
from badges.services.access import Actor
from badges.services.composing import Choice
from badges.services.installation import Installation
from badges.services.looks import Opened
from referentiels.model import Badge, Referentiel
from referentiels.starters import starters

OWNERS = {
    "savoir-etre": "region-val-de-brume",
    "regional": "region-val-de-brume",
    "territoire": "entreprises-val-de-brume",
    "sport": "ligue-sports-val-de-brume",
}
MANDATED = frozenset({"savoir-etre"})
"""The référentiels whose owner may be shown as the issuer."""
BEGINNING = timedelta(days=4 * 365)
ROLE_OF = {
    "editor": "dominique.aubree@example.org",
    "coach": "camille.thevenot@example.org",
    "issuer": "nadege.kermorvan@example.org",
    "administrator": "pascale.nguyen@example.org",
    "auditor": "solene.guivarch@example.org",
}


@dataclass(slots=True)
class Stage:
    """What the story is told with. `today` is the moment of loading; every date is counted back from it."""

    installation: Installation
    session: Session
    today: datetime
    cast: dict[str, Any]
    organisations: dict[str, OrganisationRecord] = field(default_factory=dict)
    staff: dict[str, Actor] = field(default_factory=dict)
    versions: dict[str, VersionRecord] = field(default_factory=dict)
    people: list[tuple[PersonRecord, str]] = field(default_factory=list)
    pins: dict[Any, str] = field(default_factory=dict)
    highlights: dict[str, Any] = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random(2026))  # noqa: S311 - the same story each time

    @classmethod
    def prepare(cls, installation: Installation, session: Session, password: str) -> "Stage":
        """The stage with everybody on it and the four référentiels published and recognised."""
        text = resources.files("badges.demo").joinpath("people.json").read_text(encoding="utf-8")
        stage = cls(installation, session, installation.clock(), json.loads(text))
        stage._open_organisations(access.hash_secret(password))
        stage._publish()
        return stage

    def ago(self, days: float, hour: int = 10) -> datetime:
        """That many days before loading, during working hours."""
        moment = self.today - timedelta(days=days)
        return min(moment.replace(hour=hour, minute=self.chance.randrange(60), second=0, microsecond=0), self.today)

    def email_of(self, role: str) -> str:
        """The address the demo signs this role in with."""
        return ROLE_OF[role]

    def zone(self) -> ZoneInfo:
        """Where the installation's days begin and end."""
        return ZoneInfo(self.installation.settings.timezone)

    def _open_organisations(self, password_hash: str) -> None:
        start = self.today - BEGINNING
        for entry in self.cast["organisations"]:
            row = OrganisationRecord(
                slug=entry["slug"],
                name=entry["name"],
                kind=OrganisationKind(entry["kind"]),
                territory=entry["territory"],
                word_for_person=entry["word_for_person"],
                address_form=entry["address_form"],
                phone="01 99 00 00 00",
                created_at=start,
            )
            self.session.add(row)
            self.session.flush()
            self.organisations[row.slug] = row
            status.ensure_issuer(self.session, self.installation, row, start)
        for entry in self.cast["staff"]:
            held = [(self.organisations[one["organisation"]].id, Role(one["role"])) for one in entry["roles"]]
            staff = StaffRecord(
                email=entry["email"],
                name=entry["name"],
                password_hash=password_hash,
                created_at=start,
                roles=[RoleRecord(organisation_id=where, role=role) for where, role in held],
            )
            self.session.add(staff)
            self.session.flush()
            self.staff[staff.email] = Actor(staff.name, staff_id=staff.id, roles=frozenset(held))

    def _publish(self) -> None:
        start = self.today - BEGINNING + timedelta(days=30)
        recognised = [slug for slug, row in self.organisations.items() if row.kind is OrganisationKind.STRUCTURE]
        for draft in starters():
            owner = self.organisations[OWNERS[draft.code]]
            editor = self.editor_of(owner)
            draft = replace(draft, owner_as_issuer=draft.code in MANDATED)  # noqa: PLW2901 - as its owner wants it
            row = referentiels.create(self.session, editor, draft, owner_id=owner.id, now=start)
            translations.carry_over(self.session, row, start)
            version = referentiels.publish(self.session, editor, slug=row.slug, revision=1, now=start)
            self.versions[draft.code] = version
            for slug in recognised:
                recognition = referentiels.recognise(
                    self.session,
                    editor,
                    slug=row.slug,
                    organisation_slug=slug,
                    valid_from=start.date(),
                    valid_until=date(self.today.year + 3, 12, 31),
                    now=start,
                )
                if draft.owner_as_issuer:
                    mandates.give(
                        self.session,
                        editor,
                        self.installation,
                        slug=row.slug,
                        recognition_id=recognition.id,
                        valid_from=start.date(),
                        valid_until=None,
                        now=start,
                    )

    def editor_of(self, owner: OrganisationRecord) -> Actor:
        """The member of staff who edits for an organisation."""
        return next(actor for actor in self.staff.values() if actor.has(Role.EDITOR, owner.id))

    def issuer_of(self, organisation_id: int) -> Actor:
        """The member of staff who issues for an organisation."""
        return next(actor for actor in self.staff.values() if actor.has(Role.ISSUER, organisation_id))

    def referentiel(self, code: str) -> Referentiel:
        """One of the four, as published."""
        return referentiels.document_of(self.versions[code])

    def welcome(self, entry: dict[str, Any], days: float, *, with_pin: bool = True) -> PersonRecord:
        """A person joins their structure; with a PIN from the strip, or the week to choose one."""
        coach = self.staff[entry["coach_email"]]
        person, pin = people.create_person(
            self.session,
            coach,
            organisation_id=self.organisations[entry["structure"]].id,
            name=entry["name"],
            language=entry["language"],
            age_band=entry["age_band"],
            pin_choice="strip" if with_pin else "first_use",
            now=self.ago(days),
            today=self.ago(days).date(),
        )
        if pin is not None:
            self.pins[person.id] = pin
        if person.age_band is AgeBand.UNDER_15:
            self._agree_with_parent(coach, person, days)
        return person

    def _agree_with_parent(self, coach: Actor, person: PersonRecord, days: float) -> None:
        """A child and a parent both said yes, and the coach wrote it down."""
        consents.record_with_parent(
            self.session,
            self.installation,
            coach,
            person.id,
            Purpose.PUBLICATION,
            child=True,
            parent=True,
            words="En face à face, avec son père ; formulaire signé rangé au dossier.",
            now=self.ago(days),
        )

    def take_back(self, person: PersonRecord, days: float) -> None:
        """The person no longer agrees that their badges be shown."""
        who, now = self.themselves(person), self.ago(days)
        consents.take_back(self.session, self.installation, who, Purpose.PUBLICATION, now)

    def look(self, person: PersonRecord, award: AwardRecord, days: Sequence[float]) -> None:
        """On each of these days the coach opened the file, and somebody looked at the badge."""
        coach = self.coach_of(person)
        for ago in days:
            day = self.ago(ago).date()
            looks.write(self.session, coach, Opened(person.id, award.organisation_id, Role.COACH), day)
            looks.record(self.session, award.shares[0].code, day)

    def coach_of(self, person: PersonRecord) -> Actor:
        """The coach who follows the person."""
        coach_id = person.memberships[0].coach_id
        return next(actor for actor in self.staff.values() if actor.staff_id == coach_id)

    def themselves(self, person: PersonRecord) -> Actor:
        """The person as the one who acts."""
        return Actor(person.name, person_id=person.id)

    def open_round(
        self, person: PersonRecord, code: str, competences: list[str], days: float, moment: Moment = Moment.ENTREE
    ) -> RoundRecord:
        """The coach opens a round."""
        return assessments.open_round(
            self.session,
            self.coach_of(person),
            person.id,
            version_id=self.versions[code].id,
            competences=competences,
            moment=moment,
            now=self.ago(days),
        )

    def rate(
        self,
        row: RoundRecord,
        rater: Rater,
        levels: dict[str, int | None],
        days: float,
        *,
        seal: bool = True,
        beside: bool = False,
    ) -> None:
        """One of the two answers, with a situation from the bank, and says they have finished.

        `beside`: the coach types the person's words, next to them.
        """
        typed = rater is Rater.COACH or beside
        actor = self.coach_of(row.person) if typed else self.themselves(row.person)
        for code, level in levels.items():
            assessments.rate(
                self.session,
                actor,
                row.id,
                rater=rater,
                competence_code=code,
                level=level,
                situation=self.situation(code, rater, level),
                now=self.ago(days),
            )
        if seal:
            assessments.seal(self.session, actor, row.id, rater=rater, now=self.ago(days, 11))

    def situation(self, code: str, rater: Rater, level: int | None) -> str:
        """Something that happened, close to the level; nothing where nothing was seen."""
        if level is None:
            return ""
        bank = self.cast["situations"][code][rater.value]
        nearest = min(abs(one["level_hint"] - level) for one in bank)
        fitting = [one["text"] for one in bank if abs(one["level_hint"] - level) == nearest]
        return str(self.chance.choice(fitting))

    def talk(self, row: RoundRecord, agreed: dict[str, int | None], days: float, outcome: RoundOutcome) -> None:
        """The two talk it through and the coach writes down what they agreed."""
        coach = self.coach_of(row.person)
        for code, level in agreed.items():
            compared = next(one for one in confrontation.comparisons(row) if one.competence.code == code)
            if compared.gap is confrontation.Gap.UNSEEN:
                continue
            confrontation.settle(self.session, coach, row.id, competence_code=code, level=level, now=self.ago(days, 14))
        confrontation.conclude(
            self.session,
            coach,
            row.id,
            outcome=outcome,
            talk_on=self.ago(days).date(),
            talk_note=self.chance.choice(self.cast["talk_notes"]),
            now=self.ago(days, 15),
            zone=self.zone(),
        )

    def confirm(self, row: RoundRecord, days: float) -> None:
        """The person confirms with their PIN what was agreed."""
        current = assessments.round_for(self.session, self.themselves(row.person), row.id)
        confirmed = confrontation.confirm(
            self.session,
            self.themselves(row.person),
            row.id,
            pin=self.pins[row.person_id],
            secret=self.installation.secret,
            seen=confrontation.shown_digest(current),
            now=self.ago(days, 15),
        )
        if not confirmed:
            raise RuntimeError("the demo's own PIN was refused")

    def propose(self, row: RoundRecord, badge: Badge, days: float) -> AwardRecord:
        """The coach proposes the badge with a piece of evidence."""
        evidence = [self.chance.choice(self.cast["evidence"])] if badge.evidence_required else []
        return awards.propose(
            self.session,
            self.coach_of(row.person),
            round_id=row.id,
            badge_code=badge.code,
            evidence=evidence,
            now=self.ago(days, 15),
        )

    def grant(self, award: AwardRecord, days: float) -> None:
        """Somebody with the issuer role grants it."""
        awards.grant(self.session, self.issuer_of(award.organisation_id), award_id=award.id, now=self.ago(days, 16))

    def claim(
        self, award: AwardRecord, days: float, *, clear_name: bool = True, by_owner: bool = False
    ) -> CredentialRecord:
        """The person looks at what will be signed and claims it."""
        person = self.session.get_one(PersonRecord, award.person_id)
        now, choice = self.ago(days, 17), Choice(clear_name, tuple(range(len(award.evidence))), by_owner)
        if not consents.given(self.session, person.id, Purpose.PUBLICATION):
            consents.give(self.session, self.installation, self.themselves(person), Purpose.PUBLICATION, now)
        shown = claims.preview(
            self.session,
            self.themselves(person),
            self.installation,
            award_id=award.id,
            choice=choice,
            now=now,
        )
        return claims.claim(
            self.session,
            self.themselves(person),
            self.installation,
            award_id=award.id,
            pin=self.pins[person.id],
            choice=choice,
            shown=shown.digest,
            now=now,
        )

    def change(self, credential: CredentialRecord, days: float, **choice: Any) -> CredentialRecord:
        """The person has the badge signed anew with another choice."""
        who, now = self.themselves(credential.award.person), self.ago(days, 18)
        wanted = replace(reissues.choice_of(credential.award, credential), **choice)
        asked: dict[str, Any] = {"award_id": credential.award_id, "choice": wanted, "now": now}
        seen = reissues.preview(self.session, who, self.installation, **asked)
        pin = self.pins[credential.award.person_id]
        return reissues.reissue(self.session, who, self.installation, pin=pin, shown=seen.digest, **asked)
