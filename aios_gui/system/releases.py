"""Where newer releases are published, as the builder of this copy set it. Nothing is ever asked over the network."""

from __future__ import annotations

from aios_gui.system.resources import resource


def releases_page() -> str:
    """The address of the page, which only a person's click or command opens; empty where this copy was not told it."""
    try:
        text = resource("about", "releases.txt").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return text if text.startswith("https://") else ""
