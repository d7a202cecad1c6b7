"""The panels of the window, one module each; the registry imports each when it is first shown."""
