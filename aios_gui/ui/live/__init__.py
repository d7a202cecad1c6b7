"""The Live panel and its parts."""
