"""The commands that write reports and raw data."""
