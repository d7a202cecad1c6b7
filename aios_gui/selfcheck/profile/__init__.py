"""Measures what every stage of a beat costs, on the code that beats."""
