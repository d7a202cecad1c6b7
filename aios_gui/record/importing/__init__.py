"""Brings beats of other files into the record, apart from this machine's own."""
