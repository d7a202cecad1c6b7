"""What this program measures of itself: targets, profile, benchmark, doctor."""
