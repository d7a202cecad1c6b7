"""The picture of a running heartbeat, and what it is made from."""
