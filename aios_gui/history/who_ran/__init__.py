"""Who ran: the foremost programs of each minute, kept beside the beats."""
