"""The parts of the Settings panel: a form that is made from the declared settings, and what stands beside it."""
