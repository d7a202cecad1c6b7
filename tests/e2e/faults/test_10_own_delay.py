"""The window's own thread keeps the interpreter: the beat that comes late says that it was the program itself."""

from __future__ import annotations

import time
from pathlib import Path

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.items import EventKind
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import Paths
from tests.e2e.faults.rig import EVER, altered, linux, nothing_escaped, whole, window
from tests.fakes import MS
from tests.processes import wait_until

HELD_NS = 200 * MS
"""Shorter ones may be anything, as the imports of a window that opens."""
ENOUGH = 5
"""So many that waited for a core say that others have every core, which is then told of them all."""


@linux
def test_what_its_window_holds_up_is_tagged_as_its_own_doing(paths: Paths, tmp_path: Path) -> None:
    switch = tmp_path / "hog"

    def late() -> list[dict[str, int | float | str]]:
        with RecordReader(paths.store) as reader:
            hiccups = [event.facts for event in reader.events(since_ns, EVER[1], EventKind.HICCUP)]
        return [facts for facts in hiccups if float(facts["lateness_ns"]) >= HELD_NS]

    with window(paths, command=altered("gui_hog", switch)) as running:
        running.wait_until_it_beats()
        since_ns = time.time_ns()
        switch.touch()
        wait_until(
            lambda: any(map(names_the_window, late())) or sum(map(waited_for_a_core, late())) >= ENOUGH,
            "a late beat that names what held it up",
            pause_s=0.1,
        )
        switch.unlink()
        running.beats_on()
        running.quit()
    beats = whole(paths)
    assert [beat.seq for beat in beats] == list(range(len(beats)))
    nothing_escaped(paths)


def names_the_window(facts: dict[str, int | float | str]) -> bool:
    return facts["cause"] == Cause.SELF_INFLICTED and str(facts["culprit"]).startswith("json.encoder.")


def waited_for_a_core(facts: dict[str, int | float | str]) -> bool:
    """Where others have every core, the kernel says that a good part of the delay was waiting for one."""
    return float(facts["run_queue_ns"]) > 0.2 * float(facts["lateness_ns"])
