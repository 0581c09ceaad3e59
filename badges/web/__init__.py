"""Pages and API: views parse, call one service, commit and answer."""
