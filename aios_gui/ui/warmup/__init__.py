"""The Warm-up panel and its parts."""
