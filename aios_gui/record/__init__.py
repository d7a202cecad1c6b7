"""What is kept: the store, its writer and reader, retention, relocation."""
