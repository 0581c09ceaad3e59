"""Bytes in, report out: Open Badges 3.0 and the W3C standards below it, written once.

Knows neither the web application nor its database, and opens no network connection but through the fetcher that is
handed in (`verify.fetching`, `verify.online`).
"""

from verify.errors import BrokenInstallation, Unreadable
from verify.holder import Match
from verify.reasons import Reason
from verify.report import Check, CheckName, Kind, Outcome, Policy, Report, Verdict
from verify.sources import (
    DocumentSource,
    IssuerSource,
    KeySource,
    Recognition,
    StatusSource,
    TrustBundle,
    WitnessSource,
)
from verify.summary import Summary
from verify.trust import read_trust
from verify.verifier import Verifier

__all__ = [
    "BrokenInstallation",
    "Check",
    "CheckName",
    "DocumentSource",
    "IssuerSource",
    "KeySource",
    "Kind",
    "Match",
    "Outcome",
    "Policy",
    "Reason",
    "Recognition",
    "Report",
    "StatusSource",
    "Summary",
    "TrustBundle",
    "Unreadable",
    "Verdict",
    "Verifier",
    "WitnessSource",
    "read_trust",
]
