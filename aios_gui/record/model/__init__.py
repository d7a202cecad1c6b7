"""What the record holds, as values."""
