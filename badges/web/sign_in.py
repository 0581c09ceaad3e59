"""Signing in and out: staff by e-mail and password, people by card code and PIN, one-time links."""

from flask import Blueprint

blueprint = Blueprint("sign_in", __name__)
