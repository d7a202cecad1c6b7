"""The settings of the start at log-in; they take effect when it is set up again, since the system keeps it."""

from __future__ import annotations

from typing import Any

from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.settings.model import Effect, Section, Setting
from aios_gui.text.catalogue import N_

AUTO = "auto"

AUTOSTART = Section(
    "autostart",
    N_("Start at log-in"),
    (
        Setting(
            "autostart.mechanism",
            AUTO,
            # Every way to be started at log-in, on whatever system.
            choices={
                AUTO: N_("Automatic"),
                "run_key": N_("Windows: Run list of the registry"),
                "scheduled_task": N_("Windows: Scheduled task"),
                "desktop_file": N_("Linux: Autostart folder"),
                "systemd_unit": N_("Linux: systemd user service"),
                "launch_agent": N_("macOS: Launch agent"),
            },
            effect=Effect.ON_SETUP,
            title=N_("How it is started"),
            help=N_("The part of the system that starts the program when you log in."),
        ),
        Setting(
            "autostart.face",
            str(LaunchMode.TRAY),
            choices={
                LaunchMode.TRAY: N_("In the tray"),
                LaunchMode.WINDOW: N_("With the window open"),
                LaunchMode.HEADLESS: N_("Without a window or a tray icon"),
            },
            effect=Effect.ON_SETUP,
            title=N_("What is started"),
            help=N_("The tray icon, the open window, or only the heartbeat."),
        ),
        Setting(
            "autostart.delay_s",
            10,
            0,
            3600,
            unit="s",
            effect=Effect.ON_SETUP,
            title=N_("Wait after log-in"),
            help=N_("Delay before starting."),
        ),
        Setting(
            "autostart.spread_s",
            0,
            0,
            3600,
            unit="s",
            effect=Effect.ON_SETUP,
            title=N_("Spread the start"),
            help=N_("Wait up to this much longer, at random, where many machines start at once."),
        ),
        Setting(
            "autostart.on_battery",
            True,
            effect=Effect.ON_SETUP,
            title=N_("Also on battery"),
            help=N_("Start while the computer runs on its battery."),
        ),
        Setting(
            "autostart.time_limit_min",
            0,
            0,
            10_080,
            unit="min",
            effect=Effect.ON_SETUP,
            title=N_("End after"),
            help=N_("Quit automatically after this long; 0 = never."),
        ),
        Setting(
            "autostart.nice",
            0,
            -20,
            19,
            effect=Effect.ON_SETUP,
            title=N_("Priority"),
            help=N_("From −20 (before all others) to 19 (after them); 0 is normal."),
        ),
    ),
)


def without_startup_folder(content: dict[str, Any]) -> dict[str, Any]:
    """A file of version 2, whose mechanism may be the Startup folder of Windows, with the one that suits instead."""
    autostart = content.get("autostart")
    if not isinstance(autostart, dict) or autostart.get("mechanism") != "startup_folder":
        return content
    return {**content, "autostart": {**autostart, "mechanism": AUTO}}
