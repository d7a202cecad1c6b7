"""The commands of the heartbeat."""
