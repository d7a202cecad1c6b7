"""The Reports panel: what is written, how it will look, what was written, and what is written by itself."""
