"""Measures what the heartbeat costs, beside what it is compared with, in one run: `python -m tests.bench`."""
