"""The settings of the running program and its window, and all that the features declare, collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aios_gui.alerts.model.alarm import lies_between
from aios_gui.alerts.settings import DIAGNOSIS, RULES, THRESHOLDS, limits_into_rules
from aios_gui.autostart.settings import AUTOSTART, without_startup_folder
from aios_gui.heartbeat.settings import BEAT
from aios_gui.record.settings import RECORD
from aios_gui.reports.settings import REPORTS
from aios_gui.settings.model import Declarations, Section, Setting, Settings
from aios_gui.text.catalogue import N_

if TYPE_CHECKING:
    from aios_gui.instance.model.throttle import ThrottleLimits
    from aios_gui.settings.file import SettingsFile
    from aios_gui.system.paths import Paths

_SYSTEM = N_("As the system")
OFF = "off"
_HOURS = {f"{hour:02}:00": f"{hour:02}:00" for hour in range(24)}
_KEYS = N_("shortcut hotkey key binding")

WINDOW = Section(
    "window",
    N_("Window"),
    (
        Setting(
            "window.theme",
            "system",
            choices={"system": _SYSTEM, "light": N_("Light"), "dark": N_("Dark")},
            title=N_("Theme"),
            help=N_("The colours of the window."),
            search=N_("dark mode appearance color night"),
        ),
        Setting(
            "window.language",
            "system",
            choices={"system": _SYSTEM, "en": "English", "zh_CN": "简体中文"},  # each named in itself
            title=N_("Language"),
            help=N_("The language of the window, the tray and the command line."),
            search=N_("translation English Chinese"),
        ),
        Setting(
            "window.close_button",
            "ask",
            choices={
                "ask": N_("Ask"),
                "tray": N_("Keep running in the tray"),
                "service": N_("Keep recording without a window"),
                "quit": N_("Quit"),
            },
            title=N_("When the window is closed"),
            help=N_(
                "In the tray, or without a window, it goes on recording; after quitting nothing is recorded."
            ),
            search=N_("exit minimize background service tray"),
        ),
        Setting(
            "window.refresh_hz",
            2.0,
            0.5,
            10.0,
            unit="Hz",
            title=N_("Refresh"),
            help=N_("How often the picture is brought up to date while it can be seen."),
            search=N_("update rate speed"),
        ),
        Setting(
            "window.introduction",
            True,
            title=N_("Introduction"),
            help=N_("Explain on the Live panel what beats, hiccups and the strip are."),
            search=N_("first run help explain card tutorial"),
        ),
        Setting(
            "window.notifications",
            True,
            title=N_("Desktop notifications"),
            help=N_("Notify when something needs attention while the window is hidden."),
            search=N_("message popup balloon tray sound mute"),
            shown_in=THRESHOLDS.key,
        ),
        Setting(
            "window.quiet_from",
            OFF,
            choices={OFF: N_("Off"), **_HOURS},
            title=N_("Quiet hours from"),
            help=N_(
                "From this time of the day on there are no desktop notifications. All is recorded as ever."
            ),
            search=N_("do not disturb night sleep mute silence"),
            shown_in=THRESHOLDS.key,
        ),
        Setting(
            "window.quiet_to",
            "07:00",
            choices=_HOURS,
            title=N_("Quiet hours to"),
            help=N_("Notifications come again from this time on. The tray then tells of what still goes on."),
            search=N_("do not disturb night sleep mute silence"),
            shown_in=THRESHOLDS.key,
        ),
        Setting(
            "window.quiet_critical",
            True,
            title=N_("Critical ones in quiet hours"),
            help=N_("Notify of what is critical in quiet hours, too."),
            search=N_("do not disturb night sleep mute silence"),
            shown_in=THRESHOLDS.key,
        ),
        Setting(
            "window.notify_hiccup_ms",
            1_000.0,
            1.0,
            60_000.0,
            unit="ms",
            title=N_("Notify of hiccups from"),
            help=N_("Hiccups at least this long bring a notification; shorter ones are only recorded."),
            search=N_("message popup balloon stutter"),
            shown_in=THRESHOLDS.key,
        ),
    ),
)

REGULATION = Section(
    "regulation",
    N_("Power saving"),
    (
        Setting(
            "regulation.enabled",
            True,
            title=N_("Reduce refresh automatically"),
            help=N_(
                "Refresh the window less often while the machine is busy or this program uses too much CPU. "
                "Beats are not affected."
            ),
            search=N_("battery throttle slow energy"),
        ),
        Setting(
            "regulation.own_cpu_percent",
            10.0,
            0.1,
            400.0,
            unit="%",
            title=N_("When this program uses"),
            help=N_("Refresh slows when this program uses more of one core than this."),
            search=N_("battery throttle own cost"),
        ),
        Setting(
            "regulation.machine_cpu_percent",
            95.0,
            50.0,
            100.0,
            unit="%",
            title=N_("When the machine is busy"),
            help=N_("Refresh slows when total CPU is above this, or while a critical CPU rule fires."),
            search=N_("battery throttle load"),
        ),
        Setting(
            "regulation.after_s",
            10.0,
            1.0,
            600.0,
            unit="s",
            title=N_("For at least"),
            help=N_("Applies after this long; normal refresh returns after three times as long."),
            search=N_("battery throttle delay"),
        ),
    ),
    shown_in=WINDOW.key,
)

KEYBOARD = Section(
    "keyboard",
    N_("Keyboard"),
    (
        Setting(
            "keyboard.panels",
            "alt",
            choices={"alt": "Alt", "ctrl": "Ctrl", "off": N_("No keys")},
            title=N_("Panels by number"),
            help=N_("Press with 1, 2, 3 … to switch panels."),
            search=_KEYS,
        ),
        Setting("keyboard.settings", "Ctrl+,", keys=True, title=N_("Open the settings"), search=_KEYS),
        Setting(
            "keyboard.pause", "Ctrl+P", keys=True, title=N_("Pause or resume the heartbeat"), search=_KEYS
        ),
        Setting("keyboard.close", "Ctrl+W", keys=True, title=N_("Close the window"), search=_KEYS),
        Setting("keyboard.quit", "Ctrl+Q", keys=True, title=N_("Quit"), search=_KEYS),
    ),
)

DECLARED = Declarations(
    (BEAT, THRESHOLDS, DIAGNOSIS, RECORD, WINDOW, REGULATION, KEYBOARD, REPORTS, AUTOSTART),
    (RULES,),
    (limits_into_rules, without_startup_folder),
)
"""Every setting of the program, in the order of the file."""


def settings_file(paths: Paths) -> SettingsFile:
    """The settings file of this user."""
    from aios_gui.settings.file import SettingsFile

    return SettingsFile(paths.settings, DECLARED)


def throttle_limits(settings: Settings) -> ThrottleLimits:
    """From where on to throttle, as set."""
    from aios_gui.instance.model.throttle import ThrottleLimits

    return ThrottleLimits(
        settings["regulation.enabled"],
        settings["regulation.own_cpu_percent"],
        settings["regulation.machine_cpu_percent"],
        settings["regulation.after_s"],
    )


def keeps_quiet(settings: Settings, minute: int, critical: bool) -> bool:
    """Whether the quiet hours keep a notification back at that minute of the day."""
    begins, ends = str(settings["window.quiet_from"]), str(settings["window.quiet_to"])
    if begins == OFF or (critical and settings["window.quiet_critical"]):
        return False
    return lies_between(minute, begins, ends)


def stall_notified_ns(settings: Settings) -> int:
    """From which length on a single stall is worth a notification."""
    length_ms: float = settings["window.notify_hiccup_ms"]
    return round(length_ms * 1e6)
