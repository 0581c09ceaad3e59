"""One module for each published specification, shared with the issuer."""
