"""What a report is made of: sections of figures, tables and drawings, whatever file they go into."""
