"""Référentiels: public versions, and the editor's pages from draft to publication and recognition."""

from flask import Blueprint

blueprint = Blueprint("referentiels", __name__)
