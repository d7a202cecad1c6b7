"""The commands that concern the running program as a whole, and what all commands share."""
