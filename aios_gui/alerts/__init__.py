"""What is told of the machine: rules, the watch over them, incidents, diagnosis, actions, score."""
