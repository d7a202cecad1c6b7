"""The editor of the rules: the list, the form, and what a change would have brought about."""
