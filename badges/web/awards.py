"""Awards: proposed, granted, previewed, claimed; suspended, revoked, corrected; shares."""

from flask import Blueprint

blueprint = Blueprint("awards", __name__)
