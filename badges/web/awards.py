"""Awards: proposed by a coach, decided by an issuer, claimed by the person; paused, withdrawn, corrected; shared."""

import uuid
from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from badges.models.awards import AwardRecord, AwardState
from badges.models.consents import Purpose
from badges.models.people import Role
from badges.services import (
    assessments,
    awards,
    claims,
    consents,
    evidence,
    lifecycle,
    pictures,
    public_badges,
    shares,
    voice_evidence,
)
from badges.services.errors import Conflict, Invalid, NotFound
from badges.services.referentiels import document_of
from badges.services.wording import WordsToReview
from badges.web import award_pages, claim_pages, current, documents, evidence_words, reissues, share_pages
from badges.web.access import PERSON, SIGNED_IN, requires, role
from badges.web.claim_pages import CLAIM
from badges.web.evidence_words import EvidenceRow
from badges.web.problems import errors

blueprint = Blueprint("awards", __name__)
reissues.attach(blueprint)
Page = str | Response | tuple[str, int]

AWARD = "/badges-proposes/<uuid:award_id>"
MINE = "/moi/badges/<uuid:award_id>"
EVIDENCE_ROWS = 3
ENDED = (AwardState.REVOKED, AwardState.REFUSED, AwardState.DECLINED, AwardState.LAPSED)


@blueprint.get("/badges")
@requires(role(Role.ISSUER, Role.COACH))
def index() -> str:
    """What waits for a decision, what waits to be claimed, what was given, and what has ended."""
    session, actor = current.db(), current.actor()
    page = max(request.args.get("page", 1, type=int), 1)
    find = awards.of_issuer if actor.has(Role.ISSUER) else awards.of_coach
    given, more = find(session, actor, (AwardState.CLAIMED,), page=page)
    return render_template(
        "awards/index.html",
        issuing=actor.has(Role.ISSUER),
        waiting=_views(find(session, actor, (AwardState.PROPOSED,))[0]),
        granted=_views(find(session, actor, (AwardState.GRANTED,))[0]),
        given=_views(given),
        ended=_views(find(session, actor, ENDED)[0]),
        followed=_views(awards.of_coach(session, actor, (AwardState.PROPOSED, AwardState.GRANTED))[0])
        if actor.has(Role.ISSUER) and actor.has(Role.COACH)
        else [],
        page=page,
        more=more,
    )


@blueprint.get("/positionnements/<uuid:round_id>/badges/<badge_code>/proposer")
@requires(role(Role.COACH))
def propose(round_id: uuid.UUID, badge_code: str) -> str:
    """Propose a badge that a closed round meets, with the evidence the person may keep."""
    return _propose_page(round_id, badge_code, None, None)


@blueprint.post("/positionnements/<uuid:round_id>/badges/<badge_code>/proposer")
@requires(role(Role.COACH))
def proposed(round_id: uuid.UUID, badge_code: str) -> Page:
    """Write the proposal down."""
    rows = _posted_evidence()
    try:
        award = awards.propose(
            current.db(),
            current.actor(),
            round_id=round_id,
            badge_code=badge_code,
            evidence=[
                *({"name": row.name, "narrative": row.narrative} for row in rows if row.kept),
                *voice_evidence.chosen(
                    current.db(), current.actor(), round_id, badge_code, request.form.getlist("voice")
                ),
            ],
            wording_reason=request.form.get("wording_reason", ""),
            now=current.now(),
        )
    except Invalid as refused:
        return _propose_page(round_id, badge_code, rows, refused), refused.status
    current.db().commit()
    flash(
        gettext("Le badge est proposé. Une personne qui a le rôle Attribution doit maintenant l’accorder."), "success"
    )
    return redirect(url_for("awards.show", award_id=award.id), 303)


@blueprint.get(AWARD)
@requires(SIGNED_IN)
def show(award_id: uuid.UUID) -> Page:
    """An award: for staff where it stands and what may be done; the person is led to their own page of it."""
    if current.actor().kind == "staff":
        return _show_page(award_id, None)
    award = awards.for_person(current.db(), current.actor(), award_id)
    where = "awards.claim" if award.state is AwardState.GRANTED else "awards.mine"
    return redirect(url_for(where, award_id=award.id), 303)


@blueprint.post(f"{AWARD}/accorder")
@requires(role(Role.ISSUER))
def grant(award_id: uuid.UUID) -> Page:
    """Grant it: the person may claim it."""
    awards.grant(current.db(), current.actor(), award_id=award_id, now=current.now())
    current.db().commit()
    flash(gettext("Le badge est accordé. La personne peut maintenant le relire et le prendre."), "success")
    return redirect(url_for("awards.show", award_id=award_id), 303)


@blueprint.post(f"{AWARD}/ne-pas-accorder")
@requires(role(Role.ISSUER))
def refuse(award_id: uuid.UUID) -> Page:
    """Do not grant it, and say why."""
    return _with_reason(
        award_id,
        "refuse",
        lambda reason: awards.refuse(
            current.db(), current.actor(), award_id=award_id, reason=reason, now=current.now()
        ),
        gettext("C’est noté. Le coach lit votre raison et peut proposer à nouveau."),
    )


@blueprint.post(f"{AWARD}/mettre-en-pause")
@requires(role(Role.ISSUER))
def suspend(award_id: uuid.UUID) -> Page:
    """Pause the badge."""
    return _with_reason(
        award_id,
        "suspend",
        lambda reason: lifecycle.suspend(
            current.db(), current.actor(), current.installation(), award_id=award_id, reason=reason, now=current.now()
        ),
        gettext("Le badge est en pause. Sa page publique le dit dès maintenant."),
    )


@blueprint.post(f"{AWARD}/reprendre")
@requires(role(Role.ISSUER))
def resume(award_id: uuid.UUID) -> Page:
    """Lift the pause."""
    lifecycle.resume(current.db(), current.actor(), current.installation(), award_id=award_id, now=current.now())
    current.db().commit()
    flash(gettext("La pause est levée. Le badge est à nouveau valable."), "success")
    return redirect(url_for("awards.show", award_id=award_id), 303)


@blueprint.post(f"{AWARD}/retirer")
@requires(role(Role.ISSUER))
def revoke(award_id: uuid.UUID) -> Page:
    """Withdraw the badge for ever."""
    return _with_reason(
        award_id,
        "revoke",
        lambda reason: lifecycle.revoke(
            current.db(), current.actor(), current.installation(), award_id=award_id, reason=reason, now=current.now()
        ),
        gettext("Le badge est retiré. Sa page publique le dit dès maintenant, sans la raison."),
    )


@blueprint.post(f"{AWARD}/corriger")
@requires(role(Role.ISSUER))
def correct(award_id: uuid.UUID) -> Page:
    """Withdraw the badge as it is, and let the person claim the corrected one."""
    return _with_reason(
        award_id,
        "correct",
        lambda reason: lifecycle.correct(
            current.db(), current.actor(), current.installation(), award_id=award_id, reason=reason, now=current.now()
        ),
        gettext("L’ancien badge est retiré. La personne peut relire et prendre le nouveau ; son code ne change pas."),
    )


@blueprint.get(f"{AWARD}/prendre")
@requires(PERSON)
def claim(award_id: uuid.UUID) -> Page:
    """Choose what goes in, then read exactly what will be signed; before the first, whether badges may be shown."""
    if not consents.given(current.db(), current.actor().person_id, Purpose.PUBLICATION):
        awards.for_person(current.db(), current.actor(), award_id)
        back = url_for("awards.claim", award_id=award_id)
        return redirect(url_for("agreements.ask", purpose=Purpose.PUBLICATION, next=back), 303)
    award = awards.for_person(current.db(), current.actor(), award_id)
    if award.state is AwardState.CLAIMED:
        return _theirs_already(award_id)
    awards.require_state(award, AwardState.GRANTED)
    named = request.args.get("nom") in claim_pages.NAMES
    choice = claim_pages.chosen(request.args) if named else None
    if "vu" not in request.args:
        return claim_pages.choosing(award, CLAIM, choice)
    try:
        if not named:
            raise claim_pages.no_name()
        return _claim_page(award_id, request.args, None)
    except Invalid as refused:
        return claim_pages.choosing(award, CLAIM, claim_pages.chosen(request.args), refused), refused.status


@blueprint.post(f"{AWARD}/prendre")
@requires(PERSON)
def claimed(award_id: uuid.UUID) -> Page:
    """Sign what was read, with the person's PIN."""
    try:
        claims.claim(
            current.db(),
            current.actor(),
            current.installation(),
            award_id=award_id,
            choice=claim_pages.chosen(request.form),
            pin=request.form.get("pin", ""),
            shown=request.form.get("shown", ""),
            now=current.now(),
        )
    except claims.WrongPin as refused:
        current.db().commit()  # the guess stays counted
        return _claim_page(award_id, request.form, refused), refused.status
    except Conflict:
        if awards.for_person(current.db(), current.actor(), award_id).state is AwardState.CLAIMED:
            return _theirs_already(award_id)
        raise
    current.db().commit()
    flash(claim_pages.done_words(changing=False), "success")
    return redirect(url_for("awards.mine", award_id=award_id), 303)


def _theirs_already(award_id: uuid.UUID) -> Response:
    """The back button after claiming, or a second press: the badge itself, and a sentence."""
    flash(gettext("Ce badge est déjà à vous. Il n’a été signé qu’une fois."), "info")
    return redirect(url_for("awards.mine", award_id=award_id), 303)


@blueprint.post(f"{AWARD}/ne-pas-prendre")
@requires(PERSON)
def decline(award_id: uuid.UUID) -> Page:
    """The person does not want it."""
    lifecycle.decline(current.db(), current.actor(), award_id=award_id, now=current.now())
    current.db().commit()
    flash(gettext("C’est noté : rien n’a été signé. Cela ne change rien à l’accompagnement."), "success")
    return redirect(url_for("people.mine"), 303)


@blueprint.get(MINE)
@requires(PERSON)
def mine(award_id: uuid.UUID) -> str:
    """The person's own page of a badge: link, code, QR, files, and whether it is shared."""
    award = awards.for_person(current.db(), current.actor(), award_id)
    view = award_pages.view(award, current.actor(), current.now())
    share = shares.active_share(award, current.now())
    given = share_pages.view(share) if share else None
    return render_template(
        "awards/mine.html",
        award=view,
        address=given.address if given else "",
        sms=share_pages.sms(share_pages.message(given)) if given else "",
        picture=Markup(pictures.svg(claim_pages.drawn(award)).decode()),  # noqa: S704 - our own drawing, its words escaped
    )


@blueprint.get(f"{MINE}/badge.<any(json, png, svg):form>")
@requires(PERSON)
def my_file(award_id: uuid.UUID, form: str) -> Response:
    """The badge as a file of the person's own, shared or not."""
    award = awards.for_person(current.db(), current.actor(), award_id)
    if not award.credentials:
        raise NotFound(awards.UNKNOWN)
    document, name = award.credentials[-1].document, f"badge-{award.badge_code}.{form}"
    if form == "json":
        return documents.exact(document, documents.VC_LD_JSON, file_name=name, shared=False)
    bake = pictures.baked_png if form == "png" else pictures.baked_svg
    media = documents.PNG if form == "png" else documents.SVG
    return documents.exact(bake(claim_pages.drawn(award), document), media, file_name=name, shared=False)


@blueprint.post(f"{MINE}/arreter-le-partage")
@requires(PERSON)
def withdraw_share(award_id: uuid.UUID) -> Page:
    """End the public page."""
    share_id = request.form.get("share", 0, type=int)
    shares.withdraw_share(current.db(), current.actor(), share_id=share_id, now=current.now())
    current.db().commit()
    flash(gettext("Le partage est arrêté. L’ancienne adresse ne montre plus rien."), "success")
    return redirect(url_for("awards.mine", award_id=award_id), 303)


@blueprint.post(f"{MINE}/partager")
@requires(PERSON)
def new_share(award_id: uuid.UUID) -> Page:
    """A new public code."""
    shares.new_share(current.db(), current.actor(), award_id=award_id, now=current.now())
    current.db().commit()
    flash(gettext("Le badge a une nouvelle adresse et un nouveau code. Les anciens ne marchent plus."), "success")
    return redirect(url_for("awards.mine", award_id=award_id), 303)


def _views(found: list[AwardRecord]) -> list[award_pages.AwardView]:
    return [award_pages.view(award, current.actor(), current.now()) for award in found]


def _show_page(award_id: uuid.UUID, refused: Invalid | None, about: str = "") -> str:
    award = awards.for_staff(current.db(), current.actor(), award_id)
    view = award_pages.view(award, current.actor(), current.now())
    return render_template(
        "awards/show.html",
        award=view,
        errors=errors(refused),
        about=about,
        typed=request.form.get("reason", ""),
        public=_public_page(view),
    )


def _public_page(view: award_pages.AwardView) -> str:
    """The badge's own address, where anybody may open it; which shares it stands in is the person's to say."""
    credential = view.credential
    if credential is None:
        return ""
    code = public_badges.address_open(current.db(), view.id, credential.document, current.now())
    return url_for("verification.credential", credential_id=credential.id) if code else ""


def _with_reason(award_id: uuid.UUID, about: str, act: Callable[[str], object], done: str) -> Page:
    """Do an act that asks for a reason; without one, the page again with what was typed."""
    try:
        act(request.form.get("reason", ""))
    except Invalid as refused:
        return _show_page(award_id, refused, about), refused.status
    current.db().commit()
    flash(done, "success")
    return redirect(url_for("awards.show", award_id=award_id), 303)


def _propose_page(
    round_id: uuid.UUID, badge_code: str, typed: list[EvidenceRow] | None, refused: Invalid | None
) -> str:
    row = assessments.round_for(current.db(), current.actor(), round_id)
    badge = award_pages.proposable(row, badge_code)
    if typed is None:
        offers = evidence.offered(current.db(), current.actor(), round_id, badge_code)
        typed = evidence_words.rows(offers, document_of(row.version))
    own = [one for one in typed if not one.offered and (one.name or one.narrative)]
    return render_template(
        "awards/propose.html",
        round_id=round_id,
        person=row.person.name,
        person_id=row.person_id,
        badge=badge,
        offered=[one for one in typed if one.offered],
        rows=[*own, *([EvidenceRow()] * (EVIDENCE_ROWS - len(own)))],
        voices=[
            (one.key, one.name, one.narrative)
            for one in voice_evidence.offered(current.db(), current.actor(), round_id, badge_code)
        ],
        voices_chosen=request.form.getlist("voice"),
        most=awards.MOST_EVIDENCE,
        errors=errors(refused),
        pointed=[
            (one.text, one.passage, gettext(one.passage.message_id).format(passage=one.passage.words))
            for one in (refused.remarks if isinstance(refused, WordsToReview) else ())
        ],
        wording_reason=request.form.get("wording_reason", ""),
    )


def _posted_evidence() -> list[EvidenceRow]:
    """The evidence as posted: first the offered rows, of which those in `keep` are kept, then the coach's own."""
    names, narratives = request.form.getlist("name"), request.form.getlist("narrative")
    offered, keep = request.form.get("offered", 0, type=int), request.form.getlist("keep", type=int)
    return [
        EvidenceRow(name, narrative, offered=place < offered, kept=place >= offered or place in keep)
        for place, (name, narrative) in enumerate(zip(names, narratives, strict=False))
    ]


def _claim_page(award_id: uuid.UUID, form: MultiDict[str, str], refused: Invalid | None) -> str:
    seen = claims.preview(
        current.db(),
        current.actor(),
        current.installation(),
        award_id=award_id,
        choice=claim_pages.chosen(form),
        now=current.now(),
    )
    return claim_pages.reading(seen, CLAIM, refused)
