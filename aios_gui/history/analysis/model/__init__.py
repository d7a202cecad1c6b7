"""Values and arithmetic of an analysis."""
