"""A competency framework as a value: read, edit, compare, publish, import, export.

It imports nobody: neither the database, nor the web, nor the standards of signed badges.
"""
