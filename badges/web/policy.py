"""What a browser may do with a page: nothing that does not come from here, and no page of ours in somebody's frame."""

_OURS = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; connect-src 'self'; worker-src 'self'; manifest-src 'self'"
)
EVERYWHERE = f"{_OURS}; frame-ancestors 'none'"
FRAMED = f"{_OURS}; frame-ancestors 'self'"
"""Of a page that one of our own may show in a frame, and no other site."""
FRAMING = f"{_OURS}; frame-ancestors 'none'; frame-src 'self'"
"""Of a page that shows another of ours in a frame."""
