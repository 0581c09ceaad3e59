"""Rounds: two blind views, the confrontation, the talk, agreed levels."""

from flask import Blueprint

blueprint = Blueprint("assessments", __name__)
