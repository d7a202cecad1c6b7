"""A job as its parent sees it: how far it is, what it made, and why it made nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from aios_gui.reports.jobs.model import Step
from aios_gui.reports.jobs.run import JobFailed, run_job
from aios_gui.reports.jobs.words import progress_sentence, step_name
from aios_gui.system.own_child import OwnChild
from aios_gui.system.progress import Progress
from tests.history.made import Made


def test_a_job_tells_its_progress_and_its_file(made: Made, tmp_path: Path) -> None:
    target, told = tmp_path / "x.csv", list[Progress]()
    order = ["export", "--slice", str(made.sealed), "-o", str(target)]
    result = run_job(OwnChild(), order, told.append)
    assert (result.file, result.format, result.beats) == (str(target), "csv", len(made.beats))
    assert result.size_bytes == target.stat().st_size
    assert told
    assert all(0 <= each.share <= 1 and each.now == Step.WRITING for each in told)


def test_a_job_that_fails_says_why(tmp_path: Path) -> None:
    order = ["export", "--slice", str(tmp_path / "none.aiosrec"), "-o", str(tmp_path / "x.csv")]
    with pytest.raises(JobFailed, match=r"none\.aiosrec"):
        run_job(OwnChild(), order)
    stopped = OwnChild()
    stopped.stop()
    with pytest.raises(JobFailed, match=r"^$"):
        run_job(stopped, order)
    assert list(tmp_path.iterdir()) == []


def test_progress_in_words() -> None:
    assert progress_sentence(Progress(0.25, 130.0, "reading")) == "Reading the record: 25 %, 2 min left"
    assert progress_sentence(Progress(0.0, 0.0, "writing")) == "Writing: 0 %"
    assert step_name("of a newer version") == "of a newer version"
