"""The 1EdTech refresh service: where an issuer keeps the newest version of a credential. Nothing is fetched here.

Source: 1EdTech Verifiable Credential Refresh Service 1.0; Open Badges 3.0, section 9.1, step 3.
"""

from __future__ import annotations

from typing import Any

from verify.standards.credentials import issuer_id_of

SERVICE_TYPE = "1EdTechCredentialRefresh"
_MAX_URL = 2_000


def service_url(credential: dict[str, Any]) -> str | None:
    """The address of the newest version, or None where the credential names none that is understood."""
    value = credential.get("refreshService")
    for service in value if isinstance(value, list) else [value]:
        if isinstance(service, dict) and service.get("type") in (SERVICE_TYPE, [SERVICE_TYPE]):
            url = service.get("id")
            return url if isinstance(url, str) and 0 < len(url) <= _MAX_URL else None
    return None


def is_version_of(newer: dict[str, Any], credential: dict[str, Any]) -> bool:
    """Whether both say that they are the same credential: one id and one issuer."""
    named = credential.get("id")
    return (
        isinstance(named, str)
        and newer.get("id") == named
        and issuer_id_of(newer) == issuer_id_of(credential) is not None
    )
