"""Starting at log-in: how it stands, set up, repaired, tried and removed."""
