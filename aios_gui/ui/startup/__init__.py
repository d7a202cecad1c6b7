"""The parts of the Startup panel, and what is offered at a start."""
