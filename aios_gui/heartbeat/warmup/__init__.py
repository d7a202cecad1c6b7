"""Warming the path of the beat: the steps, what runs them, and their words."""
