"""What the application does, noun by noun. Services flush; the view or the command commits once."""
