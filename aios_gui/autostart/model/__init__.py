"""What starting at log-in means: what is wanted, what would be written, how it stands."""
