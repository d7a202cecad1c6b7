"""Builds what is given to users: one module a target, one a concept that targets share."""
