"""One running program: resident, recorder, lock, channel, and what can be asked of it."""
