"""Paths, private files, logs, child processes, threads: what is asked of the operating system."""
