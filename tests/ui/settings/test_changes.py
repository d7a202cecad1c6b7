"""Changes are undone and redone in order, whatever was changed in between."""

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.ui.settings.panel import MOST_CHANGES, Changes
from tests.defaults import DEFAULTS

VALUES = st.floats(0.02, 3600)


@given(st.lists(VALUES, max_size=30), st.integers(0, 40))
def test_undone_and_redone_the_same_settings_are_in_force(values: list[float], steps: int) -> None:
    changes = Changes(DEFAULTS)
    known = [DEFAULTS]
    for value in values:
        settings = DEFAULTS.with_value("beat.interval_s", value)
        if settings != known[-1]:
            known.append(settings)
        changes.note(settings)
    for step in range(steps):
        expected = known[-2 - step] if step + 2 <= len(known) else None
        assert changes.undo() == expected
    undone = min(steps, len(known) - 1)
    for step in range(steps):
        expected = known[len(known) - undone + step] if step < undone else None
        assert changes.redo() == expected
    assert not changes.can_redo
    assert changes.can_undo is (len(known) > 1)


def test_a_new_change_ends_what_could_be_redone() -> None:
    changes = Changes(DEFAULTS)
    one, two = (DEFAULTS.with_value("beat.interval_s", value) for value in (2, 3))
    changes.note(one)
    changes.undo()
    changes.note(two)
    assert changes.redo() is None
    assert changes.undo() == DEFAULTS


def test_only_so_many_are_remembered() -> None:
    changes = Changes(DEFAULTS)
    for number in range(MOST_CHANGES + 50):
        changes.note(DEFAULTS.with_value("beat.interval_s", 2 + number))
    count = 0
    while changes.undo() is not None:
        count += 1
    assert count == MOST_CHANGES
