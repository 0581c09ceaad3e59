"""Organisations: settings, staff and roles, the journal."""

from flask import Blueprint

blueprint = Blueprint("organisations", __name__)
