"""The score, the health and the targets as the window shows them."""
