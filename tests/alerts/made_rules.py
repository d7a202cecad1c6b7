"""Rules that tests draw at random, and readings to feed them with."""

from __future__ import annotations

from hypothesis import strategies as st

from aios_gui.alerts.model.rule_fields import NAME_CHARACTERS
from aios_gui.alerts.model.rules import CUSTOM, Comparison, Level, Measure, Rule

names = (
    st.text(min_size=1, max_size=NAME_CHARACTERS)
    .map(str.strip)
    .filter(lambda name: name and name.isprintable() and "," not in name)
)
measures = st.sampled_from([*map(str, Measure), f"{CUSTOM}queue"])
times = st.builds(lambda hour, minute: f"{hour:02d}:{minute:02d}", st.integers(0, 23), st.integers(0, 59))
amounts = st.floats(0, 1e12, allow_nan=False)


@st.composite
def rules(draw: st.DrawFn, name: str | None = None) -> Rule:
    """Any valid rule."""
    comparison = draw(st.sampled_from(Comparison))
    low, high = sorted((draw(amounts), draw(amounts)))
    limit, clear = (high, low) if comparison is Comparison.ABOVE else (low, high)
    quiet = draw(st.one_of(st.just(("", "")), st.tuples(times, times)))
    return Rule(
        name if name is not None else draw(names),
        draw(measures),
        limit,
        comparison,
        draw(st.sampled_from(Level)),
        draw(st.floats(0, 86_400)),
        clear,
        draw(st.floats(0, 604_800)),
        *quiet,
        tuple(draw(st.lists(names, max_size=3))),
        tuple(draw(st.lists(st.sampled_from(["notify", "capture", "run:echo x"]), max_size=3))),
        draw(st.booleans()),
    )
