"""What other voices add to a person's own page: a text to confirm, a word to read, a company that is being asked."""

from flask import url_for
from flask_babel import gettext, ngettext

from badges.services import interviews, peer_words, tutor_views
from badges.web import current
from badges.web.own_page import Task, Waiting


def tasks(*, tu: bool) -> list[Task]:
    """What the person may read and decide now."""
    session, actor = current.db(), current.actor()
    found = []
    for one in interviews.to_confirm(session, actor, current.now()):
        sentence = (
            gettext("Relis l’entretien à trois. Si c’est juste, confirme.")
            if tu
            else gettext("Relisez l’entretien à trois. Si c’est juste, confirmez.")
        )
        url = url_for("interviews.show", interview_id=one.id)
        found.append(Task("engagement", one.company, sentence, gettext("Relire"), url))
    words = peer_words.to_read(session, actor)
    if words:
        title = ngettext("Une parole reçue", "%(num)s paroles reçues", words)
        sentence = (
            gettext("Quelqu’un a raconté ce que tu as fait. Lis, puis choisis de garder ou non.")
            if tu
            else gettext("Quelqu’un a raconté ce que vous avez fait. Lisez, puis choisissez de garder ou non.")
        )
        found.append(Task("ecouter", title, sentence, gettext("Lire"), url_for("peer_words.mine")))
    return found


def waiting(*, tu: bool) -> list[Waiting]:
    """The companies that are being asked: the person may still say no."""
    sentence = (
        gettext("Ton coach lui demande ce qu’elle a vu. Tu peux dire non.")
        if tu
        else gettext("Votre coach lui demande ce qu’elle a vu. Vous pouvez dire non.")
    )
    return [
        Waiting(view.company, sentence, url_for("assessments.show", round_id=view.round_id, _anchor="entreprise"))
        for view in tutor_views.pending(current.db(), current.actor())
    ]
