"""Verifying: the public page of a share, the page and API that verify any badge, the credential's own address."""

from flask import Blueprint

blueprint = Blueprint("verification", __name__)
