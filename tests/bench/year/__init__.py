"""A year of beats through the real store in compressed time: what it takes, and how soon it answers."""
