"""Calls of Windows that no library wraps."""
