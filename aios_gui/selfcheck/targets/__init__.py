"""The targets: goals, what is reached, and whether that is enough."""
