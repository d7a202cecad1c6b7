"""Two spans beside each other, and whether the second is better or worse."""
