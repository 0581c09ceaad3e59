"""The small example the spreadsheet's template is filled with: every kind of line once, nobody's words."""

from typing import Final

from referentiels.model import Alignment, Badge, Behaviour, Competence, Family, Level, Referentiel, Requirement

EXAMPLE: Final = Referentiel(
    code="mon-referentiel",
    title="Mon référentiel",
    description="À quoi il sert, pour qui, et qui l’a écrit.",
    language="fr",
    owner="Nom de l’organisation qui le porte",
    scope="Territoire ou branche",
    co_authors=("Une entreprise du territoire",),
    families=(Family("au-travail", "Au travail", "Ce qui se voit dans une équipe, quel que soit le métier."),),
    scale=(
        Level(1, "Découvre", "Essaie pour la première fois, avec quelqu’un."),
        Level(2, "Avec aide", "Y arrive quand quelqu’un reste à côté."),
        Level(3, "Seul", "Y arrive sans qu’on le rappelle."),
    ),
    competences=(
        Competence(
            code="prevenir",
            family="au-travail",
            name="Prévenir",
            for_person="Je préviens quand je ne peux pas venir.",
            for_recruiter="Signale une absence ou un retard à temps.",
            pictogram="prevenir",
            behaviours=(
                Behaviour(1, "Explique son absence quand on lui demande."),
                Behaviour(2, "Appelle après un rappel de l’équipe."),
                Behaviour(3, "Appelle avant l’heure et dit quand il ou elle revient."),
            ),
            alignments=(
                Alignment(
                    "Nom dans l’autre référentiel",
                    "A-12",
                    "https://www.example.org/referentiel/a-12",
                    "Nom de l’autre référentiel",
                    "proposé, non validé par l’organisme cité",
                ),
            ),
        ),
    ),
    badges=(
        Badge(
            code="prevenir",
            name="Prévenir",
            description="La personne prévient à temps, plusieurs fois et dans plusieurs situations.",
            family="au-travail",
            pictogram="prevenir",
            requirements=(Requirement("prevenir", 3),),
            at_least=1,
            raters=("self", "coach", "tutor"),
            validity_months=36,
            calibration="Niveau 3 : ce que font d’ordinaire les personnes déjà en poste.",
        ),
    ),
)
