"""Questions over spans of the record."""
