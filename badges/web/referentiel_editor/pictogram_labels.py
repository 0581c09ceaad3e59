"""What each pictogram is called where one is chosen: words for people, in the order of the drawings."""

from flask_babel import gettext

from badges.services.errors import N_
from issuer import pictograms

LABELS = {
    "equipe": N_("Équipe"),
    "rigueur": N_("Rigueur"),
    "adaptation": N_("Adaptation"),
    "decision": N_("Décision"),
    "federer": N_("Rassembler"),
    "curiosite": N_("Curiosité"),
    "proposition": N_("Proposition"),
    "stress": N_("Pression"),
    "perseverance": N_("Persévérance"),
    "recul": N_("Recul"),
    "reactivite": N_("Réactivité"),
    "organisation": N_("Organisation"),
    "communication": N_("Communication"),
    "autonomie": N_("Autonomie"),
    "engagement": N_("Engagement"),
    "francais": N_("Lire, écrire, parler"),
    "calcul": N_("Calcul"),
    "numerique": N_("Numérique"),
    "regles": N_("Règles"),
    "apprendre": N_("Apprendre"),
    "gestes": N_("Gestes et postures"),
    "donnees": N_("Données"),
    "collaboration": N_("Collaboration"),
    "creation": N_("Création"),
    "protection": N_("Protection"),
    "environnement": N_("Environnement"),
    "prevenir": N_("Prévenir"),
    "securite": N_("Sécurité"),
    "ecouter": N_("Écouter"),
    "retour": N_("Retour reçu"),
    "materiel": N_("Matériel"),
    "concentration": N_("Concentration"),
    "autodiscipline": N_("Autodiscipline"),
    "leadership": N_("Entraîner un groupe"),
    "badge": N_("Badge"),
}


def labels() -> dict[str, str]:
    """Every pictogram that is drawn, with its name in the reader's language."""
    return {name: gettext(LABELS[name]) if name in LABELS else name for name in pictograms.names()}
