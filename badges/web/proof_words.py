"""The proofs and tokens that an organisation may choose among, in words."""

from flask_babel import gettext

from badges.services.errors import N_
from issuer.proofs import PROOFS, TOKENS

_PROOFS = {
    "eddsa-rdfc-2022": N_("Ed25519. Conseillée : les afficheurs certifiés Open Badges 3.0 la lisent."),
    "eddsa-jcs-2022": N_("Ed25519, sur le texte du badge. Plus rapide à vérifier, lue par moins de logiciels."),
    "ecdsa-rdfc-2019-p256": N_("ECDSA P-256, pour qui demande une courbe du NIST."),
    "ecdsa-rdfc-2019-p384": N_("ECDSA P-384 avec SHA-384, pour qui demande une courbe du NIST plus grande."),
    "ecdsa-jcs-2019-p256": N_("ECDSA P-256, sur le texte du badge."),
    "ecdsa-jcs-2019-p384": N_("ECDSA P-384 avec SHA-384, sur le texte du badge."),
    "ecdsa-sd-2023": N_(
        "ECDSA P-256 : la personne peut ne montrer qu’une partie de son badge. Le badge porte aussi une preuve "
        "ecdsa-rdfc-2019, pour qui ne lit pas celle-ci."
    ),
}
_TOKENS = {
    "EdDSA": N_("Signature Ed25519."),
    "ES256": N_("ECDSA P-256 ; le validateur de 1EdTech le lit."),
    "RS256": N_("RSA ; le validateur de 1EdTech le lit, et les plus anciens logiciels aussi."),
}


def proofs() -> list[tuple[str, str, str]]:
    """Every proof: its name to post, its name to read, what speaks for it."""
    return [(name, name, gettext(_PROOFS[name])) for name in PROOFS]


def tokens() -> list[tuple[str, str, str]]:
    """Every token, and none."""
    return [("", gettext("Aucun"), ""), *((name, name, gettext(_TOKENS[name])) for name in TOKENS)]
