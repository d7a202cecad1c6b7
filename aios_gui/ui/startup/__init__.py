"""The Startup panel, and what the notices about starting at log-in are told apart by."""

OFFER, CHANGED, PLACE = "startup-offer", "startup-changed", "startup-place"
