"""What each setting is called, what it does, and what its choices mean, in the language of the user."""

from __future__ import annotations

from aios_gui.settings.model import Setting, SettingValue
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _

_SECTIONS = {
    "beat": N_("Heartbeat"),
    "thresholds": N_("Thresholds"),
    "record": N_("Record"),
    "window": N_("Window"),
    "regulation": N_("Going easy"),
    "keyboard": N_("Keyboard"),
    "autostart": N_("Start at log-in"),
}
_TEXTS: dict[str, tuple[str, str]] = {
    "beat.interval_s": (N_("Interval"), N_("The time from one beat to the next.")),
    "beat.rehearsal": (
        N_("Rehearsal"),
        N_("Run the beat once, unrecorded, just before it is due, so that it finds warm caches."),
    ),
    "beat.warm_up": (
        N_("Warm up by itself"),
        N_("Warm the beat up at the start, after the machine has slept, and after a pause."),
    ),
    "thresholds.cpu_percent": (N_("CPU from"), N_("A beat that finds the CPU busier than this is an alert.")),
    "thresholds.memory_percent": (
        N_("Memory from"),
        N_("A beat that finds more of the memory in use than this is an alert."),
    ),
    "thresholds.hiccup_ms": (N_("Stutter from"), N_("A beat that is woken later than this shows a stutter.")),
    "record.raw_days": (N_("Keep beats for"), N_("Every single beat is kept so long; older ones go.")),
    "record.size_limit_mb": (
        N_("At most"),
        N_("Once the record is larger than this, the oldest beats go before their time."),
    ),
    "window.theme": (N_("Theme"), N_("The colours of the window.")),
    "window.language": (N_("Language"), N_("The language of the window, the tray and the command line.")),
    "window.close_button": (
        N_("When the window is closed"),
        N_("In the tray the heartbeat goes on; after quitting nothing is recorded."),
    ),
    "window.refresh_hz": (
        N_("Refresh"),
        N_("How often the picture is brought up to date while it can be seen."),
    ),
    "window.notifications": (
        N_("Messages from the tray"),
        N_("Tell by a message of the system what should not wait until the window is open."),
    ),
    "regulation.enabled": (
        N_("Go easy by itself"),
        N_(
            "Refresh more slowly while the machine is busy or this program costs too much. Beats go on as ever."
        ),
    ),
    "regulation.own_cpu_percent": (
        N_("When this program uses"),
        N_("From this share of one core on, it goes easy."),
    ),
    "regulation.machine_cpu_percent": (
        N_("When the machine is busy"),
        N_("From this CPU of the whole machine on, it goes easy; also while a critical rule on CPU fires."),
    ),
    "regulation.after_s": (
        N_("For at least"),
        N_("It must last so long; three times as long without, and all is as before."),
    ),
    "keyboard.panels": (N_("Panels by number"), N_("Held together with 1, 2, 3 …, it opens the panels.")),
    "keyboard.settings": (N_("Open the settings"), ""),
    "keyboard.pause": (N_("Pause or resume the heartbeat"), ""),
    "keyboard.close": (N_("Close the window"), ""),
    "keyboard.quit": (N_("Quit"), ""),
    "autostart.mechanism": (
        N_("How it is started"),
        N_("Which means of the system starts the program at log-in."),
    ),
    "autostart.face": (N_("What is started"), N_("The tray icon, the open window, or only the heartbeat.")),
    "autostart.delay_s": (N_("Wait after log-in"), N_("So long the program waits before it begins.")),
    "autostart.spread_s": (
        N_("Spread the start"),
        N_("Wait up to so much longer, at random, where many machines start at once."),
    ),
    "autostart.on_battery": (N_("Also on battery"), N_("Start while the computer runs on its battery.")),
    "autostart.time_limit_min": (N_("End after"), N_("End by itself after so long; 0 is never.")),
    "autostart.nice": (
        N_("Priority"),
        N_("From -20, ahead of all others, to 19, behind them; 0 is the usual one."),
    ),
}
_SYSTEM = N_("As the system")
_CHOICES: dict[str, dict[str, str]] = {
    "beat.rehearsal": {
        "auto": N_("Where the interval allows it"),
        "on": N_("Before every beat"),
        "off": N_("Never"),
    },
    "window.theme": {"system": _SYSTEM, "light": N_("Light"), "dark": N_("Dark")},
    # Each language is named in itself.
    "window.language": {"system": _SYSTEM, "en": "English", "zh_CN": "简体中文"},
    "window.close_button": {"ask": N_("Ask"), "tray": N_("Keep running in the tray"), "quit": N_("Quit")},
    "keyboard.panels": {"alt": "Alt", "ctrl": "Ctrl", "off": N_("No keys")},
    "autostart.mechanism": {
        "auto": N_("As suits this system"),
        "run_key": N_("Windows: Run key of the user"),
        "startup_folder": N_("Windows: Startup folder"),
        "scheduled_task": N_("Windows: scheduled task"),
        "desktop_file": N_("Linux: autostart folder of the desktop"),
        "systemd_unit": N_("Linux: systemd unit of the user"),
        "launch_agent": N_("macOS: launch agent"),
    },
    "autostart.face": {
        "tray": N_("In the tray"),
        "window": N_("With the window open"),
        "headless": N_("Without a window or a tray icon"),
    },
}
_UNITS = {
    "s": N_("s"),
    "ms": N_("ms"),
    "min": N_("min"),
    "d": N_("days"),
    "MB": N_("MB"),
    "%": N_("%"),
    "Hz": N_("times a second"),
}


def section_title(section: str) -> str:
    """What a section of the settings is called; its name in the file where it has no other."""
    return _(_SECTIONS[section]) if section in _SECTIONS else section


def title(setting: Setting) -> str:
    """What a setting is called; its name in the file where it has no other."""
    return _(_TEXTS[setting.name][0]) if setting.name in _TEXTS else setting.name


def help_text(setting: Setting) -> str:
    """What a setting does; "" where its name says it all."""
    text = _TEXTS.get(setting.name, ("", ""))[1]
    return _(text) if text else ""


def choice_text(setting: Setting, choice: str) -> str:
    """What a choice of a setting means; the word itself where it has no other."""
    text = _CHOICES.get(setting.name, {}).get(choice, "")
    return _(text) if text else choice


def unit_text(setting: Setting) -> str:
    """The unit behind a figure; "" for none."""
    return _(_UNITS[setting.unit]) if setting.unit in _UNITS else setting.unit


def value_text(setting: Setting, value: SettingValue) -> str:
    """A value as it stands in a sentence."""
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if setting.choices:
        return choice_text(setting, str(value))
    if setting.keys:
        return str(value) or _("no keys")
    return f"{setting.written(value)} {unit_text(setting)}".rstrip()
