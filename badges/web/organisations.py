"""Organisations: settings, staff and roles, the journal.

A one-time link is shown in the answer to the form that made it, and only where it could not be mailed; a mail that
did not leave is said at once, never left to be discovered.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from badges.models.people import OrganisationKind, Role
from badges.services import mail, organisations, staff
from badges.services.errors import N_, Conflict, Forbidden, Invalid, Refused
from badges.services.mail import Letter, MailFailed
from badges.services.staff import Admission
from badges.web import current, journal_words, letters, proof_words
from badges.web.access import requires, role
from badges.web.problems import errors

blueprint = Blueprint("organisations", __name__)
Page = str | Response | tuple[str, int]

ORGANISATION = "/organisations/<slug>"
MEMBER = f"{ORGANISATION}/equipe/<int:staff_id>"
ADMINISTRATOR = role(Role.ADMINISTRATOR)
KINDS = {
    OrganisationKind.REGION: N_("Région"),
    OrganisationKind.BRANCHE: N_("Branche"),
    OrganisationKind.STRUCTURE: N_("Structure d’accompagnement"),
    OrganisationKind.ENTREPRISE: N_("Entreprise"),
}
ROLES = {
    Role.COACH: (N_("Coach"), N_("Suit des personnes, remplit sa part, propose des badges.")),
    Role.ISSUER: (N_("Attribution"), N_("Accorde les badges proposés, les met en pause, les retire.")),
    Role.EDITOR: (N_("Rédaction"), N_("Écrit et publie les référentiels.")),
    Role.AUDITOR: (N_("Contrôle"), N_("Lit le journal : qui a fait quoi, sans nom de personne accompagnée.")),
    Role.ADMINISTRATOR: (N_("Administration"), N_("Invite l’équipe et donne les rôles.")),
}
MAIL_FAILED = N_(
    "L’e-mail n’est pas parti : le serveur de courrier ne l’a pas pris. Remettez vous-même le lien ci-dessous."
)
MAIL_FAILED_PRIVATE = N_(
    "L’e-mail n’est pas parti : le serveur de courrier ne l’a pas pris. Le lien n’est pas montré, car ce compte sert "
    "aussi ailleurs : la personne peut en demander un sur la page « Mot de passe oublié »."
)


@blueprint.get("/organisations")
@requires(ADMINISTRATOR)
def index() -> str:
    """The organisations one administers."""
    return render_template(
        "organisations/index.html",
        organisations=organisations.held(current.db(), current.actor(), Role.ADMINISTRATOR),
        may_create=organisations.may_create(current.db(), current.actor()),
        kinds=KINDS,
    )


@blueprint.get("/nouvelle-organisation")
@requires(ADMINISTRATOR)
def new() -> str:
    """Add an organisation, as a région."""
    return _new_page()


@blueprint.post("/nouvelle-organisation")
@requires(ADMINISTRATOR)
def create() -> Page:
    """Add the organisation, with its key and status lists."""
    try:
        row = organisations.create_organisation(
            current.db(),
            current.installation(),
            current.actor(),
            name=request.form.get("name", ""),
            kind=_kind(),
            territory=request.form.get("territory", ""),
            now=current.now(),
        )
    except (Conflict, Invalid) as refused:
        return _new_page(refused), refused.status
    current.db().commit()
    flash(gettext("L’organisation est créée. Invitez maintenant son équipe."), "success")
    return redirect(url_for("organisations.show", slug=row.slug), 303)


@blueprint.get(ORGANISATION)
@requires(ADMINISTRATOR)
def show(slug: str) -> str:
    """An organisation: its settings, its staff and their roles."""
    organisation = organisations.administered_by_slug(current.db(), current.actor(), slug)
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        kinds=KINDS,
        roles=ROLES,
        members=staff.members(current.db(), current.actor(), organisation),
        own_id=current.actor().staff_id,
    )


@blueprint.get(f"{ORGANISATION}/reglages")
@requires(ADMINISTRATOR)
def settings(slug: str) -> str:
    """The word for a person, *vous* or *tu*, the telephone and the site."""
    return _settings_page(slug)


@blueprint.post(f"{ORGANISATION}/reglages")
@requires(ADMINISTRATOR)
def settings_changed(slug: str) -> Page:
    """Keep the settings."""
    try:
        organisations.change_settings(
            current.db(),
            current.actor(),
            slug,
            word_for_person=request.form.get("word_for_person", ""),
            address_form=request.form.get("address_form", ""),
            phone=request.form.get("phone", ""),
            url=request.form.get("url", ""),
            now=current.now(),
        )
    except Invalid as refused:
        current.db().rollback()
        return _settings_page(slug, refused), refused.status
    current.db().commit()
    flash(gettext("Les réglages sont gardés."), "success")
    return redirect(url_for("organisations.show", slug=slug), 303)


@blueprint.get(f"{ORGANISATION}/signature")
@requires(ADMINISTRATOR)
def proof(slug: str) -> str:
    """With which proof the organisation signs, and which token beside it."""
    return _proof_page(slug)


@blueprint.post(f"{ORGANISATION}/signature")
@requires(ADMINISTRATOR)
def proof_chosen(slug: str) -> Page:
    """Sign like this from now on."""
    try:
        organisations.choose_proof(
            current.db(),
            current.installation(),
            current.actor(),
            slug,
            proof=request.form.get("proof", ""),
            token=request.form.get("token", ""),
            now=current.now(),
        )
    except Invalid as refused:
        current.db().rollback()
        return _proof_page(slug, refused), refused.status
    current.db().commit()
    flash(gettext("C’est noté : les prochains badges seront signés ainsi."), "success")
    return redirect(url_for("organisations.show", slug=slug), 303)


@blueprint.get(f"{ORGANISATION}/invitation")
@requires(ADMINISTRATOR)
def invite(slug: str) -> str:
    """Invite someone by e-mail, name and roles."""
    return _invite_page(slug)


@blueprint.post(f"{ORGANISATION}/invitation")
@requires(ADMINISTRATOR)
def invited(slug: str) -> Page:
    """Give the roles; mail the link, or show it to be handed over."""
    by_mail = mail.can_send(current.installation().settings)
    try:
        admission = staff.invite(
            current.db(),
            current.actor(),
            slug,
            email=request.form.get("email", ""),
            name=request.form.get("name", ""),
            roles=request.form.getlist("roles"),
            by_mail=by_mail,
            now=current.now(),
        )
    except (Conflict, Invalid) as refused:
        current.db().rollback()
        return _invite_page(slug, refused), refused.status
    current.db().commit()
    organisation = organisations.administered_by_slug(current.db(), current.actor(), slug)
    return _hand(slug, admission, letters.invitation(admission.staff.email, organisation.name, admission.token))


@blueprint.post(f"{MEMBER}/lien")
@requires(ADMINISTRATOR)
def reset(slug: str, staff_id: int) -> Page:
    """A fresh link to choose a password; mailed, or shown to be handed over."""
    by_mail = mail.can_send(current.installation().settings)
    admission = staff.reset(current.db(), current.actor(), slug, staff_id, by_mail=by_mail, now=current.now())
    current.db().commit()
    return _hand(slug, admission, letters.reset(admission.staff.email, admission.token or ""))


@blueprint.post(f"{MEMBER}/desactivation")
@requires(ADMINISTRATOR)
def deactivate(slug: str, staff_id: int) -> Response:
    """Close an account."""
    staff.deactivate(current.db(), current.actor(), slug, staff_id, now=current.now())
    current.db().commit()
    flash(gettext("Le compte est désactivé ; ses sessions sont finies."), "success")
    return redirect(url_for("organisations.show", slug=slug), 303)


@blueprint.post(f"{MEMBER}/reactivation")
@requires(ADMINISTRATOR)
def reactivate(slug: str, staff_id: int) -> Response:
    """Open an account again."""
    staff.reactivate(current.db(), current.actor(), slug, staff_id, now=current.now())
    current.db().commit()
    flash(gettext("Le compte est réactivé."), "success")
    return redirect(url_for("organisations.show", slug=slug), 303)


@blueprint.get(f"{MEMBER}/roles")
@requires(ADMINISTRATOR)
def roles(slug: str, staff_id: int) -> str:
    """The roles of one member of staff here."""
    return _roles_page(slug, staff_id)


@blueprint.post(f"{MEMBER}/roles")
@requires(ADMINISTRATOR)
def roles_changed(slug: str, staff_id: int) -> Page:
    """Give exactly the roles ticked; none takes the person out of the organisation."""
    try:
        staff.change_roles(
            current.db(), current.actor(), slug, staff_id, roles=request.form.getlist("roles"), now=current.now()
        )
    except (Conflict, Invalid) as refused:
        current.db().rollback()
        return _roles_page(slug, staff_id, refused), refused.status
    current.db().commit()
    flash(gettext("Les rôles sont changés."), "success")
    lost = staff_id == current.actor().staff_id and Role.ADMINISTRATOR not in request.form.getlist("roles")
    return redirect(url_for("public.home") if lost else url_for("organisations.show", slug=slug), 303)


@blueprint.get("/journal")
@requires(role(Role.AUDITOR))
def journal() -> str:
    """What was done in the organisations one audits, newest first."""
    page = organisations.journal_page(current.db(), current.actor(), before=request.args.get("avant", type=int))
    return render_template(
        "organisations/journal.html",
        page=page,
        lines=[(line, journal_words.what(line)) for line in page.lines],
        first="avant" not in request.args,
    )


def _hand(slug: str, admission: Admission, letter: Letter) -> Page:
    """Mail the letter after the commit; show the link where there is no mail, or where it did not leave."""
    installation = current.installation()
    failed = ""
    if mail.can_send(installation.settings):
        try:
            mail.send(installation.settings, installation.base_url, letter)
        except MailFailed:
            failed = gettext(MAIL_FAILED_PRIVATE if admission.private else MAIL_FAILED)
        else:
            flash(gettext("L’e-mail est parti, avec ce qu’il faut pour entrer."), "success")
            return redirect(url_for("organisations.show", slug=slug), 303)
    shown = admission.token is not None and not admission.private
    return render_template(
        "organisations/link.html",
        slug=slug,
        member=admission.staff,
        link=letters.link(admission.token) if admission.token and shown else "",
        failed=failed,
    )


def _new_page(refused: Refused | None = None) -> str:
    if not organisations.may_create(current.db(), current.actor()):
        raise Forbidden(N_("Seule l’administration d’une région ajoute une organisation."))
    kinds = [(kind.value, gettext(name)) for kind, name in KINDS.items()]
    return render_template("organisations/new.html", kinds=kinds, form=request.form, errors=errors(refused))


def _settings_page(slug: str, refused: Refused | None = None) -> str:
    organisation = organisations.administered_by_slug(current.db(), current.actor(), slug)
    fields = ("word_for_person", "address_form", "phone", "url")
    shown = {field: request.form.get(field, getattr(organisation, field)) for field in fields}
    return render_template("organisations/settings.html", organisation=organisation, form=shown, errors=errors(refused))


def _proof_page(slug: str, refused: Refused | None = None) -> str:
    organisation = organisations.administered_by_slug(current.db(), current.actor(), slug)
    return render_template(
        "organisations/proof.html",
        organisation=organisation,
        proofs=proof_words.proofs(),
        tokens=proof_words.tokens(),
        form={field: request.form.get(field, getattr(organisation, field)) for field in ("proof", "token")},
        errors=errors(refused),
    )


def _invite_page(slug: str, refused: Refused | None = None) -> str:
    return render_template(
        "organisations/invite.html",
        organisation=organisations.administered_by_slug(current.db(), current.actor(), slug),
        roles=_role_options(),
        form=request.form,
        chosen=request.form.getlist("roles"),
        by_mail=mail.can_send(current.installation().settings),
        errors=errors(refused),
    )


def _roles_page(slug: str, staff_id: int, refused: Refused | None = None) -> str:
    organisation, member = staff.member(current.db(), current.actor(), slug, staff_id)
    return render_template(
        "organisations/roles.html",
        organisation=organisation,
        member=member,
        roles=_role_options(),
        chosen=request.form.getlist("roles") if refused else member.roles,
        errors=errors(refused),
    )


def _role_options() -> list[tuple[str, str, str]]:
    return [(kind.value, gettext(name), gettext(text)) for kind, (name, text) in ROLES.items()]


def _kind() -> OrganisationKind:
    try:
        return OrganisationKind(request.form.get("kind", ""))
    except ValueError:
        raise Invalid(N_("Choisissez une réponse."), field="kind") from None
