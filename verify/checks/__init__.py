"""One question per module, each answered by one `Check`. Private to `verify`."""
