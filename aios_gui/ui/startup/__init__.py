"""The Startup panel, and what the notices about starting at log-in are told apart by."""

CHANGED, PLACE = "startup-changed", "startup-place"
