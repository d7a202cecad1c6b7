"""AIOS Heartbeat: a warmed heartbeat that records how well this machine keeps time."""

__version__ = "0.1.0"
