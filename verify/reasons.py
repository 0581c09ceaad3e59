"""Why a check did not pass: the closed list of reasons.

A reason is a stable word that machines may branch on. Its wording for people stands in `verify.sentences`, its
meaning in `docs/reasons.md`; tests keep the three lists equal. Nothing here decides anything.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """One stable word for each way in which something is unreadable, failed or could not be checked."""

    # What was handed in cannot be read as a credential at all.
    FILE_UNREADABLE = "file_unreadable"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    FORMAT_UNKNOWN = "format_unknown"
    NOT_UTF8 = "not_utf8"
    JSON_MALFORMED = "json_malformed"
    JSON_DUPLICATE_KEY = "json_duplicate_key"
    JSON_TOO_DEEP = "json_too_deep"
    JSON_TOO_MANY_VALUES = "json_too_many_values"
    JSON_NUMBER_UNSAFE = "json_number_unsafe"
    JSON_CONTROL_CHARACTER = "json_control_character"
    JSON_LONE_SURROGATE = "json_lone_surrogate"
    NOT_A_CREDENTIAL = "not_a_credential"
    OPEN_BADGES_1 = "open_badges_1"
    ENVELOPE_INVALID = "envelope_invalid"
    PNG_MALFORMED = "png_malformed"
    PNG_WITHOUT_BADGE = "png_without_badge"
    PNG_BAKED_TWICE = "png_baked_twice"
    PNG_BOMB = "png_bomb"
    SVG_MALFORMED = "svg_malformed"
    SVG_ENTITIES = "svg_entities"
    SVG_SCRIPTED = "svg_scripted"
    SVG_WITHOUT_BADGE = "svg_without_badge"
    SVG_BAKED_TWICE = "svg_baked_twice"
    JWT_MALFORMED = "jwt_malformed"

    # structure
    CONTEXT_MISSING = "context_missing"
    CONTEXT_ORDER = "context_order"
    CONTEXT_INLINE = "context_inline"
    CONTEXT_UNKNOWN = "context_unknown"
    TERM_HIDDEN = "term_hidden"
    UNDEFINED_TERM = "undefined_term"
    IRI_INVALID = "iri_invalid"
    JSONLD_INVALID = "jsonld_invalid"
    TOO_COMPLEX = "too_complex"
    TYPE_MISSING = "type_missing"
    TYPE_WRONG = "type_wrong"
    ID_INVALID = "id_invalid"
    ISSUER_INVALID = "issuer_invalid"
    SUBJECT_INVALID = "subject_invalid"
    RECIPIENT_MISSING = "recipient_missing"
    ACHIEVEMENT_INVALID = "achievement_invalid"
    NESTED_TYPE_MISSING = "nested_type_missing"
    RESULT_INVALID = "result_invalid"
    VERIFICATION_INVALID = "verification_invalid"
    DATE_MISSING = "date_missing"
    DATE_INVALID = "date_invalid"
    VALUE_EMPTY = "value_empty"
    PART_UNREACHABLE = "part_unreachable"
    NAME_INVALID = "name_invalid"
    RELATED_RESOURCE_INVALID = "related_resource_invalid"
    RELATED_RESOURCE_DIFFERS = "related_resource_differs"
    SCHEMA_VIOLATED = "schema_violated"
    HOLDER_INVALID = "holder_invalid"
    MEMBERS_MISSING = "members_missing"
    PRESENTATION_EMPTY = "presentation_empty"
    MEMBER_INVALID = "member_invalid"
    ASSOCIATION_INVALID = "association_invalid"
    ENDORSEMENT_OF_ANOTHER = "endorsement_of_another"
    KIND_NOT_ACCEPTED = "kind_not_accepted"
    TOO_MANY_MEMBERS = "too_many_members"

    # proof
    PROOF_MISSING = "proof_missing"
    PRESENTATION_UNSIGNED = "presentation_unsigned"
    PROOF_MALFORMED = "proof_malformed"
    PROOF_PURPOSE_WRONG = "proof_purpose_wrong"
    PROOF_EXPIRED = "proof_expired"
    PROOF_IN_FUTURE = "proof_in_future"
    PROOF_CHALLENGE_WRONG = "proof_challenge_wrong"
    PROOF_DOMAIN_WRONG = "proof_domain_wrong"
    PROOF_CHAINED = "proof_chained"
    PROOF_CHAIN_BROKEN = "proof_chain_broken"
    PROOF_UNDISCLOSED = "proof_undisclosed"
    CRYPTOSUITE_UNSUPPORTED = "cryptosuite_unsupported"
    ALGORITHM_UNSUPPORTED = "algorithm_unsupported"
    ALGORITHM_NONE = "algorithm_none"
    KEY_UNSUPPORTED = "key_unsupported"
    KEY_MALFORMED = "key_malformed"
    KEY_MISMATCH = "key_mismatch"
    SIGNATURE_WRONG = "signature_wrong"
    JWT_HEADER_WRONG = "jwt_header_wrong"
    JWT_CLAIMS_DIFFER = "jwt_claims_differ"
    HOSTED_UNREACHABLE = "hosted_unreachable"
    HOSTED_DIFFERS = "hosted_differs"

    # key_controlled
    DID_INVALID = "did_invalid"
    DID_METHOD_UNSUPPORTED = "did_method_unsupported"
    KEY_UNREACHABLE = "key_unreachable"
    KEY_UNKNOWN = "key_unknown"
    KEY_NOT_FOR_ASSERTION = "key_not_for_assertion"
    KEY_NOT_FOR_AUTHENTICATION = "key_not_for_authentication"
    KEY_NOT_OF_ISSUER = "key_not_of_issuer"
    HOST_NOT_OF_ISSUER = "host_not_of_issuer"
    KEY_REVOKED = "key_revoked"
    KEY_EXPIRED = "key_expired"

    # status
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    STATUS_UNREACHABLE = "status_unreachable"
    STATUS_TYPE_UNSUPPORTED = "status_type_unsupported"
    STATUS_MALFORMED = "status_malformed"
    STATUS_LIST_MALFORMED = "status_list_malformed"
    STATUS_LIST_TOO_SMALL = "status_list_too_small"
    STATUS_LIST_BOMB = "status_list_bomb"
    STATUS_LIST_UNPROVED = "status_list_unproved"
    STATUS_LIST_EXPIRED = "status_list_expired"
    STATUS_ISSUER_DIFFERS = "status_issuer_differs"
    STATUS_PURPOSE_DIFFERS = "status_purpose_differs"
    STATUS_INDEX_OUT_OF_RANGE = "status_index_out_of_range"

    # validity
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    DATES_REVERSED = "dates_reversed"

    # issuer_recognised
    ISSUER_UNKNOWN = "issuer_unknown"
    RECOGNITION_EXPIRED = "recognition_expired"
    RECOGNITION_NOT_COVERING = "recognition_not_covering"

    # any check that an earlier one made meaningless, or that a document of this kind does not raise
    NOT_REACHED = "not_reached"
    NOT_APPLICABLE = "not_applicable"

    # noted beside the checks: takes no part in the verdict
    SCHEMA_NOT_HELD = "schema_not_held"
    TOO_MANY_ENDORSEMENTS = "too_many_endorsements"
    STATUS_MESSAGE = "status_message"
    REFRESH_ANNOUNCED = "refresh_announced"
