"""Notes: what a person or a script wrote on a moment or a span."""
