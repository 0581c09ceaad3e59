"""The one wording of every verdict and every reason, in French and in English.

Written for somebody who was handed a badge: what is so, and what to do. The command prints these, the pages translate
them; neither has a wording of its own. French stands first, and is what translations are looked up by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from verify.holder import Match
from verify.reasons import Reason
from verify.report import CheckName, Kind, Outcome, Report, Verdict


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence in two languages; in braces, what `Headline.values` holds."""

    french: str
    english: str

    def in_language(self, language: str) -> str:
        """The French for `fr`, the English for any other language."""
        return self.french if language == "fr" else self.english


_ISSUER = CheckName.ISSUER_RECOGNISED
_VALID = {
    Kind.ENDORSEMENT: "valid_endorsement",
    Kind.CLR: "valid_record",
    Kind.CREDENTIAL: "valid_credential",
    Kind.PRESENTATION: "valid_presentation",
}
_SPOKEN_BY_ISSUER = (
    (Reason.REVOKED, "revoked"),
    (Reason.SUSPENDED, "suspended"),
    (Reason.EXPIRED, "expired"),
    (Reason.NOT_YET_VALID, "not_yet_valid"),
)
_OUT_OF_DATE: Mapping[Reason | None, str] = {
    Reason.EXPIRED: "expired_unproved",
    Reason.NOT_YET_VALID: "not_yet_valid_unproved",
}
"""Where only the dates stand against it, and nobody is known to have signed them."""

S = Sentence  # Babel collects the first argument of S(…)


@dataclass(frozen=True, slots=True)
class Headline:
    """The sentence to show above everything else, and what goes into its braces.

    `kind` is one stable word for the case. `issuer` is a name from the document, to be escaped; `date` is None where
    the sentence has no {date}.
    """

    kind: str
    sentence: Sentence
    issuer: str
    date: datetime | None


HEADLINES: Mapping[str, Sentence] = {
    "valid": S(
        "Badge authentique, délivré par {issuer} le {date}. Vérifiez que le nom est celui de la personne. "
        "Ce n’est pas un diplôme.",
        "Authentic badge, awarded by {issuer} on {date}. Check that the name is the person’s. It is not a diploma.",
    ),
    "revoked": S(
        "{issuer} a retiré ce badge. Cela ne dit rien d’autre sur la personne.",
        "{issuer} has withdrawn this badge. This says nothing else about the person.",
    ),
    "suspended": S("Ce badge est en pause.", "This badge is on hold."),
    "expired": S("Badge authentique, à actualiser depuis le {date}.", "Authentic badge, due for renewal since {date}."),
    "expired_unrecognised": S(
        "Signature intacte, mais badge à actualiser depuis le {date}, et émetteur que nous ne reconnaissons pas.",
        "Signature intact, but due for renewal since {date}, and from an issuer that we do not recognise.",
    ),
    "not_yet_valid": S(
        "Signature intacte. Ce badge n’est valable qu’à partir du {date}.",
        "Signature intact. This badge is valid only from {date}.",
    ),
    "expired_unproved": S(
        "À actualiser depuis le {date}, d’après ses propres dates. Nous n’avons pas pu vérifier sa signature.",
        "Due for renewal since {date}, by its own dates. We could not check its signature.",
    ),
    "not_yet_valid_unproved": S(
        "Valable seulement à partir du {date}, d’après ses propres dates. Nous n’avons pas pu vérifier sa signature.",
        "Valid only from {date}, by its own dates. We could not check its signature.",
    ),
    "forged": S(
        "Le contenu ne correspond pas à la signature. Ne vous y fiez pas ; demandez l’original.",
        "The content does not match the signature. Do not rely on it; ask for the original.",
    ),
    "differs": S(
        "Ce fichier ne dit pas ce que {issuer} publie de ce badge. Ne vous y fiez pas ; demandez l’original.",
        "This file does not say what {issuer} publishes of this badge. Do not rely on it; ask for the original.",
    ),
    "impostor": S(
        "La signature n’est pas celle de {issuer}. Ne vous y fiez pas ; demandez l’original.",
        "The signature is not that of {issuer}. Do not rely on it; ask for the original.",
    ),
    "key_withdrawn": S(
        "La clé qui a signé n’est plus une clé de {issuer}. Ne vous y fiez pas ; demandez qu’il soit signé à nouveau.",
        "The key that signed is no longer a key of {issuer}. Do not rely on it; ask for it to be signed anew.",
    ),
    "defective": S(
        "Ce badge ne respecte pas la norme : il ne peut pas être accepté tel quel. Demandez-en un autre à l’émetteur.",
        "This badge breaks the standard: it cannot be accepted as it is. Ask its issuer for another.",
    ),
    "issuer_unknown": S(
        "Signature intacte, émetteur inconnu de nous. Contactez-le.",
        "Signature intact, issuer unknown to us. Contact them.",
    ),
    "issuer_not_recognised": S(
        "Signature intacte. {issuer} nous est connu, mais pas reconnu pour ce badge à cette date.",
        "Signature intact. {issuer} is known to us, but not recognised for this badge on that date.",
    ),
    "status_unchecked": S(
        "Signature bonne. Retrait éventuel non vérifié.",
        "Good signature. Whether the badge was withdrawn could not be checked.",
    ),
    "unproved": S(
        "Nous n’avons pas pu vérifier la signature de ce badge. Cela ne veut pas dire qu’il est faux.",
        "We could not check this badge’s signature. This does not mean that it is false.",
    ),
    "undetermined": S(
        "Tout n’a pas pu être vérifié. Lisez le détail avant de vous y fier.",
        "Not everything could be checked. Read the details before relying on it.",
    ),
    "valid_endorsement": S(
        "Recommandation authentique, signée par {issuer} le {date}.",
        "Authentic endorsement, signed by {issuer} on {date}.",
    ),
    "valid_record": S(
        "Relevé authentique, délivré par {issuer} le {date}. Ce qu’il contient est jugé à part, ci-dessous.",
        "Authentic record, issued by {issuer} on {date}. What it contains is judged separately, below.",
    ),
    "valid_credential": S(
        "Attestation authentique, délivrée par {issuer}. Ce n’est pas un badge.",
        "Authentic credential, issued by {issuer}. It is not a badge.",
    ),
    "valid_presentation": S(
        "Présentation en ordre, et tout ce qu’elle contient aussi.",
        "The presentation is in order, and so is all that it contains.",
    ),
    "endorsement_of_another": S(
        "Cette recommandation porte sur autre chose que ce à quoi elle est jointe.",
        "This endorsement is about something other than what it is attached to.",
    ),
    "members_refused": S(
        "La présentation contient au moins une attestation à refuser. Voyez chacune d’elles, ci-dessous.",
        "The presentation contains at least one credential to be refused. See each of them, below.",
    ),
    "members_open": S(
        "Présentation en ordre, mais une partie de ce qu’elle contient n’a pas pu être vérifiée. "
        "Voyez chaque attestation.",
        "The presentation is in order, but not all that it contains could be verified. See each credential.",
    ),
    "presentation_unsigned": S(
        "Présentation non signée : rien ne dit qui la fait. Ce qu’elle contient est jugé à part, ci-dessous.",
        "Unsigned presentation: nothing tells who makes it. What it contains is judged separately, below.",
    ),
    "not_a_badge": S(
        "C’est une attestation, mais pas un badge : elle n’est pas jugée ici.",
        "This is a credential, but not a badge: it is not judged here.",
    ),
    "unreadable": S(
        "Nous n’avons trouvé aucun badge lisible dans ce fichier.",
        "We found no readable badge in this file.",
    ),
}

DOCUMENTS: Mapping[str, Sentence] = {
    "revoked": S("{issuer} a retiré ce document.", "{issuer} has withdrawn this document."),
    "suspended": S("Ce document est en pause.", "This document is on hold."),
    "expired": S(
        "Document authentique, à actualiser depuis le {date}.", "Authentic document, due for renewal since {date}."
    ),
    "expired_unrecognised": S(
        "Signature intacte, mais document à actualiser depuis le {date}, et émetteur que nous ne reconnaissons pas.",
        "Signature intact, but due for renewal since {date}, and from an issuer that we do not recognise.",
    ),
    "not_yet_valid": S(
        "Signature intacte. Ce document n’est valable qu’à partir du {date}.",
        "Signature intact. This document is valid only from {date}.",
    ),
    "defective": S(
        "Ce document ne respecte pas la norme : il ne peut pas être accepté tel quel.",
        "This document breaks the standard: it cannot be accepted as it is.",
    ),
    "unproved": S(
        "Nous n’avons pas pu vérifier la signature de ce document. Cela ne veut pas dire qu’il est faux.",
        "We could not check this document’s signature. This does not mean that it is false.",
    ),
    "issuer_not_recognised": S(
        "Signature intacte. {issuer} nous est connu, mais pas reconnu pour ce document à cette date.",
        "Signature intact. {issuer} is known to us, but not recognised for this document on that date.",
    ),
    "status_unchecked": S(
        "Signature bonne. Retrait éventuel non vérifié.",
        "Good signature. Whether the document was withdrawn could not be checked.",
    ),
}
"""Of what is no badge, where the sentence of `HEADLINES` speaks of one."""

KINDS: Mapping[Kind, Sentence] = {
    Kind.OPEN_BADGE_3: S("Badge (Open Badges 3.0)", "Open Badges 3.0 badge"),
    Kind.OPEN_BADGE_2: S("Badge (Open Badges 2.0)", "Open Badges 2.0 badge"),
    Kind.ENDORSEMENT: S("Recommandation", "Endorsement"),
    Kind.CLR: S("Relevé de parcours", "Learner record"),
    Kind.CREDENTIAL: S("Attestation vérifiable", "Verifiable credential"),
    Kind.PRESENTATION: S("Présentation d’attestations", "Presentation of credentials"),
    Kind.STATEMENT: S("Code imprimé d’un badge", "Printed code of a badge"),
}

MEMBERS = S("Ce qu’il contient, vérifié un par un", "What it contains, verified one by one")
ENDORSEMENTS = S("Ce que d’autres en disent", "What others say of it")

CHECKS: Mapping[CheckName, Sentence] = {
    CheckName.STRUCTURE: S("Forme du badge", "Form of the badge"),
    CheckName.PROOF: S("Signature du badge", "Signature"),
    CheckName.KEY_CONTROLLED: S("Clé de l’émetteur", "Key of the issuer"),
    CheckName.STATUS: S("Retrait ou pause", "Withdrawn or on hold"),
    CheckName.VALIDITY: S("Dates de validité", "Dates"),
    CheckName.ISSUER_RECOGNISED: S("Émetteur reconnu", "Recognised issuer"),
}

OUTCOMES: Mapping[Outcome, Sentence] = {
    Outcome.PASSED: S("en ordre", "passed"),
    Outcome.FAILED: S("en défaut", "failed"),
    Outcome.NOT_CHECKED: S("sans réponse", "not checked"),
}

STATUS_AS_OF = S("Statut connu au {date} à {time}.", "Status known as of {date}, {time}.")
"""How fresh the answer about withdrawal is."""

REFRESHED = S(
    "L’émetteur tient une version plus récente de ce badge : c’est elle qui a été vérifiée.",
    "The issuer keeps a newer version of this badge: that is what was verified.",
)

REASONS: Mapping[Reason, Sentence] = {
    Reason.FILE_UNREADABLE: S("Le fichier ne peut pas être ouvert.", "The file cannot be opened."),
    Reason.EMPTY: S("Le fichier est vide.", "The file is empty."),
    Reason.TOO_LARGE: S("Le fichier est trop gros pour un badge.", "The file is too large to be a badge."),
    Reason.FORMAT_UNKNOWN: S(
        "Le fichier n’est ni un badge JSON, ni un jeton JWT, ni une image PNG ou SVG.",
        "The file is neither a JSON badge, nor a JWT, nor a PNG or SVG picture.",
    ),
    Reason.NOT_UTF8: S(
        "Le texte n’est pas en UTF-8, comme la norme le demande.",
        "The text is not UTF-8, as the standard requires.",
    ),
    Reason.JSON_MALFORMED: S(
        "Le JSON est mal formé : le fichier a été coupé ou abîmé.",
        "The JSON is malformed: the file was cut short or damaged.",
    ),
    Reason.JSON_DUPLICATE_KEY: S(
        "Une même rubrique apparaît deux fois : on ne sait pas laquelle compte.",
        "One member appears twice: there is no telling which one counts.",
    ),
    Reason.JSON_TOO_DEEP: S("Le contenu est imbriqué trop profondément.", "The content is nested too deeply."),
    Reason.JSON_TOO_MANY_VALUES: S(
        "Le fichier contient bien plus de valeurs qu’un badge.",
        "The file holds far more values than a badge does.",
    ),
    Reason.JSON_NUMBER_UNSAFE: S(
        "Un nombre est trop grand, trop petit ou n’en est pas un : chaque logiciel le lirait autrement.",
        "A number is too large, too small or none at all: each program would read it differently.",
    ),
    Reason.JSON_CONTROL_CHARACTER: S(
        "Le texte contient des caractères de contrôle invisibles.",
        "The text holds invisible control characters.",
    ),
    Reason.JSON_LONE_SURROGATE: S("Le texte contient la moitié d’un caractère.", "The text holds half a character."),
    Reason.NOT_A_CREDENTIAL: S("C’est du JSON, mais pas un badge.", "This is JSON, but not a badge."),
    Reason.ENVELOPE_INVALID: S(
        "L’enveloppe ne contient pas d’attestation lisible : son adresse, son type ou son vocabulaire est mal écrit.",
        "The envelope holds no readable credential: its address, its type or its vocabulary is malformed.",
    ),
    Reason.OPEN_BADGES_1: S(
        "C’est un badge Open Badges 1, d’une norme que plus rien ne permet de vérifier. Demandez-en un plus récent.",
        "This is an Open Badges 1 badge, of a standard that can no longer be verified. Ask for a newer one.",
    ),
    Reason.PNG_MALFORMED: S("L’image PNG est abîmée.", "The PNG picture is damaged."),
    Reason.PNG_WITHOUT_BADGE: S(
        "Cette image PNG ne contient pas de badge. Demandez le fichier d’origine : une capture d’écran le perd.",
        "This PNG picture holds no badge. Ask for the original file: a screenshot loses it.",
    ),
    Reason.PNG_BAKED_TWICE: S(
        "Cette image PNG contient deux badges : on ne sait pas lequel compte.",
        "This PNG picture holds two badges: there is no telling which one counts.",
    ),
    Reason.PNG_BOMB: S(
        "Le badge dans cette image PNG se déplie en un volume anormal.",
        "The badge in this PNG picture unpacks to an abnormal size.",
    ),
    Reason.SVG_MALFORMED: S("L’image SVG est abîmée.", "The SVG picture is damaged."),
    Reason.SVG_ENTITIES: S(
        "Cette image SVG définit des entités ou un type de document : elle est refusée par prudence.",
        "This SVG picture defines entities or a document type: it is refused as a precaution.",
    ),
    Reason.SVG_SCRIPTED: S(
        "Cette image SVG contient un programme : elle est refusée par prudence.",
        "This SVG picture contains a program: it is refused as a precaution.",
    ),
    Reason.SVG_WITHOUT_BADGE: S("Cette image SVG ne contient pas de badge.", "This SVG picture holds no badge."),
    Reason.SVG_BAKED_TWICE: S(
        "Cette image SVG contient deux badges : on ne sait pas lequel compte.",
        "This SVG picture holds two badges: there is no telling which one counts.",
    ),
    Reason.JWT_MALFORMED: S("Le jeton JWT est mal formé.", "The JWT is malformed."),
    Reason.CODE_MALFORMED: S(
        "Ces chiffres ne sont pas ceux d’un badge : le code a été mal lu, coupé ou modifié. Scannez-le à nouveau.",
        "These digits are not those of a badge: the code was misread, cut short or changed. Scan it again.",
    ),
    Reason.CONTEXT_MISSING: S(
        "Le badge ne dit pas qu’il suit la norme Open Badges.",
        "The badge does not say that it follows Open Badges.",
    ),
    Reason.CONTEXT_ORDER: S(
        "Le badge ne commence pas par le vocabulaire des attestations vérifiables.",
        "The badge does not start with the vocabulary of Verifiable Credentials.",
    ),
    Reason.CONTEXT_INLINE: S(
        "Le badge apporte son propre vocabulaire, ce qui permettrait d’en changer le sens.",
        "The badge brings its own vocabulary, which could change what it means.",
    ),
    Reason.CONTEXT_UNKNOWN: S(
        "Le badge emploie un vocabulaire que nous ne connaissons pas.",
        "The badge uses a vocabulary that we do not know.",
    ),
    Reason.TERM_HIDDEN: S(
        "Une rubrique est écrite de façon à échapper aux vérifications.",
        "A member is written so as to escape the checks.",
    ),
    Reason.UNDEFINED_TERM: S(
        "Le badge contient un mot que la norme ne définit pas : la signature ne le protégerait pas.",
        "The badge contains a word that the standard does not define: the signature would not protect it.",
    ),
    Reason.IRI_INVALID: S("Une adresse dans le badge est mal écrite.", "An address in the badge is malformed."),
    Reason.JSONLD_INVALID: S(
        "Le contenu du badge n’est pas du JSON-LD correct.", "The badge’s content is not correct JSON-LD."
    ),
    Reason.TOO_COMPLEX: S(
        "Le badge est bien plus compliqué qu’un badge ne l’est : la lecture est arrêtée.",
        "The badge is far more complicated than badges are: reading was stopped.",
    ),
    Reason.TYPE_MISSING: S(
        "Le document ne dit pas qu’il est un badge Open Badges.",
        "The document does not say that it is an Open Badges badge.",
    ),
    Reason.TYPE_WRONG: S("Un type est mal écrit.", "A type is malformed."),
    Reason.ID_INVALID: S("Le badge n’a pas d’identifiant correct.", "The badge has no correct identifier."),
    Reason.ISSUER_INVALID: S("L’émetteur n’est pas nommé correctement.", "The issuer is not named correctly."),
    Reason.SUBJECT_INVALID: S(
        "Le badge ne dit pas correctement de qui il parle.",
        "The badge does not say correctly whom it is about.",
    ),
    Reason.RECIPIENT_MISSING: S(
        "Le badge n’est à personne : il n’a ni identifiant ni adresse de titulaire.",
        "The badge belongs to nobody: it names no holder.",
    ),
    Reason.ACHIEVEMENT_INVALID: S(
        "Ce qui est reconnu n’est pas décrit comme la norme le demande.",
        "What is recognised is not described as the standard requires.",
    ),
    Reason.NESTED_TYPE_MISSING: S(
        "Une partie du badge ne dit pas ce qu’elle est.", "A part of the badge does not say what it is."
    ),
    Reason.RESULT_INVALID: S(
        "Un résultat renvoie à un niveau qui n’existe pas dans le badge.",
        "A result points at a level that the badge does not have.",
    ),
    Reason.VERIFICATION_INVALID: S(
        "Le badge ne dit pas comment on peut le vérifier.", "The badge does not say how it can be verified."
    ),
    Reason.DATE_MISSING: S("Le badge n’est pas daté.", "The badge carries no date."),
    Reason.DATE_INVALID: S(
        "Une date est mal écrite ou n’a pas de fuseau horaire.", "A date is malformed or has no time zone."
    ),
    Reason.VALUE_EMPTY: S("Une rubrique du badge est nulle.", "A member of the badge is null."),
    Reason.PART_UNREACHABLE: S(
        "La description du badge ou de son émetteur n’a pas pu être obtenue à son adresse.",
        "The description of the badge or of its issuer could not be obtained at its address.",
    ),
    Reason.NAME_INVALID: S(
        "Un nom ou une description manque ou n’est pas un texte.",
        "A name or a description is missing, or is not text.",
    ),
    Reason.RELATED_RESOURCE_INVALID: S(
        "Un document lié est mal désigné : il lui manque une adresse ou une empreinte.",
        "A related document is not named correctly: its address or its digest is missing.",
    ),
    Reason.RELATED_RESOURCE_DIFFERS: S(
        "Un document lié n’est pas celui que l’émetteur avait sous les yeux.",
        "A related document is not the one that the issuer had before them.",
    ),
    Reason.SCHEMA_VIOLATED: S(
        "Le contenu ne suit pas le schéma que le badge dit suivre.",
        "The content does not follow the schema that the badge says it follows.",
    ),
    Reason.HOLDER_INVALID: S(
        "La personne qui présente n’est pas nommée correctement.", "Whoever presents is not named correctly."
    ),
    Reason.PRESENTATION_EMPTY: S(
        "La présentation ne contient aucun badge : elle ne montre rien.",
        "The presentation holds no badge: it shows nothing.",
    ),
    Reason.MEMBERS_MISSING: S("Le relevé ne contient aucune attestation.", "The record holds no credential."),
    Reason.MEMBER_INVALID: S(
        "Une attestation contenue dans ce document n’en est pas une.",
        "One of the credentials inside this document is not a credential.",
    ),
    Reason.ASSOCIATION_INVALID: S(
        "Un lien entre deux éléments du relevé est mal écrit.",
        "A link between two parts of the record is malformed.",
    ),
    Reason.ENDORSEMENT_OF_ANOTHER: S(
        "Cette recommandation porte sur autre chose que ce à quoi elle est jointe.",
        "This endorsement is about something other than what it is attached to.",
    ),
    Reason.KIND_NOT_ACCEPTED: S(
        "C’est une attestation, mais pas un badge : elle n’est pas jugée ici.",
        "This is a credential, but not a badge: it is not judged here.",
    ),
    Reason.TOO_MANY_MEMBERS: S(
        "Le document contient trop d’attestations : toutes n’ont pas été vérifiées.",
        "The document holds too many credentials: not all of them were verified.",
    ),
    Reason.STATEMENT_MALFORMED: S(
        "Ce que dit le code imprimé n’est pas écrit comme il doit l’être : il a été abîmé ou modifié.",
        "What the printed code says is not written as it has to be: it was damaged or changed.",
    ),
    Reason.STATEMENT_VERSION_UNKNOWN: S(
        "Ce code imprimé est plus récent que ce que nous savons lire.",
        "This printed code is newer than what we can read.",
    ),
    Reason.PROOF_MISSING: S("Le badge n’est pas signé.", "The badge is not signed."),
    Reason.PRESENTATION_UNSIGNED: S(
        "La présentation n’est pas signée : rien ne dit qui la fait.",
        "The presentation is not signed: nothing tells who makes it.",
    ),
    Reason.PROOF_MALFORMED: S("La signature est mal écrite.", "The signature is malformed."),
    Reason.PROOF_PURPOSE_WRONG: S(
        "La signature a été faite pour un autre usage.", "The signature was made for another purpose."
    ),
    Reason.PROOF_EXPIRED: S("La signature a dépassé sa date limite.", "The signature is past its own end."),
    Reason.PROOF_IN_FUTURE: S(
        "La signature porte une date à venir : une horloge n’est pas à l’heure, la nôtre ou celle de l’émetteur.",
        "The signature is dated in the future: a clock is wrong, ours or the issuer’s.",
    ),
    Reason.PROOF_CHALLENGE_WRONG: S(
        "La signature ne répond pas à la question posée : elle peut être une copie d’une autre fois.",
        "The signature does not answer the challenge: it may be a copy from another time.",
    ),
    Reason.PROOF_DOMAIN_WRONG: S(
        "La signature a été faite pour un autre site.", "The signature was made for another site."
    ),
    Reason.PROOF_CHAINED: S(
        "La signature repose sur une autre, que nous n’avons pas pu vérifier.",
        "The signature rests on another, which could not be checked.",
    ),
    Reason.PROOF_CHAIN_BROKEN: S(
        "La signature repose sur une autre, qui manque ou n’est pas la bonne.",
        "The signature rests on another, which is missing or wrong.",
    ),
    Reason.PROOF_UNDISCLOSED: S(
        "Le badge est sous la forme complète que son titulaire garde pour lui : demandez-lui la forme qu’il en tire "
        "pour vous, où il choisit ce qu’il montre.",
        "The badge is in the full form that its holder keeps: ask them for the form they make from it for you, "
        "showing what they choose.",
    ),
    Reason.CRYPTOSUITE_UNSUPPORTED: S(
        "La signature est d’une sorte que nous ne savons pas encore vérifier.",
        "The signature is of a kind that we cannot check yet.",
    ),
    Reason.ALGORITHM_UNSUPPORTED: S(
        "Le jeton est signé avec un algorithme que nous ne savons pas encore vérifier.",
        "The token is signed with an algorithm that we cannot check yet.",
    ),
    Reason.ALGORITHM_NONE: S("Le jeton se déclare lui-même non signé.", "The token declares itself unsigned."),
    Reason.KEY_UNSUPPORTED: S(
        "La clé est d’une sorte que nous ne savons pas encore lire.",
        "The key is of a kind that we cannot read yet.",
    ),
    Reason.KEY_MALFORMED: S("La clé est mal écrite.", "The key is malformed."),
    Reason.KEY_MISMATCH: S("La clé ne convient pas à cette signature.", "The key does not fit this signature."),
    Reason.SIGNATURE_WRONG: S(
        "Le contenu ne correspond pas à la signature : il a été modifié, ou signé avec une autre clé.",
        "The content does not match the signature: it was changed, or signed with another key.",
    ),
    Reason.JWT_HEADER_WRONG: S("L’en-tête du jeton ne suit pas la norme.", "The token’s header breaks the standard."),
    Reason.JWT_CLAIMS_DIFFER: S(
        "Le jeton et le badge qu’il porte se contredisent.",
        "The token and the badge it carries contradict each other.",
    ),
    Reason.HOSTED_UNREACHABLE: S(
        "Ce badge vaut par ce que l’émetteur publie à son adresse, et cela n’a pas pu être obtenu.",
        "This badge stands by what its issuer publishes at its address, which could not be obtained.",
    ),
    Reason.HOSTED_DIFFERS: S(
        "Le fichier ne dit pas la même chose que ce que l’émetteur publie à l’adresse du badge.",
        "The file does not say the same as what the issuer publishes at the badge’s address.",
    ),
    Reason.DID_INVALID: S("L’identifiant de l’émetteur est mal écrit.", "The issuer’s identifier is malformed."),
    Reason.DID_METHOD_UNSUPPORTED: S(
        "Nous ne savons pas trouver la clé d’un émetteur identifié de cette façon.",
        "We cannot find the key of an issuer identified in this way.",
    ),
    Reason.KEY_UNREACHABLE: S(
        "La clé de l’émetteur n’a pas pu être obtenue.", "The issuer’s key could not be obtained."
    ),
    Reason.KEY_UNKNOWN: S(
        "L’émetteur ne connaît pas la clé qui a signé.", "The issuer does not know the key that signed."
    ),
    Reason.KEY_NOT_FOR_ASSERTION: S(
        "L’émetteur n’autorise pas cette clé à signer des badges.",
        "The issuer does not let this key sign badges.",
    ),
    Reason.KEY_NOT_FOR_AUTHENTICATION: S(
        "La personne qui présente n’autorise pas cette clé à signer pour elle.",
        "Whoever presents does not let this key sign for them.",
    ),
    Reason.KEY_NOT_OF_ISSUER: S(
        "La clé qui a signé n’est pas celle de l’émetteur nommé.",
        "The key that signed is not that of the issuer named.",
    ),
    Reason.HOST_NOT_OF_ISSUER: S(
        "Le badge est publié à une adresse qui n’est pas de celles de l’émetteur nommé.",
        "The badge is published at an address that is not one of the issuer named.",
    ),
    Reason.KEY_REVOKED: S("L’émetteur a retiré la clé qui a signé.", "The issuer has withdrawn the key that signed."),
    Reason.KEY_EXPIRED: S("La clé qui a signé n’est plus en service.", "The key that signed is no longer in service."),
    Reason.REVOKED: S("L’émetteur a retiré ce badge.", "The issuer has withdrawn this badge."),
    Reason.SUSPENDED: S("Ce badge est en pause.", "This badge is on hold."),
    Reason.STATUS_UNREACHABLE: S(
        "La liste des retraits n’a pas pu être obtenue.",
        "The list of withdrawn badges could not be obtained.",
    ),
    Reason.STATUS_TYPE_UNSUPPORTED: S(
        "Le retrait éventuel est publié d’une façon que nous ne savons pas encore lire.",
        "Withdrawals are published in a way that we cannot read yet.",
    ),
    Reason.STATUS_MALFORMED: S(
        "Le badge n’indique pas correctement où lire son retrait éventuel.",
        "The badge does not say correctly where its withdrawal would be published.",
    ),
    Reason.STATUS_LIST_MALFORMED: S(
        "La liste des retraits est mal formée.", "The list of withdrawn badges is malformed."
    ),
    Reason.STATUS_LIST_TOO_SMALL: S(
        "La liste des retraits est plus courte que la norme ne le permet.",
        "The list of withdrawn badges is shorter than the standard allows.",
    ),
    Reason.STATUS_LIST_BOMB: S(
        "La liste des retraits se déplie en un volume anormal.",
        "The list of withdrawn badges unpacks to an abnormal size.",
    ),
    Reason.STATUS_LIST_UNPROVED: S(
        "La liste des retraits n’est pas signée comme il faut : nous ne nous y fions pas.",
        "The list of withdrawn badges is not properly signed: we do not rely on it.",
    ),
    Reason.STATUS_LIST_EXPIRED: S(
        "La liste des retraits que nous avons n’est plus à jour.",
        "The list of withdrawn badges that we have is out of date.",
    ),
    Reason.STATUS_ISSUER_DIFFERS: S(
        "La liste des retraits est celle d’un autre émetteur.",
        "The list of withdrawn badges is another issuer’s.",
    ),
    Reason.STATUS_PURPOSE_DIFFERS: S(
        "La liste indiquée sert à autre chose qu’aux retraits.",
        "The list named is for something other than withdrawals.",
    ),
    Reason.STATUS_INDEX_OUT_OF_RANGE: S(
        "Le badge renvoie à une ligne que la liste des retraits n’a pas.",
        "The badge points at an entry that the list does not have.",
    ),
    Reason.NOT_YET_VALID: S("Le badge n’est pas encore valable.", "The badge is not valid yet."),
    Reason.EXPIRED: S("Le badge a dépassé sa date de validité.", "The badge is past its end of validity."),
    Reason.DATES_REVERSED: S("Le badge finit avant de commencer.", "The badge ends before it begins."),
    Reason.ISSUER_UNKNOWN: S(
        "L’émetteur nous est inconnu ; cela ne veut pas dire que le badge est faux.",
        "The issuer is unknown to us; this does not mean that the badge is false.",
    ),
    Reason.RECOGNITION_EXPIRED: S(
        "L’émetteur n’était pas reconnu à la date du badge.",
        "The issuer was not recognised on the date of the badge.",
    ),
    Reason.RECOGNITION_NOT_COVERING: S(
        "L’émetteur est reconnu, mais pas pour ce référentiel.",
        "The issuer is recognised, but not for this framework.",
    ),
    Reason.NOT_REACHED: S(
        "Un point précédent rend cette vérification sans objet.",
        "An earlier point leaves nothing to check here.",
    ),
    Reason.NOT_APPLICABLE: S(
        "La question ne se pose pas pour un document de cette sorte.",
        "The question does not arise for a document of this kind.",
    ),
    Reason.SCHEMA_NOT_HELD: S(
        "Le badge nomme un schéma que nous n’avons pas : il n’a pas été comparé.",
        "The badge names a schema that we do not have: it was not compared.",
    ),
    Reason.TOO_MANY_ENDORSEMENTS: S(
        "Il y a trop de recommandations : seules les premières ont été vérifiées.",
        "There are too many endorsements: only the first ones were verified.",
    ),
    Reason.STATUS_MESSAGE: S(
        "L’émetteur joint un message d’état à ce badge, sans le retirer. Demandez-lui ce qu’il veut dire.",
        "The issuer attaches a status message to this badge, and does not take it back. Ask them what it means.",
    ),
    Reason.REFRESH_ANNOUNCED: S(
        "L’émetteur annonce une version plus récente de ce badge.",
        "The issuer announces a newer version of this badge.",
    ),
}


def headline(report: Report) -> Headline:
    """The sentence for the report: the gravest thing that is so, said once."""
    summary = report.credential
    kind = _kind(report)
    presents = summary.holder_id if report.kind is Kind.PRESENTATION else None
    issuer = summary.issuer_name or summary.issuer_id or presents or "?"
    date = summary.valid_until if kind.startswith("expired") else summary.valid_from
    sentence = HEADLINES[kind]
    if report.kind not in (Kind.OPEN_BADGE_3, Kind.OPEN_BADGE_2, Kind.STATEMENT):
        sentence = DOCUMENTS.get(kind, sentence)
    return Headline(kind, sentence, issuer, date if "{date}" in sentence.french else None)


def _kind(report: Report) -> str:
    if report.verdict is Verdict.VALID:
        return _VALID.get(report.kind, "valid")
    failed = {check.name: check.reason for check in report.checks if check.outcome is Outcome.FAILED}
    return _kind_of_failed(report, failed) if failed else _kind_of_open(report)


def _kind_of_open(report: Report) -> str:
    """Of one in which nothing is wrong and something is not known."""
    if report.checks[0].reason is Reason.KIND_NOT_ACCEPTED:
        return "not_a_badge"
    if report.kind is Kind.PRESENTATION:
        return _kind_of_presentation(report)
    proof, key, status, recognised = (
        report.check(name) for name in (CheckName.PROOF, CheckName.KEY_CONTROLLED, CheckName.STATUS, _ISSUER)
    )
    if Outcome.NOT_CHECKED in (proof.outcome, key.outcome):
        return "unproved"
    if recognised.reason is Reason.ISSUER_UNKNOWN:
        return "issuer_unknown"
    if recognised.outcome is Outcome.NOT_CHECKED:
        return "issuer_not_recognised"
    return "status_unchecked" if status.outcome is Outcome.NOT_CHECKED else "undetermined"


def _kind_of_presentation(report: Report) -> str:
    """Of one in which nothing of its own is wrong."""
    if any(member.verdict is Verdict.INVALID for member in report.members):
        return "members_refused"
    if report.check(CheckName.PROOF).reason is Reason.PRESENTATION_UNSIGNED:
        return "presentation_unsigned"
    own = (CheckName.STRUCTURE, CheckName.PROOF, CheckName.KEY_CONTROLLED)
    settled = all(report.check(name).outcome is Outcome.PASSED for name in own)
    return "members_open" if settled else "unproved"


def _kind_of_failed(report: Report, failed: Mapping[CheckName, Reason | None]) -> str:
    if failed.get(CheckName.PROOF) in (Reason.SIGNATURE_WRONG, Reason.KEY_MISMATCH):
        return "forged"
    if failed.get(CheckName.PROOF) is Reason.HOSTED_DIFFERS:
        return "differs"
    if CheckName.KEY_CONTROLLED in failed:
        withdrawn = failed[CheckName.KEY_CONTROLLED] in (Reason.KEY_REVOKED, Reason.KEY_EXPIRED)
        return "key_withdrawn" if withdrawn else "impostor"
    if failed.get(CheckName.STRUCTURE) is Reason.ENDORSEMENT_OF_ANOTHER:
        return "endorsement_of_another"
    authentic = all(
        report.check(name).outcome is Outcome.PASSED for name in (CheckName.PROOF, CheckName.KEY_CONTROLLED)
    )
    # What follows speaks in the issuer's name: only where nothing graver stands in the way.
    if authentic and failed.keys() <= {CheckName.STATUS, CheckName.VALIDITY}:
        recognised = report.check(_ISSUER).outcome is Outcome.PASSED
        for reason, kind in _SPOKEN_BY_ISSUER:
            if reason in failed.values():
                return f"{kind}_unrecognised" if kind == "expired" and not recognised else kind
    return _OUT_OF_DATE.get(failed.get(CheckName.VALIDITY) if len(failed) == 1 else None, "defective")


HOLDERS: Mapping[Match, Sentence] = {
    Match.EXACT: S(
        "C’est exactement ce qui est écrit dans le badge.",
        "This is exactly what the badge says.",
    ),
    Match.SPELLED: S(
        "Cela correspond à ce qui est écrit dans le badge, avec une autre orthographe.",
        "This matches what the badge says, in another spelling.",
    ),
    Match.DIFFERENT: S(
        "Nous ne retrouvons pas cela dans le badge. Un nom peut s’écrire de bien des façons : demandez à la personne "
        "comment le sien y est inscrit.",
        "We do not find this in the badge. A name can be written in many ways: ask the person how theirs is entered.",
    ),
    Match.UNTOLD: S(
        "Ce badge ne contient rien à quoi comparer cela.",
        "This badge holds nothing to compare this with.",
    ),
}
"""Whether what was typed is the holder's; none of them says that somebody is not who they say they are."""
