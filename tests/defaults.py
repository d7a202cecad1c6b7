"""The settings of someone who never changed any."""

from aios_gui.instance.settings import DECLARED
from aios_gui.settings.model import Settings

DEFAULTS = Settings(DECLARED)
