"""Alerts in words: rules, incidents, findings, actions, score."""
