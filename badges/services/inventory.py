"""The inventory of personal data: every column of every table, why it is there, how long, what erasing does to it.

The register of processing, the export, the erasure and the purge read it; a test fails for a column that it does not
name. Its sentences are those of the register (RGPD, article 30), which is a French document.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Erasure(StrEnum):
    """What erasing a person does to a row or a column."""

    DELETED = "supprimé"
    EMPTIED = "vidé"
    KEPT = "gardé, sans nom"
    NOT_CONCERNED = "ne concerne pas la personne"


@dataclass(frozen=True, slots=True)
class Activity:
    """One processing of the register: what for, on which legal basis, about whom, seen by whom, kept how long."""

    code: str
    title: str
    basis: str
    subjects: str
    recipients: str
    retention: str


MISSION = "mission d’intérêt public ou intérêt légitime (RGPD, article 6.1.e ou f)"
CONSENT = "consentement de la personne (RGPD, article 6.1.a), refusable sans effet sur l’accompagnement"

ACCESS = Activity(
    "acces",
    "Entrer dans le service",
    MISSION,
    "personnes accompagnées",
    "la personne ; les coachs de sa structure, sans le code secret",
    "tant que la personne garde sa page ; sessions et essais : quelques heures",
)
SUPPORT = Activity(
    "accompagnement",
    "Se positionner et en parler",
    MISSION,
    "personnes accompagnées",
    "la personne et les coachs de la structure qui la suit ; ni prescripteur, ni financeur",
    "deux ans après le dernier contact, plus longtemps si la personne le demande",
)
VOICES = Activity(
    "voix",
    "Recueillir ce qu’ont vu une entreprise d’accueil ou un pair",
    MISSION,
    "personnes accompagnées ; tuteurs et pairs : entreprise, rôle et prénom s’il est donné, sans adresse ni téléphone",
    "la personne et les coachs de la structure qui la suit ; l’employeur, pour ce que la personne met dans un badge",
    "deux ans après le dernier contact avec la personne",
)
BADGES = Activity(
    "badges",
    "Délivrer un badge, le montrer, le vérifier",
    CONSENT,
    "personnes accompagnées",
    "qui reçoit l’adresse ou le fichier, de la main de la personne",
    "pour la vie de la personne, ou jusqu’à ce qu’elle l’efface",
)
RIGHTS = Activity(
    "droits",
    "Respecter les droits des personnes",
    "obligation légale (RGPD, articles 7, 12 à 22)",
    "personnes accompagnées",
    "la personne ; les coachs de sa structure pour ce qu’ils ont noté",
    "autant que ce dont ils font foi",
)
LOOKS = Activity(
    "regards",
    "Dire à la personne qui a regardé",
    "obligation légale : traçabilité et droit d’accès (RGPD, articles 5.2, 15 et 32)",
    "personnes accompagnées ; membres des équipes",
    "la personne seule",
    "six à douze mois, au choix de l’organisation ; un regard public n’est qu’un nombre par jour, sans adresse",
)
TEAM = Activity(
    "equipe",
    "Tenir les comptes des équipes",
    "intérêt légitime de l’organisation (RGPD, article 6.1.f)",
    "membres des équipes",
    "l’administration de leur organisation",
    "le temps de leur fonction ; leur nom reste auprès de ce qu’ils ont décidé",
)
ACCOUNT = Activity(
    "journal",
    "Rendre compte de ce qui a été fait",
    "intérêt légitime : prouver qui a décidé quoi (RGPD, articles 5.2 et 6.1.f)",
    "équipes et personnes accompagnées, par leur numéro, sans nom ni réponse",
    "le contrôle de l’organisation",
    "la vie des badges dont il fait foi",
)
NONE = Activity(
    "technique",
    "Faire marcher le service (aucune donnée personnelle)",
    "sans objet",
    "personne",
    "sans objet",
    "sans objet",
)
ACTIVITIES = (ACCESS, SUPPORT, VOICES, BADGES, RIGHTS, LOOKS, TEAM, ACCOUNT)
"""The processings of the register, in its order."""

OF_SUPPORT = (SUPPORT, VOICES)
"""Those that end two years after the last contact."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some columns of a table that are treated alike. `why` says why erasing keeps them, where it does.

    `exported` tells whether the person receives them with everything about them: all but secrets of the service and
    which member of staff only looked.
    """

    columns: str
    activity: Activity
    erasure: Erasure = Erasure.DELETED
    why: str = ""
    exported: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, one by one."""
        return tuple(self.columns.split())


def _deleted(columns: str, activity: Activity) -> tuple[Part, ...]:
    return (Part(columns, activity),)


def _secret(columns: str, activity: Activity = ACCESS) -> Part:
    return Part(columns, activity, exported=False)


def _impersonal(columns: str) -> tuple[Part, ...]:
    return (Part(columns, NONE, Erasure.NOT_CONCERNED, exported=False),)


def _team(columns: str) -> tuple[Part, ...]:
    return (Part(columns, TEAM, Erasure.NOT_CONCERNED, exported=False),)


TABLES: Mapping[str, tuple[Part, ...]] = {
    # people
    "people": (
        *_deleted("id name card_code language age_band created_at last_seen_on", ACCESS),
        _secret("pin_hash"),
        *_deleted("pin_open_until pin_reset_at pin_reset_by", ACCESS),
    ),
    "memberships": _deleted("id person_id organisation_id coach_id group_name joined_on left_on", SUPPORT),
    "organisations": _impersonal(
        "id slug name kind territory url phone word_for_person address_form proof token created_at closed_at"
    ),
    "staff": _team("id email name password_hash created_at deactivated_at"),
    "roles": _team("id staff_id organisation_id role"),
    "covers": _team(
        "id organisation_id coach_id stand_in_id starts_on ends_on created_at created_by ended_at ended_by"
    ),
    # access
    "sessions": (_secret("token_digest"), *_deleted("staff_id person_id created_at expires_at", ACCESS)),
    "one_time_links": _team("id token_digest purpose staff_id created_at expires_at used_at"),
    "passkeys": (
        *_deleted("id person_id added_at used_at stopped_at", ACCESS),
        _secret("credential_id public_key sign_count"),
    ),
    "passkey_challenges": (_secret("challenge"), *_deleted("person_id expires_at", ACCESS)),
    "guesses": (
        Part(
            "id kind subject_digest count window_started_at",
            ACCESS,
            Erasure.NOT_CONCERNED,
            "une empreinte scellée, sans lien avec la personne, effacée par la purge",
            exported=False,
        ),
    ),
    # assessments
    "rounds": _deleted(
        "id person_id organisation_id version_id coach_id moment competences opened_at self_sealed_at self_typed_by "
        "coach_sealed_at self_paper_on coach_paper_on tutor_awaited talk_on note outcome concluded_at confirmed_at "
        "closed_at cancelled_at cancelled_by cancel_reason",
        SUPPORT,
    ),
    "ratings": _deleted("id round_id competence_code rater level situation staff_id tutor_view_id rated_at", SUPPORT),
    "agreements": _deleted(
        "id round_id competence_code level disagreed person_words answer answered_at confirmed_at", SUPPORT
    ),
    # what was seen
    "acquired": _deleted(
        "id person_id organisation_id referentiel_id version_id competence_code moment state filled_on staff_id "
        "filled_at",
        SUPPORT,
    ),
    "group_sessions": _team(
        "id organisation_id version_id activity place held_on competences rules created_by created_at ended_at"
    ),
    "attendances": _deleted("id group_session_id person_id act", SUPPORT),
    "situations": _deleted(
        "id person_id organisation_id version_id origin task place from_on until_on supervisor supervisor_role "
        "created_by created_at",
        SUPPORT,
    ),
    "observations": _deleted(
        "id person_id organisation_id referentiel_id competence_code origin activity place seen_on act autonomy turns "
        "group_session_id situation_id staff_id recorded_at person_words asked_at answer answered_at set_aside_at "
        "withdrawn_at",
        SUPPORT,
    ),
    "portfolio_pieces": _deleted(
        "id person_id organisation_id referentiel_id competences title url sha256 made_on added_by added_at", SUPPORT
    ),
    "contests": _deleted(
        "id round_id competence_code level_before reason opened_at talk_on answer level answered_at answered_by end "
        "ended_at",
        SUPPORT,
    ),
    # voices
    "tutor_views": _deleted(
        "id round_id company tutor_role tutor_name shown_as situation from_day to_day competences asked_by asked_at "
        "answers revision kept_at kept_with company_agreed sent_at sent_with late ended_at ended_by end end_reason",
        VOICES,
    ),
    "voice_links": (
        *_deleted("id tutor_view_id interview_id peer_word_id created_at expires_at replaced_at", VOICES),
        _secret("code_digest", VOICES),
    ),
    "phrases": _deleted(
        "id person_id referentiel_id competence_code words coach_may_read written_at replaced_at", SUPPORT
    ),
    "interviews": _deleted(
        "id round_id company tutor_role shown_as held_on place went_well to_work_on next_step drafted_by drafted_at "
        "changed_at wrong_person_at",
        VOICES,
    ),
    "interview_confirmations": _deleted("id interview_id party digest confirmed_at", VOICES),
    "peer_words": _deleted(
        "id person_id organisation_id version_id competence_code asked_of shown_as asked_at words peer_name peer_id "
        "written_at sent_with kept_at removed_at removed_by",
        VOICES,
    ),
    # awards
    "awards": _deleted(
        "id person_id organisation_id round_id version_id badge_code state results raters evidence subject_id sequence "
        "proposed_at proposed_by granted_at granted_by reason wording_reason claimed_at",
        BADGES,
    ),
    "credentials": _deleted(
        "id award_id sequence document digest token token_digest signed_by issued_at valid_until status_list_id "
        "status_index suspended_at suspended_reason withheld_at revoked_at revoked_reason",
        BADGES,
    ),
    "assertions": _deleted("credential_id document created_at", BADGES),
    "statements": _deleted("credential_id content created_at", BADGES),
    "shares": (
        *_deleted(
            "id person_id code label contact show_name show_levels show_words show_radar created_at opened_at "
            "expires_at withdrawn_at",
            BADGES,
        ),
        _secret("secret_hash", BADGES),
    ),
    "shared_badges": _deleted("share_id place award_id evidence phrases", BADGES),
    # rights
    "erasures": (
        Part(
            "id person_id origin erased_at account token_digest",
            RIGHTS,
            Erasure.KEPT,
            "la preuve de l’effacement : des dates et des nombres, sous un numéro tiré au hasard",
            exported=False,
        ),
    ),
    "erasure_requests": (
        _secret("token_digest", RIGHTS),
        *_deleted("person_id asked_at due_on stop_copies origin", RIGHTS),
    ),
    "erased_credentials": (
        Part(
            "credential_id erasure_id digest token_digest status_list_id status_index revoked_at paused",
            BADGES,
            Erasure.KEPT,
            "l’empreinte et la place dans la liste d’états : une copie déjà donnée reçoit encore la bonne réponse",
            exported=False,
        ),
    ),
    "farewells": (
        Part(
            "digest erasure_id",
            RIGHTS,
            Erasure.KEPT,
            "l’empreinte d’une adresse : elle répond « effacé » au lieu de « inconnu »",
            exported=False,
        ),
    ),
    "identity_requests": _deleted("id kind person_id organisation_id stop_copies opened_at closed_at", RIGHTS),
    "identity_checks": _deleted("id request_id staff_id words at", RIGHTS),
    "file_looks": (
        *_deleted("id person_id organisation_id role day", LOOKS),
        _secret("staff_id", LOOKS),  # the structure answers for who it was
    ),
    "share_looks": _deleted("id share_id day count", LOOKS),
    "notices": _impersonal("organisation_id controller officer ratings_months logs_months employees updated_at"),
    "legal_pages": _impersonal("name fields updated_at updated_by"),
    "consents": _deleted("id person_id purpose given age_band recorded_by words at", RIGHTS),
    # what is done, and by whom
    "journal": (
        Part(
            "id at actor organisation_id action object details",
            ACCOUNT,
            Erasure.KEPT,
            "ni nom, ni réponse, ni phrase : des numéros et des empreintes, dont dépend la preuve des badges",
            exported=False,
        ),
    ),
    "witnessed": (
        Part(
            "digest journal_id",
            ACCOUNT,
            Erasure.KEPT,
            "l’empreinte d’un document signé ne dit rien de lui ; elle date une copie déjà donnée",
            exported=False,
        ),
    ),
    # what is nobody's
    "referentiels": _impersonal("id slug owner_id title draft revision created_at updated_at"),
    "translations": _impersonal("id referentiel_id language texts revision updated_at"),
    "versions": _impersonal(
        "id referentiel_id number document digest state state_reason state_changed_at published_at published_by"
    ),
    "recognitions": _impersonal(
        "id referentiel_id organisation_id valid_from valid_until mandate_from mandate_until created_at created_by"
    ),
    "keys": _impersonal(
        "id organisation_id fragment kind public_key sealed created_at retired_at revoked_at",
    ),
    "status_lists": _impersonal(
        "id organisation_id purpose suspension_list_id bits document taken updated_at revision proof"
    ),
    "installation": _impersonal("name value"),
}


def columns() -> Iterator[tuple[str, str, Part]]:
    """Every table and column that is listed, with how it is treated."""
    for table, parts in TABLES.items():
        for part in parts:
            for name in part.names:
                yield table, name, part
