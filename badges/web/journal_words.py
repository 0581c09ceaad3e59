"""The journal's acts in sentences. Staff are named; a person who is followed never is.

An act without a sentence here is shown by its code, never left out.
"""

from flask_babel import gettext

from badges.services.errors import N_
from badges.services.organisations import JournalLine

SENTENCES = {
    "acquired.filled": N_("%(who)s a rempli une grille d’acquis avec une personne."),
    "award.claimed": N_("%(who)s a pris un badge."),
    "award.declined": N_("%(who)s n’a pas voulu d’un badge."),
    "award.granted": N_("%(who)s a accordé un badge."),
    "award.proposed": N_("%(who)s a proposé un badge."),
    "award.refused": N_("%(who)s n’a pas accordé un badge."),
    "consent.given": N_("%(who)s a noté un accord."),
    "consent.withdrawn": N_("%(who)s a noté un accord repris."),
    "contest.answered": N_("%(who)s a répondu à un niveau contesté."),
    "contest.maintained": N_("%(who)s a gardé son avis sur un niveau contesté."),
    "contest.opened": N_("%(who)s a contesté un niveau."),
    "contest.settled": N_("%(who)s a accepté la réponse à un niveau contesté."),
    "contest.withdrawn": N_("%(who)s ne conteste plus un niveau."),
    "cover.ended": N_("%(who)s a mis fin au remplacement que faisait %(staff)s."),
    "cover.named": N_("%(who)s a désigné %(staff)s pour remplacer un coach absent."),
    "credential.corrected": N_("%(who)s a corrigé un badge : l’ancien est retiré, un nouveau peut être pris."),
    "credential.replaced": N_("%(who)s a remplacé un badge pour changer ce qu’il montre."),
    "credential.resumed": N_("%(who)s a levé la pause d’un badge."),
    "credential.revoked": N_("%(who)s a retiré un badge."),
    "credential.suspended": N_("%(who)s a mis un badge en pause."),
    "group.changed": N_("%(who)s a modifié une séance de groupe."),
    "group.ended": N_("%(who)s a terminé une séance de groupe."),
    "group.opened": N_("%(who)s a ouvert une séance de groupe."),
    "group.reopened": N_("%(who)s a rouvert une séance de groupe."),
    "group.saved": N_("%(who)s a noté ce qui a été vu dans une séance de groupe."),
    "group.turn": N_("%(who)s a ouvert une nouvelle manche d’une séance de groupe."),
    "interview.changed": N_("%(who)s a modifié un entretien à trois."),
    "interview.confirmed": N_("%(who)s a confirmé un entretien à trois."),
    "interview.link_made": N_("%(who)s a fait un lien vers un entretien à trois."),
    "interview.written": N_("%(who)s a écrit un entretien à trois."),
    "key.compromised": N_("%(who)s a déclaré une clé de signature tombée en d’autres mains."),
    "key.created": N_("%(who)s a créé une clé de signature."),
    "keyring.restored": N_("%(who)s a restauré le trousseau de clés."),
    "mandate.ended": N_("%(who)s a mis fin à un mandat de signer au nom du propriétaire."),
    "mandate.given": N_("%(who)s a donné mandat de signer au nom du propriétaire."),
    "observation.answered": N_("%(who)s a répondu à une demande de correction."),
    "observation.questioned": N_("%(who)s a demandé une correction de ce qui a été vu."),
    "observation.set_aside": N_("%(who)s a mis de côté un fait vu."),
    "observation.taken_up": N_("%(who)s a repris un fait mis de côté."),
    "observation.withdrawn": N_("%(who)s a retiré un fait noté."),
    "organisation.created": N_("%(who)s a créé l’organisation."),
    "organisation.proof_chosen": N_("%(who)s a choisi comment l’organisation signe ses badges."),
    "organisation.settings_changed": N_("%(who)s a changé les réglages de l’organisation."),
    "erasure.asked": N_("%(who)s a demandé un effacement."),
    "erasure.cancelled": N_("%(who)s a renoncé à un effacement."),
    "person.age_band_changed": N_("%(who)s a changé une tranche d’âge."),
    "passkey.added": N_("%(who)s a ajouté une clé d’accès."),
    "passkey.removed": N_("%(who)s a retiré une clé d’accès."),
    "passkey.stopped": N_("Une clé d’accès de %(who)s ne marche plus : elle a peut-être été copiée."),
    "person.card_replaced": N_("%(who)s a remplacé la carte d’une personne."),
    "person.created": N_("%(who)s a inscrit une personne."),
    "person.grouped": N_("%(who)s a rangé une personne dans un groupe."),
    "person.erased": N_("%(who)s a effacé une personne accompagnée."),
    "person.exported": N_("%(who)s a pris une copie de toutes ses données."),
    "person.handed_over": N_("%(who)s a passé le relais pour une personne."),
    "person.joined": N_("%(who)s a accueilli une personne venue avec sa carte."),
    "person.left": N_("%(who)s a terminé le suivi d’une personne."),
    "person.pin_changed": N_("%(who)s a changé son code secret."),
    "person.pin_chosen": N_("%(who)s a choisi son code secret."),
    "person.access_restored": N_("%(who)s a rendu son accès à une personne, après deux vérifications."),
    "person.sought": N_("%(who)s a cherché une personne qui demande son accès."),
    "request.cancelled": N_("%(who)s a clos une demande sans rien faire."),
    "request.checked": N_("%(who)s a fait la deuxième vérification d’une demande."),
    "request.opened": N_("%(who)s a fait la première vérification d’une demande."),
    "legal.changed": N_("%(who)s a écrit une page légale."),
    "organisation.notice_changed": N_("%(who)s a changé ce que la notice dit, ou une durée."),
    "organisation.closed": N_("%(who)s a fermé l’organisation."),
    "person.pin_reset": N_("%(who)s a refait l’accès d’une personne."),
    "piece.added": N_("%(who)s a ajouté une pièce à un portfolio."),
    "piece.removed": N_("%(who)s a retiré une pièce d’un portfolio."),
    "recognition.ended": N_("%(who)s a mis fin à une reconnaissance."),
    "recognition.granted": N_("%(who)s a reconnu une organisation sur un référentiel."),
    "referentiel.changed": N_("%(who)s a modifié le brouillon d’un référentiel."),
    "referentiel.created": N_("%(who)s a créé un référentiel."),
    "referentiel.published": N_("%(who)s a publié une version d’un référentiel."),
    "referentiel.translated": N_("%(who)s a traduit un référentiel."),
    "referentiel.wording_kept": N_("%(who)s a gardé des mots signalés, avec une raison."),
    "referentiel.wording_released": N_("%(who)s ne garde plus des mots signalés."),
    "referentiel.withdrawn": N_("%(who)s a retiré une version d’un référentiel."),
    "round.answered": N_("%(who)s a répondu à un désaccord."),
    "round.cancelled": N_("%(who)s a annulé un positionnement ouvert par erreur."),
    "round.closed": N_("%(who)s a confirmé un positionnement, qui est clos."),
    "round.concluded": N_("%(who)s a conclu un positionnement après l’échange."),
    "round.confirmed": N_("%(who)s a confirmé une réponse à un désaccord."),
    "round.opened": N_("%(who)s a ouvert un positionnement."),
    "round.rated": N_("%(who)s a rempli une réponse d’un positionnement."),
    "round.sealed": N_("%(who)s a fini sa part d’un positionnement."),
    "round.settled": N_("%(who)s a noté ce qui a été convenu dans un positionnement."),
    "share.opened": N_("%(who)s a ouvert un partage de badge."),
    "share.withdrawn": N_("%(who)s a arrêté un partage de badge."),
    "situation.opened": N_("%(who)s a noté une situation de travail."),
    "situation.tried": N_("%(who)s a noté un essai dans une situation de travail."),
    "staff.deactivated": N_("%(who)s a désactivé le compte de %(staff)s."),
    "staff.invited": N_("%(who)s a invité %(staff)s."),
    "staff.password_changed": N_("%(who)s a changé son mot de passe."),
    "staff.password_set": N_("%(who)s a choisi son mot de passe."),
    "staff.reactivated": N_("%(who)s a réactivé le compte de %(staff)s."),
    "staff.reset": N_("%(who)s a fait un lien de mot de passe pour %(staff)s."),
    "staff.roles_changed": N_("%(who)s a changé les rôles de %(staff)s."),
    "tutor.answered": N_("%(who)s a donné son avis sur un positionnement."),
    "tutor.asked": N_("%(who)s a demandé l’avis d’une entreprise."),
    "tutor.link_replaced": N_("%(who)s a remplacé le lien donné à une entreprise."),
    "tutor.objected": N_("%(who)s n’a pas voulu de l’avis d’une entreprise."),
    "tutor.set_aside": N_("%(who)s a mis de côté l’avis d’une entreprise."),
    "tutor.stopped": N_("%(who)s a arrêté la demande faite à une entreprise."),
    "tutor.went_without": N_("%(who)s a continué un positionnement sans attendre l’entreprise."),
    "tutor.wrong_person": N_("%(who)s a dit que ce n’était pas la bonne personne."),
    "word.asked": N_("%(who)s a demandé la parole d’un pair."),
    "word.given": N_("%(who)s a donné une parole."),
    "word.kept": N_("%(who)s a gardé la parole d’un pair."),
    "word.let_go": N_("%(who)s ne garde plus la parole d’un pair."),
    "word.link_replaced": N_("%(who)s a remplacé le lien donné à un pair."),
    "word.removed": N_("%(who)s a effacé la parole d’un pair."),
    "status.opened": N_("%(who)s a ouvert une liste d’états."),
}

ANYTHING = N_("%(who)s : %(action)s.")
OPERATOR = N_("L’exploitant")
OTHERS = {"person": N_("Une personne accompagnée"), "tutor": N_("Une entreprise d’accueil"), "peer": N_("Un pair")}


def who(line: JournalLine) -> str:
    """Who acted: a member of staff by name, anybody else by what they are."""
    if line.actor_kind == "staff":
        return line.actor or gettext("Un compte effacé")
    text: str = gettext(OTHERS.get(line.actor_kind, OPERATOR))
    return text


def what(line: JournalLine) -> str:
    """The act in one sentence."""
    values = {"who": who(line), "staff": line.staff, "action": line.action}
    text: str = gettext(SENTENCES.get(line.action, ANYTHING))
    return text % values
