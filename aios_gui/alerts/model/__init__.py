"""Rules, alarms, incidents, conclusions, score and health: values and arithmetic."""
