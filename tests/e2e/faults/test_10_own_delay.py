"""The window's own thread keeps the interpreter: the beat that comes late says that it was the program itself."""

from __future__ import annotations

from pathlib import Path

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.items import EventKind
from aios_gui.record.store.reader import History
from aios_gui.system.paths import Paths
from tests.e2e.faults.rig import EVER, altered, linux, nothing_escaped, whole, window
from tests.processes import wait_until


@linux
def test_what_its_window_holds_up_is_tagged_as_its_own_doing(paths: Paths, tmp_path: Path) -> None:
    switch = tmp_path / "hog"

    def own() -> list[str]:
        """What is named as the culprit of late beats that were the program's own doing."""
        with History(paths.store) as history:
            late = history.events(*EVER, EventKind.HICCUP)
        return [str(each.facts["culprit"]) for each in late if each.facts["cause"] == Cause.SELF_INFLICTED]

    with window(paths, command=altered("gui_hog", switch)) as running:
        running.wait_until_it_beats()
        switch.touch()
        wait_until(lambda: any(culprit.startswith("json.encoder.") for culprit in own()), "one that names it")
        switch.unlink()
        running.beats_on()
        running.quit()
    beats = whole(paths)
    assert [beat.seq for beat in beats] == list(range(len(beats)))
    nothing_escaped(paths)
