"""Bytes in, report out: Open Badges 3.0 and the W3C standards below it, written once.

Knows neither the web application nor its database, and opens no network connection.
"""
