"""Every way to be started at log-in: one module each, and one line here."""
