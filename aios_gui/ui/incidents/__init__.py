"""The parts of the Incidents panel: the list with its filter, and the incident that is open beside it."""
