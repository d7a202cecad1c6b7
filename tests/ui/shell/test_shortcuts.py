"""Keys of the window: by the settings, and each for one thing."""

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.instance.settings import DECLARED
from aios_gui.ui.shell.shortcuts import clashing, panel_keys
from tests.defaults import DEFAULTS

KEYED = [setting.name for setting in DECLARED if setting.keys]


def test_by_default_nothing_clashes() -> None:
    assert clashing(DEFAULTS) == {}
    assert [panel_keys(DEFAULTS, number) for number in (1, 9, 10)] == ["Alt+1", "Alt+9", ""]


def test_panels_by_number_can_be_left_out() -> None:
    assert panel_keys(DEFAULTS.with_value("keyboard.panels", "off"), 1) == ""


@given(st.lists(st.sampled_from(["", "Ctrl+W", "Alt+1", "F5", "Ctrl+Q"]), min_size=4, max_size=4))
def test_whatever_is_set_each_key_is_left_with_one_meaning(keys: list[str]) -> None:
    settings = DEFAULTS
    for name, wanted in zip(KEYED, keys, strict=False):
        settings = settings.with_value(name, wanted)
    clashes = clashing(settings)
    used = [settings[name] for name in KEYED if settings[name] and name not in clashes]
    assert len(set(used)) == len(used)
    assert "Alt+1" not in used
    for name, other in clashes.items():
        assert name != other
        assert other == "keyboard.panels" or settings[other] == settings[name]
