"""The declared settings: each default is allowed, and sections stand together as in the file."""

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.autostart.model import AutostartOptions
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.instance.settings import DECLARED
from aios_gui.settings.model import Setting, SettingValue


def test_every_default_is_allowed() -> None:
    assert [each.name for each in DECLARED if each.check(each.default) != each.default] == []


def test_each_name_is_declared_once_and_sections_stand_together() -> None:
    assert len(DECLARED.by_name) == len(list(DECLARED))
    sections = [section for section, _group in groupby(each.name.partition(".")[0] for each in DECLARED)]
    assert len(set(sections)) == len(sections)


def test_autostart_is_declared_as_its_options_are() -> None:
    options = AutostartOptions()
    assert tuple(DECLARED["autostart.face"].choices) == tuple(LaunchMode)
    assert DECLARED["autostart.face"].default == options.mode
    for key in ("delay_s", "spread_s", "on_battery", "time_limit_min", "nice"):
        assert DECLARED[f"autostart.{key}"].default == getattr(options, key)


@given(st.sampled_from(list(DECLARED)), st.data())
def test_what_is_written_out_is_read_back(setting: Setting, data: st.DataObject) -> None:
    value = data.draw(allowed_values(setting))
    assert setting.read(setting.written(value)) == setting.check(value)


@given(st.sampled_from(list(DECLARED)), st.text(max_size=12))
def test_any_text_is_refused_or_becomes_an_allowed_value(setting: Setting, text: str) -> None:
    try:
        value = setting.read(text)
    except ValueError:
        return
    assert setting.check(value) == value
    assert type(value) is setting.kind


def test_numbers_that_python_would_take_are_refused() -> None:
    cases: list[str] = ["nan", "inf", "1_0", "0x10", "", "9" * 5000, "9" * 390, "1e999", "٣٠٠ "]
    for text in cases:
        with pytest.raises(ValueError, match=r"."):
            DECLARED["record.raw_days"].read(text)


def allowed_values(setting: Setting) -> st.SearchStrategy[SettingValue]:
    if setting.choices:
        return st.sampled_from(list(setting.choices))
    if setting.kind is bool:
        return st.booleans()
    if setting.keys:
        return st.sampled_from(["", "Ctrl+P", "F5", "Ctrl+Alt+Home"])
    if setting.kind is str:
        return st.text().map(str.strip)
    if setting.kind is int:
        return st.integers(int(setting.minimum or 0), int(setting.maximum or 0))
    return st.floats(setting.minimum, setting.maximum)
