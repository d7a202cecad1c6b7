"""All of Qt: the engine's thread, the controller, the window, its panels and plots, theme and language."""
