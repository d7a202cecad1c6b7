"""Injects bursts beside the real service, and counts how often the right program is named first."""
