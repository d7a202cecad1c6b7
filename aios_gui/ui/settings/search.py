"""What a search among the settings finds."""

from __future__ import annotations

from aios_gui.settings.model import Setting
from aios_gui.settings.table import choice_text, help_text, section_title, title


def finds(query: str, *texts: str) -> bool:
    """Whether every word of ``query`` occurs in one of the texts; capitals do not matter."""
    whole = "\n".join(texts).casefold()
    return all(word in whole for word in query.casefold().split())


def words_of(setting: Setting) -> tuple[str, ...]:
    """All that a setting can be found by: its words in the user's language, and its name in the file."""
    choices = (choice_text(setting, choice) for choice in setting.choices)
    return (section_title(setting.section), title(setting), help_text(setting), setting.name, *choices)
