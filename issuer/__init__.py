"""Facts in, signed bytes out: Open Badges 3.0 credentials, status lists, DID documents, keys and badge pictures.

Everything a credential says comes in as a frozen value of `issuer.facts`; everything that leaves has been read back by
`verify`. This package knows neither the web nor the database, reads no clock and opens no connection.
"""
