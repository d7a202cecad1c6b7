"""The commands of the alerts: what the rules found, and every single stall."""
