"""What leaves the program: exports of raw data."""
