"""Scheduled reports: of which day, week or month, where to, how many stay."""
