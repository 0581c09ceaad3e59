"""The situations of the other kinds of document: endorsements, learner records, presentations, plain credentials."""

from typing import Any

from tests.situations.situation import Situation
from tests.verify import factory as f
from tests.verify import kinds as k
from verify.reasons import Reason
from verify.standards.documents import CREDENTIALS_V2

SCHEMA = {
    "$id": "https://badges.example/schemas/badge.json",
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Un badge de travail en équipe",
    "properties": {"name": {"const": "Travail en équipe"}},
}
_ELSEWHERE = "urn:uuid:3f6c9a52-0000-4000-8000-0000000000ff"


def situations_of_kinds() -> list[Situation]:
    """Every situation that is about the kind of the document or about what it holds."""
    return [*_endorsements(), *_records(), *_presentations(), *_credentials(), *_envelopes()]


def _endorsements() -> list[Situation]:
    good = k.by_university(k.endorsement())
    elsewhere = k.by_university(k.endorsement(_ELSEWHERE))
    unnamed = k.by_university(k.endorsement(name=None))
    falsely = k.badge(endorsement=[k.forged(good), elsewhere, "Je recommande ce badge."])
    subject = f.credential()["credentialSubject"]
    subject["achievement"]["endorsementJwt"] = [k.token(k.endorsement(k.ACHIEVEMENT_ID))]
    return [
        Situation("endorsement.json", f.written(good), "valid"),
        Situation("endorsement_forged.json", f.written(k.forged(good)), "invalid", "proof", Reason.SIGNATURE_WRONG),
        Situation("endorsement_unnamed.json", f.written(unnamed), "invalid", "structure", Reason.NAME_INVALID),
        Situation("endorsed.json", f.written(k.badge(endorsement=[good])), "valid", endorsements=("valid",)),
        Situation("endorsed_by_token.json", f.badge(credentialSubject=subject), "valid", endorsements=("valid",)),
        Situation(
            "endorsed_falsely.json",
            f.written(falsely),
            "valid",
            endorsements=("invalid", "invalid", "undetermined"),
            inside=(Reason.SIGNATURE_WRONG, Reason.ENDORSEMENT_OF_ANOTHER, Reason.JWT_MALFORMED),
        ),
    ]


def _records() -> list[Situation]:
    good = k.badge()
    second = k.second_badge(credentialStatus=f.status_entry(f.REVOKED))
    bad = {**k.second_badge(), "name": "Travail en équipe, niveau expert"}

    def record(file: str, reason: Reason, **subject: Any) -> Situation:
        document = k.clr([good])
        document["credentialSubject"].update(subject)
        return Situation(file, f.written(k.by_university(document)), "invalid", "structure", reason, members=("valid",))

    link = {"type": ["Association"], "associationType": "isChildOf", "sourceId": "urn:a:b"}
    empty = k.by_university(k.clr([]))
    return [
        Situation(
            "clr.json",
            f.written(k.by_university(k.clr([good, second]))),
            "valid",
            members=("valid", "invalid"),
            inside=(Reason.REVOKED,),
        ),
        Situation(
            "clr_with_a_forged_member.json",
            f.written(k.by_university(k.clr([good, bad]))),
            "valid",
            members=("valid", "invalid"),
            inside=(Reason.SIGNATURE_WRONG,),
        ),
        Situation(
            "clr_forged.json",
            f.written({**k.by_university(k.clr([good])), "name": "Relevé d’un autre"}),
            "invalid",
            "proof",
            Reason.SIGNATURE_WRONG,
            members=("valid",),
        ),
        Situation("clr_empty.json", f.written(empty), "invalid", "structure", Reason.MEMBERS_MISSING),
        Situation(
            "clr_of_anything.json",
            f.written(k.by_university(k.clr(["urn:a:badge"]))),
            "invalid",
            "structure",
            Reason.MEMBER_INVALID,
            members=("undetermined",),
            inside=(Reason.JWT_MALFORMED,),
        ),
        record("clr_association_without_target.json", Reason.ASSOCIATION_INVALID, association=[link]),
    ]


def _presentations() -> list[Situation]:
    badge = k.badge()
    good = k.by_holder(k.presentation([badge]))
    unsigned = k.presentation([badge])
    bad = {**badge, "name": "Travail en équipe, niveau expert"}
    unlisted = f.sign(
        k.presentation([badge], holder=k.SILENT_HOLDER),
        k.HOLDER_KEY,
        f"{k.SILENT_HOLDER}#cle-1",
        proofPurpose="authentication",
    )
    unnamed = k.by_holder(k.presentation([badge], holder={"name": "Aïcha"}))
    return [
        Situation("presentation.json", f.written(good), "valid", members=("valid",), challenge=k.CHALLENGE),
        Situation(
            "presentation_unsigned.json",
            f.written(unsigned),
            "undetermined",
            "proof",
            Reason.PRESENTATION_UNSIGNED,
            members=("valid",),
        ),
        Situation(
            "presentation_of_another_time.json",
            f.written(good),
            "invalid",
            "proof",
            Reason.PROOF_CHALLENGE_WRONG,
            members=("valid",),
            challenge="une-autre-fois",
        ),
        Situation(
            "presentation_of_a_forged_badge.json",
            f.written(k.by_holder(k.presentation([bad]))),
            "invalid",
            members=("invalid",),
            inside=(Reason.SIGNATURE_WRONG,),
        ),
        Situation(
            "presentation_by_a_silent_holder.json",
            f.written(unlisted),
            "invalid",
            "key_controlled",
            Reason.KEY_NOT_FOR_AUTHENTICATION,
            members=("valid",),
        ),
        Situation(
            "presentation_without_a_holder.json",
            f.written(unnamed),
            "invalid",
            "structure",
            Reason.HOLDER_INVALID,
            members=("valid",),
        ),
    ]


def _credentials() -> list[Situation]:
    wrong = {"id": CREDENTIALS_V2, "digestMultibase": "uM4RgWQc3RUDtjJCSgTJtTfvpZ7SPEg_LNO0ESlovQC0"}
    other = {"id": CREDENTIALS_V2}
    return [
        Situation(
            "schema_violated.json",
            f.badge(name="Autonomie", credentialSchema=[{"id": SCHEMA["$id"], "type": "JsonSchema"}]),
            "valid",
            notes=(Reason.SCHEMA_NOT_HELD,),
        ),
        Situation("badge_of_1_1.json", f.written(f.sign(k.badge_of_1_1())), "valid"),
        Situation(
            "credential_of_no_kind.json",
            f.written(k.by_university(k.plain())),
            "undetermined",
            "structure",
            Reason.KIND_NOT_ACCEPTED,
        ),
        Situation(
            "related_resource_of_another_day.json",
            f.badge(relatedResource=[wrong]),
            "invalid",
            "structure",
            Reason.RELATED_RESOURCE_DIFFERS,
        ),
        Situation(
            "related_resource_without_digest.json",
            f.badge(relatedResource=[other]),
            "invalid",
            "structure",
            Reason.RELATED_RESOURCE_INVALID,
        ),
    ]


def _envelopes() -> list[Situation]:
    good = k.envelope(k.token(k.endorsement(), typ="vc+jwt"))
    opened = f.written({**good, "id": "urn:a:b"})
    return [
        Situation("envelope.json", f.written(good), "valid"),
        Situation("envelope_open.json", opened, "unreadable", None, Reason.ENVELOPE_INVALID),
    ]
