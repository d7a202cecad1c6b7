"""The arithmetic, the verdicts and the page of the soak; the run itself only with --long."""

import json
import math
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.bench.soak.inside import objects_here
from tests.bench.soak.page import write_page
from tests.bench.soak.trend import Estimate, ratio_of_percentiles, slope, student
from tests.bench.soak.use import WINDOW
from tests.bench.soak.verdicts import PROCESSES, WITNESS, Outcome, Run, Verdict, by_round, judge, sentence
from tests.processes import ROOT

_LOOK_S = 20.0
_FLAT = {
    "descriptors": 20,
    "threads": 9,
    "wakeups_at_rest_per_s": 50.0,
    "objects": 100_000,
    "none_references": 40_000,
}


def _look(process: str, number: int, **changed: Any) -> dict[str, Any]:
    beats = [[20_000 + 1000 * n, 150_000, 0] for n in range(10)]
    at_s = (number + 1) * _LOOK_S
    made = {"made": 100 * (number + 1), "due": 100 * (number + 1), "lost": 0, "beats": beats, "load": 0.4}
    return {"process": process, "at_s": at_s, "rss": 150e6, **_FLAT, **made, **changed}


def _run(looks: int, change: Callable[[int], dict[str, Any]] = lambda _number: {}) -> Run:
    facts = {"interval_s": 0.1, "hours": 1, "cores": 2, "at": 0.0, "python": "3.13.0"}
    found = [_look(process, n, **change(n)) for n in range(looks) for process in (*PROCESSES, WITNESS)]
    return Run(facts, found, [])


def _verdict(run: Run, what: str) -> Verdict:
    return next(each for each in judge(run) if each.what.startswith(what))


def test_a_straight_line_has_a_certain_slope() -> None:
    found = slope([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], [7.0, 7.5, 8.0, 8.5, 9.0, 9.5])
    assert found == Estimate(0.5, 0.5, 0.5)


def test_too_few_values_or_one_moment_have_no_slope() -> None:
    assert slope([0, 1, 2, 3, 4], [1, 2, 3, 4, 5]) is None
    assert slope([3] * 9, range(9)) is None


def test_the_interval_holds_the_true_slope_as_often_as_it_says() -> None:
    chance = random.Random(7)
    times = [n / 60 for n in range(120)]
    for likeness, least in ((0.0, 0.90), (0.7, 0.85)):
        held = 0
        for _ in range(200):
            noise, values = 0.0, []
            for time in times:
                noise = likeness * noise + chance.gauss(0, 1)
                values.append(0.5 * time + noise)
            found = slope(times, values)
            assert found is not None
            held += found.low <= 0.5 <= found.high
        assert held / 200 >= least


def test_what_follows_upon_one_another_alike_makes_the_interval_wider() -> None:
    alike, apart = (
        slope(range(60), [n // 6 % 2 for n in range(60)]),
        slope(range(60), [n % 2 for n in range(60)]),
    )
    assert alike is not None
    assert apart is not None
    assert alike.high - alike.low > 2 * (apart.high - apart.low)


def test_students_quantile_is_that_of_the_tables() -> None:
    cases: list[tuple[float, float]] = [(3, 3.182), (5, 2.571), (10, 2.228), (30, 2.042), (1e9, 1.96)]
    for freedom, quantile in cases:
        assert student(freedom) == pytest.approx(quantile, rel=0.005)


def test_the_ratio_of_percentiles_knows_how_sure_it_is() -> None:
    same = [[1.0, 2.0, 3.0]] * 20
    assert ratio_of_percentiles([same], [same], 0.99) == Estimate(1, 1, 1)
    assert ratio_of_percentiles([[[2.0, 4.0, 6.0]] * 20], [same], 0.99) == Estimate(2, 2, 2)
    assert ratio_of_percentiles([same], [[[]]], 0.99) is None
    uneven = ratio_of_percentiles([[[3.0]] * 19 + [[9.0]]], [same], 0.99)
    assert uneven is not None
    assert (uneven.low, uneven.high) == (1, 3)


def test_rounds_are_means_of_whole_ones() -> None:
    assert by_round([(0, 1), (3600, 2), (7200, 6), (9000, 50)]) == ([1], [3])


def test_what_stays_flat_passes_and_what_creeps_fails() -> None:
    assert {each.outcome for each in judge(_run(90))} == {Outcome.PASS}
    creeping = _run(90, lambda n: {"rss": 150e6 + n * 6_000, "descriptors": 20 + n // 9})
    failed = {each.what for each in judge(creeping) if each.failed}
    assert failed == {"memory", "descriptors"}
    memory = _verdict(creeping, "memory").figure
    assert memory is not None
    assert memory.value == pytest.approx(6_000 * 3600 / _LOOK_S / 1e6)


def test_what_grows_only_at_the_beginning_passes() -> None:
    assert not _verdict(_run(90, lambda n: {"rss": 150e6 + min(n, 20) * 1e6}), "memory").failed


def test_references_of_none_may_rise_but_not_fall() -> None:
    for sign, outcome in ((1, Outcome.PASS), (-1, Outcome.FAIL)):
        run = _run(90, lambda n, sign=sign: {"none_references": 40_000 + sign * 20 * n})  # type: ignore[misc]
        assert _verdict(run, "loss of references").outcome is outcome


def test_a_lost_or_missed_beat_and_a_slower_one_fail() -> None:
    assert _verdict(_run(30, lambda n: {"lost": int(n == 7)}), "beats made").failed
    assert _verdict(_run(30, lambda n: {"made": 100 * (n + 1) - 1, "due": 100 * (n + 1)}), "beats due").failed
    slower = _run(30, lambda n: {"beats": [[20_000 if n < 15 else 25_000, 1, 0]] * 10})
    assert _verdict(slower, "P99").failed


def test_beats_that_the_host_took_are_told_apart_from_those_that_the_program_missed() -> None:
    def missed(by_host: int) -> list[bool]:
        run = _run(
            30, lambda n: {"made": 100 * (n + 1) - 5, "due": 100 * (n + 1), "stolen": by_host * (n == 7)}
        )
        return [
            each.failed
            for each in judge(run)
            if each.process == "window" and each.what.startswith("beats due")
        ]

    assert [missed(0), missed(4), missed(5)] == [[True, True], [True, True], [True, False]]


def test_counting_objects_disturbs_no_thread_that_makes_a_tuple() -> None:
    failed: list[SystemError] = []
    stop = threading.Event()

    def make_tuples() -> None:
        try:
            while not stop.is_set():
                tuple(each for each in range(30))
        except SystemError as error:
            failed.append(error)

    other = threading.Thread(target=make_tuples)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    other.start()
    try:
        for _round in range(20):
            assert objects_here()["objects"] > 1_000
    finally:
        stop.set()
        other.join()
        sys.setswitchinterval(before)
    assert not failed


def test_a_beat_that_became_slower_with_a_bare_loop_is_told_apart_from_one_that_did_so_alone() -> None:
    together = _run(30, lambda n: {"beats": [[20_000 if n < 15 else 25_000, 1, 0]] * 10})
    verdicts = [each for each in judge(together) if each.what.startswith("P99")]
    assert [each.failed for each in verdicts] == [True, False] * 2
    alone = _run(30)
    for look in alone.looks["service"][15:]:
        look["beats"] = [[beat[0] * 2, *beat[1:]] for beat in look["beats"]]
    verdicts = [each for each in judge(alone) if each.what.startswith("P99")]
    assert [each.failed for each in verdicts] == [True, True, False, False]


def test_within_the_uncertainty_nothing_is_said() -> None:
    assert Verdict("service", "memory", Estimate(0.4, -0.2, 1.0), 0.5, "MB").outcome is Outcome.OPEN
    assert Verdict("service", "memory", Estimate(0.9, 0.4, 1.4), 0.5, "MB").outcome is Outcome.OPEN
    unknown = Verdict("service", "memory", Estimate(0.0, -math.inf, math.inf), 0.5, "MB an hour")
    assert unknown.outcome is Outcome.OPEN
    assert sentence(unknown).endswith("0 [-inf … inf] (at most 0.5 MB an hour)")


class _Requests(HTMLParser):
    """What a page would ask for, and how many plots it has."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.plots = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.asked += [name for name, _ in attrs if name in ("src", "href", "srcset", "data")]
        self.asked += [tag] if tag in ("link", "script", "iframe", "img") else []
        self.plots += tag == "svg"


def test_the_page_shows_every_figure_and_asks_for_nothing() -> None:
    run = _run(90)
    run.troubles.append("5 s: <b>it failed</b>")
    page = write_page(run, judge(run))
    found = _Requests()
    found.feed(page)
    assert (found.asked, found.plots) == ([], 2 * 8 + 2)
    assert "&lt;b&gt;it failed" in page
    assert "0.50 hours of ordinary use" in page
    assert "busy with other work" not in page
    assert "url(" not in page


def test_a_run_in_progress_can_be_read(tmp_path: Path) -> None:
    notes = tmp_path / "looks.jsonl"
    lines = [json.dumps({"run": {"cores": 2}}), json.dumps(_look("service", 0)), '{"process": "win']
    notes.write_text("\n".join(lines), encoding="utf-8")
    run = Run.read(notes)
    assert (run.facts, len(run.looks["service"]), run.looks["window"]) == ({"cores": 2}, 1, [])


def test_a_run_of_nothing_fails_in_nothing() -> None:
    assert not any(each.failed for each in judge(_run(0)))


@pytest.mark.long
def test_a_short_run_looks_at_both_and_writes_its_page(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.bench.soak", "--hours", "0.018", "--output", str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400, check=False)
    run = Run.read(tmp_path / "looks.jsonl")
    assert run.troubles == [], ended.stderr
    for process, looks in run.looks.items():
        assert len(looks) == len(WINDOW) // 8 + 1
        assert all(look["beats"] for look in looks)
        assert process == WITNESS or len(run.series(process, "wakeups_at_rest_per_s")) == len(looks) // 3
        assert process == WITNESS or all(
            look["made"] > 0 and look["objects"] > 0 and look["lost"] == 0 for look in looks
        )
    assert (tmp_path / "soak.html").stat().st_size > 10_000
