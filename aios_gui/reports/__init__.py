"""What leaves the program: reports, figures and raw data."""
