"""Moving the record to another folder."""
