"""A span of the record as a file to send: made, with names left out on request, and opened read-only."""
