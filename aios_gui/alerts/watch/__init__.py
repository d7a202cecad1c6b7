"""Watches the beats by the rules: what fires, what clears, and what is asked of the diagnosis."""
