"""The History panel: the whole record as one strip, and everything else about the span chosen on it."""
