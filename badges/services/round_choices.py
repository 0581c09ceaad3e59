"""What is chosen before anything is written on a référentiel: a current version, some of its competences.

Of a round, the moment of the path too.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session, joinedload

from badges.models.assessments import Moment
from badges.models.referentiels import VersionRecord, VersionState
from badges.services.errors import N_, Invalid
from badges.services.referentiels import document_of


def current_version(session: Session, version_id: int) -> VersionRecord:
    """The published version that was chosen, with its référentiel.

    Raises:
        Invalid: there is none, or a newer one has taken its place.
    """
    version = session.get(VersionRecord, version_id, options=[joinedload(VersionRecord.referentiel)])
    if version is None or version.state is not VersionState.PUBLISHED:
        raise Invalid(N_("Ce référentiel n’est plus à jour. Choisissez-en un autre."), field="version")
    return version


def moment(asked: Moment | None) -> Moment:
    """The moment of the path.

    Raises:
        Invalid: none was chosen.
    """
    if asked is None:
        raise Invalid(N_("Choisissez le moment du parcours."), field="moment")
    return asked


def competences(version: VersionRecord, asked: Sequence[str]) -> list[str]:
    """The codes chosen, each once, in the référentiel's order.

    Raises:
        Invalid: none, or one that is not in it.
    """
    wanted = set(asked)
    if not wanted:
        raise Invalid(N_("Choisissez au moins une compétence."), field="competences")
    known = [competence.code for competence in document_of(version).competences if competence.code in wanted]
    if len(known) < len(wanted):
        raise Invalid(N_("Choisissez parmi les compétences proposées."), field="competences")
    return known
