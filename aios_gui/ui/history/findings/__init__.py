"""What an analysis of a span found: a card for each finding."""
