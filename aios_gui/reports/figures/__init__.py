"""The drawings of reports: what history says of a span, as lines, areas and labels."""
