"""The heartbeat in a terminal: what is drawn, and the screen it is drawn on."""
