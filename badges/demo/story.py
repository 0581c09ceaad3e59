"""What happened to each of the forty people: a table of paths, so that every state a page can show is shown.

Days are counted back from the loading of the demo. Levels are (own view, coach's view, agreed).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from badges.demo.stage import Stage
from badges.models.assessments import Moment, Rater, RoundOutcome, RoundRecord
from badges.models.awards import AwardRecord
from badges.models.people import PersonRecord
from badges.services import (
    awards,
    cancellations,
    confrontation,
    contests,
    covers,
    lifecycle,
    people,
    phrases,
    selections,
    shares,
)

Views = dict[str, tuple[int | None, int | None, int | None]]

BEHAVIOURAL: Views = {"equipe": (2, 4, 3), "communication": (3, 3, 3), "adaptation": (3, 4, 3), "rigueur": (4, 2, 2)}
SHY: Views = {
    "equipe": (1, 3, 3),
    "autonomie": (2, 4, 4),
    "organisation": (2, 3, 3),
    "rigueur": (2, 3, 3),
    "curiosite": (None, 3, 3),
}
EARLY: Views = {"equipe": (2, 2, 2), "rigueur": (3, 1, 2), "reactivite": (2, 2, 2)}
BASICS: Views = {"calcul": (2, 3, 3), "francais": (3, 3, 3), "gestes-securite": (3, 4, 3), "apprendre": (2, 2, 2)}
DIGITAL: Views = {"information": (3, 3, 3), "protection": (2, 3, 3), "environnement": (None, 2, 2)}
SPORT: Views = {"esprit-equipe": (3, 4, 4), "respect-consignes": (3, 3, 3), "leadership": (1, 2, 2)}


@dataclass(frozen=True, slots=True)
class Path:
    """Where one person's path leads, on which référentiel and with which views."""

    walk: Callable[[Stage, PersonRecord, "Path"], object]
    referentiel: str = "savoir-etre"
    views: Views | None = None
    badge: str = ""
    days: float = 60
    clear_name: bool = True
    by_owner: bool = False

    @property
    def levels(self) -> Views:
        """The views, where this path has some."""
        return self.views or {}

    def of(self, place: int) -> dict[str, int | None]:
        """One of the three columns of the views: 0 the person's, 1 the coach's, 2 what they agreed."""
        return {code: views[place] for code, views in self.levels.items()}


def tell(stage: Stage) -> None:
    """Play every path; remember who the newcomer may sign in as."""
    newcomers = {index for index, path in PATHS.items() if path.walk is never_came}
    for index, entry in enumerate(stage.cast["people"]):
        path = PATHS[index]
        person = stage.welcome(entry, days=path.days + 10, with_pin=index not in newcomers)
        path.walk(stage, person, path)
        stage.people.append((person, stage.pins.get(person.id, "")))
    _among_colleagues(stage)
    stage.highlights["cards"] = [
        {"code": stage.people[index][0].card_code, "pin": stage.people[index][1], "about": about}
        for index, about in SIGN_INS.items()
    ]


def _among_colleagues(stage: Stage) -> None:
    """What coaches do for many and for each other: a group, an absence, a mistake undone, words typed beside one."""
    camille, samir = (stage.staff[f"{name}@example.org"] for name in ("camille.thevenot", "samir.belkacem"))
    theirs = [person for person, _pin in stage.people]
    march = [person.id for person in theirs[:8]]
    selections.put_in_group(stage.session, camille, march, name="Groupe de mars", now=stage.ago(20))
    structure = stage.organisations["mission-passerelle"]
    left = stage.ago(2)
    covers.name_stand_in(
        stage.session,
        samir,
        organisation_id=structure.id,
        coach_id=samir.staff_id or 0,
        stand_in_id=camille.staff_id or 0,
        starts_on=left.date(),
        ends_on=left.date() + timedelta(days=11),
        now=left,
        today=left.date(),
    )
    mistaken = stage.open_round(theirs[25], "sport", list(SPORT), 1)
    reason = "Ouvert sur le mauvais référentiel."
    cancellations.cancel(stage.session, samir, mistaken.id, reason=reason, now=stage.ago(1, 11))
    path = Path(arrived, "regional", BASICS, days=3)
    row = _open(stage, theirs[39], path)
    stage.rate(row, Rater.COACH, path.of(1), path.days - 1)
    stage.rate(row, Rater.SELF, path.of(0), path.days - 2, beside=True)


def never_came(_stage: Stage, _person: PersonRecord, _path: Path) -> None:
    """Followed since a few days; the card is printed, the PIN not chosen."""


def arrived(_stage: Stage, _person: PersonRecord, _path: Path) -> None:
    """Signed up, with a PIN; nothing opened yet."""


def opened(stage: Stage, person: PersonRecord, path: Path) -> None:
    """A round is open; the person has answered the first question, the coach none."""
    row = _open(stage, person, path)
    first = dict(list(path.of(0).items())[:1])
    stage.rate(row, Rater.SELF, first, path.days - 3, seal=False)


def self_done(stage: Stage, person: PersonRecord, path: Path) -> None:
    """The person has finished; it waits on the coach."""
    stage.rate(_open(stage, person, path), Rater.SELF, path.of(0), path.days - 3)


def coach_done(stage: Stage, person: PersonRecord, path: Path) -> None:
    """The coach has finished; it waits on the person."""
    stage.rate(_open(stage, person, path), Rater.COACH, path.of(1), path.days - 2)


def both_done(stage: Stage, person: PersonRecord, path: Path) -> RoundRecord:
    """Both views are in; the talk is to come."""
    row = _open(stage, person, path)
    stage.rate(row, Rater.SELF, path.of(0), path.days - 3)
    stage.rate(row, Rater.COACH, path.of(1), path.days - 4)
    return row


def disagreed(stage: Stage, person: PersonRecord, path: Path) -> None:
    """They could not agree on one competence, and it is written down."""
    row = both_done(stage, person, path)
    words = stage.chance.choice(stage.cast["disagreements"])["person_words"]
    code = next(code for code, (mine, coach, _) in path.levels.items() if mine != coach)
    confrontation.settle(
        stage.session,
        stage.coach_of(person),
        row.id,
        competence_code=code,
        disagreed=True,
        person_words=words,
        now=stage.ago(path.days - 5),
    )


def concluded(stage: Stage, person: PersonRecord, path: Path) -> None:
    """Agreed and written; the person has not confirmed yet."""
    row = both_done(stage, person, path)
    stage.talk(row, path.of(2), path.days - 5, RoundOutcome.ACCORDE)


def to_work_on(stage: Stage, person: PersonRecord, path: Path) -> None:
    """Agreed to work on it, and confirmed."""
    row = both_done(stage, person, path)
    stage.talk(row, path.of(2), path.days - 5, RoundOutcome.A_RETRAVAILLER)
    stage.confirm(row, path.days - 5)


def ended(stage: Stage, person: PersonRecord, path: Path) -> RoundRecord:
    """The round is closed without more."""
    row = both_done(stage, person, path)
    stage.talk(row, path.of(2), path.days - 5, RoundOutcome.CLOS)
    stage.confirm(row, path.days - 5)
    return row


def contested(stage: Stage, person: PersonRecord, path: Path) -> None:
    """Closed weeks ago; since then the person sees one level otherwise, and says so."""
    row = ended(stage, person, path)
    code = next(iter(path.levels))
    contests.contest(
        stage.session,
        stage.themselves(person),
        row.id,
        competence_code=code,
        reason="Depuis le stage, je le fais sans qu’on me le demande.",
        now=stage.ago(2),
    )


def agreed(stage: Stage, person: PersonRecord, path: Path) -> RoundRecord:
    """Agreed, confirmed: the requirements of the badge are met."""
    row = both_done(stage, person, path)
    stage.talk(row, path.of(2), path.days - 5, RoundOutcome.ACCORDE)
    stage.confirm(row, path.days - 5)
    return row


def proposed(stage: Stage, person: PersonRecord, path: Path) -> AwardRecord:
    """The coach has proposed the badge."""
    row = agreed(stage, person, path)
    return stage.propose(row, stage.referentiel(path.referentiel).badge(path.badge), path.days - 6)


def refused(stage: Stage, person: PersonRecord, path: Path) -> None:
    """The issuer has said not yet, and why."""
    award = proposed(stage, person, path)
    issuer = stage.issuer_of(award.organisation_id)
    reason = "Le récit de la preuve ne dit pas encore ce que la personne a fait. À compléter ensemble."
    awards.refuse(stage.session, issuer, award_id=award.id, reason=reason, now=stage.ago(path.days - 7))


def granted(stage: Stage, person: PersonRecord, path: Path) -> AwardRecord:
    """Granted; the person has not looked yet."""
    award = proposed(stage, person, path)
    stage.grant(award, path.days - 7)
    return award


def declined(stage: Stage, person: PersonRecord, path: Path) -> None:
    """The person would rather not have it: that is their right."""
    award = granted(stage, person, path)
    lifecycle.decline(stage.session, stage.themselves(person), award_id=award.id, now=stage.ago(path.days - 8))


def claimed(stage: Stage, person: PersonRecord, path: Path) -> AwardRecord:
    """Claimed and signed."""
    award = granted(stage, person, path)
    stage.claim(award, path.days - 8, clear_name=path.clear_name, by_owner=path.by_owner)
    return award


def changed(stage: Stage, person: PersonRecord, path: Path) -> None:
    """Claimed with a name in clear, then signed anew without: the code stays, the old file says it was replaced."""
    award = claimed(stage, person, path)
    stage.change(award.credentials[-1], path.days - 25, clear_name=False)


def claimed_then_second_round(stage: Stage, person: PersonRecord, path: Path) -> None:
    """A first round months ago, a badge, and a second round that overlays the first."""
    award = claimed(stage, person, path)
    row = stage.open_round(person, path.referentiel, list(path.levels), path.days / 3, Moment.ETAPE)
    top = stage.referentiel(path.referentiel).levels[-1]
    better: Views = {
        code: (min((mine or 1) + 1, top), min((coach or 1) + 1, top), min((level or 1) + 1, top))
        for code, (mine, coach, level) in path.levels.items()
    }
    later = Path(path.walk, path.referentiel, better)
    stage.rate(row, Rater.SELF, later.of(0), path.days / 3 - 2)
    stage.rate(row, Rater.COACH, later.of(1), path.days / 3 - 3)
    stage.talk(row, later.of(2), path.days / 3 - 4, RoundOutcome.ACCORDE)
    stage.confirm(row, path.days / 3 - 4)
    _phrases(stage, person, row, path.days / 3 - 5)
    stage.highlights.setdefault("share", award.shares[0].code)
    stage.look(person, award, (40, 21, 12, 5))
    _shown_to_an_employer(stage, person, award)


def _shown_to_an_employer(stage: Stage, person: PersonRecord, award: AwardRecord) -> None:
    """A second share, for one employer: without the name, for ninety days."""
    themselves, when = stage.themselves(person), stage.ago(9)
    wanted = shares.Wanted((award.id,), name=False, label="La boulangerie du canal", lifetime="90")
    draft = shares.draft(stage.session, themselves, wanted, when)
    shares.open_draft(stage.session, themselves, share_id=draft.id, now=when)


def second_round_open(stage: Stage, person: PersonRecord, path: Path) -> None:
    """A badge from the first round, and a second round under way."""
    claimed(stage, person, path)
    row = stage.open_round(person, path.referentiel, list(path.levels), 6, Moment.ETAPE)
    stage.rate(row, Rater.COACH, path.of(1), 4)


def revoked(stage: Stage, person: PersonRecord, path: Path) -> None:
    """Claimed, then withdrawn by the issuer."""
    award = claimed(stage, person, path)
    lifecycle.revoke(
        stage.session,
        stage.issuer_of(award.organisation_id),
        stage.installation,
        award_id=award.id,
        reason=stage.cast["reasons"]["revoked"][0],
        now=stage.ago(path.days - 20),
    )


def suspended(stage: Stage, person: PersonRecord, path: Path) -> None:
    """Claimed, then paused."""
    award = claimed(stage, person, path)
    lifecycle.suspend(
        stage.session,
        stage.issuer_of(award.organisation_id),
        stage.installation,
        award_id=award.id,
        reason=stage.cast["reasons"]["suspended"][0],
        now=stage.ago(path.days - 20),
    )


def corrected(stage: Stage, person: PersonRecord, path: Path) -> None:
    """Claimed, corrected, claimed again: the old one leads to the new."""
    award = claimed(stage, person, path)
    lifecycle.correct(
        stage.session,
        stage.issuer_of(award.organisation_id),
        stage.installation,
        award_id=award.id,
        reason=stage.cast["reasons"]["corrected"][0],
        now=stage.ago(path.days - 20),
    )
    stage.claim(award, path.days - 22, clear_name=path.clear_name)


def share_withdrawn(stage: Stage, person: PersonRecord, path: Path) -> None:
    """Claimed; the person no longer shares it."""
    award = claimed(stage, person, path)
    shares.withdraw_share(
        stage.session, stage.themselves(person), share_id=award.shares[0].id, now=stage.ago(path.days - 15)
    )


def withheld(stage: Stage, person: PersonRecord, path: Path) -> None:
    """Claimed; the person no longer agrees that it be shown, and it is paused."""
    claimed(stage, person, path)
    stage.take_back(person, path.days / 4)


def left(stage: Stage, person: PersonRecord, path: Path) -> None:
    """Claimed, then left the structure; the badge stays theirs."""
    claimed(stage, person, path)
    people.leave(
        stage.session,
        stage.coach_of(person),
        person.id,
        on=stage.ago(path.days / 2).date(),
        now=stage.ago(path.days / 2),
    )


def _phrases(stage: Stage, person: PersonRecord, row: RoundRecord, days: float) -> None:
    """What they would say in an interview: the coach may read the first, the rest is theirs."""
    words = (
        "Une fois, j’ai réparti les tâches pour finir le chantier à l’heure.",
        "J’explique la consigne aux nouveaux.",
    )
    for place, (code, said) in enumerate(zip(row.competences, words, strict=False)):
        phrases.write(
            stage.session,
            stage.themselves(person),
            referentiel_id=row.version.referentiel_id,
            competence_code=code,
            words=said,
            coach_may_read=place == 0,
            now=stage.ago(days),
        )


def _open(stage: Stage, person: PersonRecord, path: Path) -> RoundRecord:
    return stage.open_round(person, path.referentiel, list(path.levels), path.days)


LONG_AGO = timedelta(days=3 * 365 + 60).days

PATHS: dict[int, Path] = {
    0: Path(claimed_then_second_round, "savoir-etre", BEHAVIOURAL, "travailler-avec-les-autres", 150),
    1: Path(granted, "savoir-etre", BEHAVIOURAL, "equipe", 30),
    2: Path(claimed, "savoir-etre", SHY, "mener-une-tache", 90, clear_name=False, by_owner=True),
    3: Path(opened, "savoir-etre", BEHAVIOURAL, days=8),
    4: Path(both_done, "savoir-etre", BEHAVIOURAL, days=9),
    5: Path(self_done, "savoir-etre", EARLY, days=7),
    6: Path(withheld, "regional", BASICS, "calcul", 70),
    7: Path(coach_done, "savoir-etre", SHY, days=6),
    8: Path(to_work_on, "savoir-etre", EARLY, days=40),
    9: Path(proposed, "savoir-etre", BEHAVIOURAL, "communication", 20),
    10: Path(concluded, "savoir-etre", BEHAVIOURAL, days=12),
    11: Path(never_came, days=4),
    12: Path(agreed, "regional", BASICS, days=25),
    13: Path(second_round_open, "savoir-etre", SHY, "equipe", 120),
    14: Path(opened, "regional", BASICS, days=6),
    15: Path(suspended, "savoir-etre", BEHAVIOURAL, "adaptation", 80),
    16: Path(revoked, "savoir-etre", BEHAVIOURAL, "equipe", 85),
    17: Path(corrected, "savoir-etre", SHY, "autonomie", 75),
    18: Path(both_done, "regional", DIGITAL, days=10),
    19: Path(disagreed, "savoir-etre", BEHAVIOURAL, days=11),
    20: Path(granted, "sport", SPORT, "jouer-collectif", 28),
    21: Path(declined, "savoir-etre", SHY, "organisation", 50),
    22: Path(self_done, "savoir-etre", SHY, days=5),
    23: Path(claimed, "sport", SPORT, "esprit-equipe", 65),
    24: Path(claimed, "regional", DIGITAL, "protection", LONG_AGO),
    25: Path(arrived, days=3),
    26: Path(never_came, days=2),
    27: Path(claimed_then_second_round, "regional", BASICS, "francais", 140),
    28: Path(proposed, "regional", BASICS, "gestes-securite", 18),
    29: Path(changed, "regional", DIGITAL, "information", 60),
    30: Path(coach_done, "regional", BASICS, days=6),
    31: Path(contested, "regional", BASICS, days=45),
    32: Path(opened, "savoir-etre", EARLY, days=5),
    33: Path(share_withdrawn, "regional", BASICS, "calcul", 95),
    34: Path(refused, "savoir-etre", BEHAVIOURAL, "equipe", 22),
    35: Path(both_done, "savoir-etre", SHY, days=8),
    36: Path(left, "savoir-etre", BEHAVIOURAL, "communication", 200),
    37: Path(to_work_on, "sport", SPORT, days=33),
    38: Path(granted, "regional", BASICS, "francais", 26),
    39: Path(arrived, days=4),
}

SIGN_INS = {
    3: "commence à se positionner",
    10: "a un échange à confirmer",
    1: "a un badge à prendre",
    0: "a un badge et deux étapes",
}
