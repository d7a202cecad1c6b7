"""Values and arithmetic of the answers about a span."""
