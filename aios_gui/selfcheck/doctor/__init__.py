"""Checks the installation, the user's files and the running instance, and says how to mend what is wrong."""
