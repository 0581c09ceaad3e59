"""The coach's people: list, card, PIN reset, hand-over; and a person's own page."""

from flask import Blueprint

blueprint = Blueprint("people", __name__)
