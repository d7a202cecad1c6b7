"""The values and the arithmetic of the beat: no files, no threads, no clock."""
