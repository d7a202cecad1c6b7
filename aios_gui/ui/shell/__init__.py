"""The window around the panels: rail, status bar, tray, notices, and what runs them."""
