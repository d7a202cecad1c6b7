"""The declared settings: each default is allowed, and sections stand together as in the file."""

from itertools import groupby

from aios_gui.core.autostart import Face, Wish
from aios_gui.core.settings import BY_NAME, DECLARED


def test_every_default_is_allowed() -> None:
    assert [each.name for each in DECLARED if each.check(each.default) != each.default] == []


def test_each_name_is_declared_once_and_sections_stand_together() -> None:
    assert len(BY_NAME) == len(DECLARED)
    sections = [section for section, _group in groupby(each.name.partition(".")[0] for each in DECLARED)]
    assert len(set(sections)) == len(sections)


def test_autostart_is_declared_as_its_wish_has_it() -> None:
    wish = Wish()
    assert BY_NAME["autostart.face"].choices == tuple(Face)
    for key in ("face", "delay_s", "spread_s", "on_battery", "time_limit_min", "nice"):
        assert BY_NAME[f"autostart.{key}"].default == getattr(wish, key)
