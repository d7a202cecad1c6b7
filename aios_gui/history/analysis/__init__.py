"""A span analysed: figures, days, what changed when, what was unusual, and advice."""
