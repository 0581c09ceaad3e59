"""The W3C's VC-API over our verifier and issuer, for conformance suites: on loopback, with keys that end with it.

Knows neither the database nor the pages. Nothing here makes or checks a proof by itself.
"""
