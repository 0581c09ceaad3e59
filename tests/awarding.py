"""A small world in which a badge can be proposed, granted and claimed; each test takes it as far as it needs."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from badges.models.assessments import RoundRecord
from badges.models.awards import AwardRecord, CredentialRecord
from badges.models.people import OrganisationKind, OrganisationRecord, PersonRecord, Role, StaffRecord
from badges.models.referentiels import VersionRecord
from badges.services import awards, claims, mandates, reissues, status
from badges.services.composing import Choice
from badges.services.installation import Installation
from tests import factories

EVIDENCE = (
    {"name": "Chantier du lavoir", "narrative": "Monte l’échafaudage avec deux autres, trois matins de suite."},
    {"name": "Atelier cuisine", "narrative": "Partage les tâches et débarrasse sans rappel."},
)


@dataclass(slots=True)
class World:
    """A region's référentiel, a structure it recognises, a coach, an issuer, and a person with a closed round."""

    session: Session
    installation: Installation
    now: datetime
    region: OrganisationRecord
    structure: OrganisationRecord
    coach: StaffRecord
    issuer: StaffRecord
    person: PersonRecord
    version: VersionRecord
    round: RoundRecord

    def propose(self, badge_code: str = "equipe", evidence=EVIDENCE) -> AwardRecord:
        """The coach proposes."""
        return awards.propose(
            self.session,
            factories.actor(self.coach),
            round_id=self.round.id,
            badge_code=badge_code,
            evidence=evidence,
            now=self.now,
        )

    def granted(self, **how) -> AwardRecord:
        """Proposed, then granted by the issuer."""
        award = self.propose(**how)
        return awards.grant(self.session, factories.actor(self.issuer), award_id=award.id, now=self.now)

    def claim(self, award: AwardRecord, *, clear_name=True, kept=(0,), by_owner=False, now=None) -> CredentialRecord:
        """The person previews and claims."""
        who = factories.actor(self.person)
        choice = Choice(clear_name, tuple(kept), by_owner)
        now = now or self.now
        seen = claims.preview(self.session, who, self.installation, award_id=award.id, choice=choice, now=now)
        return claims.claim(
            self.session,
            who,
            self.installation,
            award_id=award.id,
            choice=choice,
            pin=factories.PIN,
            shown=seen.digest,
            now=now,
        )

    def reissue(self, credential: CredentialRecord, *, now=None, **choice) -> CredentialRecord:
        """The person previews and signs anew with another choice."""
        who, now = factories.actor(self.person), now or self.now
        wanted = replace(reissues.choice_of(credential.award, credential), **choice)
        what = {"award_id": credential.award_id, "choice": wanted, "now": now}
        seen = reissues.preview(self.session, who, self.installation, **what)
        return reissues.reissue(self.session, who, self.installation, pin=factories.PIN, shown=seen.digest, **what)

    def claimed(self, **how) -> CredentialRecord:
        """All the way."""
        return self.claim(self.granted(), **how)


def mandated(session: Session, installation: Installation, levels: dict[str, int] | None = None, **columns) -> World:
    """The world where the region lets its name be shown and gave a mandate; `columns` are the region's."""
    place = world(session, installation, levels, owner_as_issuer=True)
    for name, value in columns.items():
        setattr(place.region, name, value)
    editor = factories.staff(session, (place.region, Role.EDITOR), name="Maud Éditrice")
    row = place.version.referentiel
    mandates.give(
        session,
        factories.actor(editor),
        installation,
        slug=row.slug,
        recognition_id=row.recognitions[0].id,
        valid_from=place.now.date(),
        valid_until=None,
        now=place.now,
    )
    return place


def world(session: Session, installation: Installation, levels: dict[str, int] | None = None, **badge_changes) -> World:
    """The world on one session; `badge_changes` are made to every badge of the référentiel."""
    now = installation.clock()
    region = factories.organisation(session, "Région Val-de-Brume", slug="val-de-brume", kind=OrganisationKind.REGION)
    structure = factories.organisation(session, "Mission Passerelle", slug="mission-passerelle")
    status.ensure_issuer(session, installation, structure, now)
    coach = factories.staff(session, (structure, Role.COACH), name="Camille Roche")
    issuer = factories.staff(session, (structure, Role.ISSUER), name="Nadège Kerr")
    person = factories.person(session, structure, coach, name="Awa Diallo", pin=factories.PIN)
    version = factories.version(session, region, **badge_changes)
    factories.recognition(session, version, structure)
    row = factories.closed_round(
        session, version, person, structure=structure, coach=coach, levels=levels or {"equipe": 3}
    )
    return World(session, installation, now, region, structure, coach, issuer, person, version, row)
