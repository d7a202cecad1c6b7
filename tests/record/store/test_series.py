"""Of the own share as many samples are read as can be seen, spread over the whole span."""

import sqlite3
from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.store.opening import transaction
from aios_gui.record.store.series import own_share

NEAR_US = 10_000_000


@given(
    st.sets(st.integers(0, NEAR_US * 2), max_size=40),
    st.integers(0, NEAR_US),
    st.integers(0, NEAR_US),
    st.integers(1, 8),
)
def test_the_first_sample_of_each_equal_step_is_read(
    times_us: set[int], start_us: int, length_us: int, most: int
) -> None:
    end_us = start_us + length_us
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        RECORD_SCHEMA.migrate(connection)
        with transaction(connection):
            for at_us in times_us:
                connection.execute("INSERT INTO context (at_us, own_memory_bytes) VALUES (?, 5)", (at_us,))
        found = [row[0] for row in own_share(connection, start_us, end_us, most)]
    inside = sorted(at_us for at_us in times_us if start_us <= at_us < end_us)
    if length_us > most * 1_000_000:
        step_us = length_us // most
        inside = [
            at_us
            for before_us, at_us in zip([-NEAR_US, *inside], inside, strict=False)
            if (before_us - start_us) // step_us != (at_us - start_us) // step_us
        ]
    assert found == inside
