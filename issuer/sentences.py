"""The one wording, in French and in English, of why nothing was signed.

Written for the member of staff who meets it: what is so, and what to do. French stands first, and is what translations
are looked up by. Says nothing of what a person wrote, and nothing of a secret.
"""

from __future__ import annotations

from collections.abc import Mapping

from issuer.errors import Refusal
from verify.sentences import Sentence

S = Sentence  # Babel collects the first argument of S(…)

REFUSALS: Mapping[Refusal, Sentence] = {
    Refusal.EMPTY: S(
        "Il manque une rubrique obligatoire du badge.",
        "A required part of the badge is missing.",
    ),
    Refusal.TOO_LONG: S(
        "Un texte du badge est trop long : 10 000 caractères au plus.",
        "A text of the badge is too long: 10,000 characters at most.",
    ),
    Refusal.CHARACTER: S(
        "Un texte du badge contient un caractère invisible ou un retour à la ligne qui ne peut pas être signé. "
        "Retapez-le.",
        "A text of the badge holds an invisible character or a line break that cannot be signed. Type it again.",
    ),
    Refusal.ADDRESS: S(
        "Une adresse du badge n’est pas une adresse web complète (https://…).",
        "An address in the badge is not a complete web address (https://…).",
    ),
    Refusal.IDENTIFIER: S(
        "Un identifiant du badge n’a pas la forme attendue.",
        "An identifier in the badge is not of the expected form.",
    ),
    Refusal.LANGUAGE: S(
        "La langue du badge n’est pas un code de langue, comme « fr ».",
        "The language of the badge is not a language code, such as “en”.",
    ),
    Refusal.VOCABULARY: S(
        "Le type du badge n’est pas de ceux que ce service délivre.",
        "The type of the badge is not one that this service issues.",
    ),
    Refusal.TIME_ZONE: S(
        "Une date du badge n’a pas de fuseau horaire.",
        "A date of the badge has no time zone.",
    ),
    Refusal.DATES_REVERSED: S(
        "Le badge finirait avant d’avoir commencé.",
        "The badge would end before it begins.",
    ),
    Refusal.LEVEL_UNKNOWN: S(
        "Un niveau du badge n’existe pas sur l’échelle du référentiel.",
        "A level of the badge is not on the scale of its framework.",
    ),
    Refusal.COMPETENCE_UNKNOWN: S(
        "Un résultat porte sur une compétence que le badge ne demande pas.",
        "A result is about a skill that the badge does not ask for.",
    ),
    Refusal.TWICE: S(
        "Un élément du badge apparaît deux fois, ou deux codes se confondent.",
        "A part of the badge appears twice, or two codes cannot be told apart.",
    ),
    Refusal.SALT: S(
        "Le nom ne peut pas être masqué : le grain de sel manque ou ne convient pas.",
        "The name cannot be hidden: its salt is missing or does not fit.",
    ),
    Refusal.STATUS_INDEX: S(
        "Le numéro du badge est hors de la liste de statut.",
        "The number of the badge is outside the status list.",
    ),
}

NOT_SIGNED = S(
    "Le badge n’a pas été signé : notre propre vérification ne l’accepte pas. Rien n’a été délivré.",
    "The badge was not signed: our own verification does not accept it. Nothing was issued.",
)

WRONG_SECRET = S(
    "Ce secret n’ouvre pas la clé de signature : est-ce bien celui de cette installation ?",
    "This secret does not open the signing key: is it the one of this installation?",
)
