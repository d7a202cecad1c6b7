"""What a person and scripts do with window and service in the course of a minute."""

from __future__ import annotations

from typing import Any

Order = tuple[str, Any]
"""What the window is to do, and with what."""

WINDOW: tuple[tuple[Order, ...], ...] = (
    (("show", None), ("panel", "live")),
    (("span", 60),),
    (("span", 900), ("table", True)),
    (("table", False), ("log", False)),
    (("log", True), ("span", 3_600)),
    (("panel", "incidents"),),
    (("set", ["window.language", "zh_CN"]),),
    (("panel", "warmup"), ("set", ["window.theme", "dark"])),
    (("send", "CoolDown"), ("send", "WarmUp")),
    (("panel", "live"), ("panel", "warmup")),
    (("set", ["window.language", "en"]), ("panel", "startup")),
    (("panel", "settings"), ("set", ["thresholds.hiccup_ms", 60.0])),
    (("set", ["window.theme", "light"]), ("set", ["window.refresh_hz", 4.0])),
    (("health", None), ("set", ["thresholds.hiccup_ms", 50.0])),
    (("close_health", None), ("set", ["window.refresh_hz", 2.0])),
    (("panel", "live"), ("span", 86_400), ("freeze", True)),
    (("freeze", False), ("size", [1100, 700])),
    (("span", 900), ("size", [1000, 720])),
    (("pause", None), ("panel", "reports")),
    (("pause", None), ("set", ["thresholds.cpu_percent", 85.0]), ("set", ["thresholds.cpu_percent", 80.0])),
    (("panel", "history"),),
    (("panel", "live"), ("span", 900)),
    (("hide", None),),
    (),
)
"""Its steps by turns: every panel, range, theme and language; it ends hidden and at rest, and comes back."""

FIRST: tuple[Order, ...] = (("send", "Demonstrate"),)
"""What the window is to do once, at the beginning: the page of the first incident is built, and stays.

Where the machine stutters for the first time after an hour, that would look like a leak.
"""

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("beat",),
    ("targets", "--json"),
    ("incidents", "--json"),
    ("export", "--range", "15m", "--output", "-"),
    ("settings", "set", "thresholds.hiccup_ms", "60"),
    ("settings", "set", "thresholds.hiccup_ms", "50"),
    ("doctor", "--json"),
    ("warmup",),
)
"""What is asked of the service on the command line, one at every third step."""
