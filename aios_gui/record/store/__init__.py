"""The record: one SQLite file, written by the recorder alone, read by everybody else."""
