"""What changed on this machine: what was installed, updated, switched, and when it was started."""
