"""What issuers publish: their page, their DID document, their signed status lists."""

from flask import Blueprint

blueprint = Blueprint("issuers", __name__)
