"""Which choices of a setting make sense on this system."""

from __future__ import annotations

from aios_gui.settings.model import Setting


def choices_here(setting: Setting) -> tuple[str, ...]:
    """All choices, but of the ways to be started at log-in those that this system has."""
    if setting.name != "autostart.mechanism":
        return setting.choices
    from aios_gui.autostart.mechanisms import mechanisms

    here = {mechanism.key for mechanism in mechanisms()}
    return tuple(choice for choice in setting.choices if choice == setting.default or choice in here)
