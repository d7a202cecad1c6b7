"""`changes` and its look, and the child that an instance has look."""

import json
import time

import pytest

from aios_gui.history.changes.look import OVERALL
from aios_gui.history.changes.model import Change, ChangeKind, Look
from aios_gui.history.changes.words import change_sentence
from aios_gui.instance.change_looks import EVERY_NS, FIRST_NS, ChangeLooks
from aios_gui.instance.commands import KeepChanges
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.instance.submit import bring_into_record
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system.paths import Paths
from aios_gui.text import catalogue
from tests.fakes import WALL, S, write_run
from tests.processes import run_here, wait_until

SPAN = "2025-06-01..2025-07-01"
PACKAGES = tuple(
    Change(WALL + number * S, ChangeKind.PACKAGE, "dpkg", f"p{number}:all", "1" if number % 3 else None, "2")
    for number in range(300)
)
OTHERS = (
    Change(WALL - 60 * S, ChangeKind.BOOT, "kernel", "", None, "6.1"),
    Change(WALL - 50 * S, ChangeKind.POWER_SOURCE, "power", "", "mains", "battery"),
    Change(
        WALL + 900 * S, ChangeKind.PROGRAM, "windows", "x\x1b[2J\n=1+1", "1", None, {"precision_s": 86_400}
    ),
)


@pytest.fixture
def with_changes(paths: Paths) -> Paths:
    write_run(paths.store, [Look("x", WALL, (*OTHERS, *PACKAGES))])
    return paths


def test_what_was_made_in_one_go_is_one_line_and_opens_to_all(
    with_changes: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _error = run_here(capsys, "changes", "--range", SPAN)
    assert status == 0
    assert [" ".join(line[18:].split()) for line in out.splitlines()] == [
        "boot the machine was started, with kernel 6.1",
        "power source on battery",
        "package 300 packages: 100 installed, 200 changed (p0:all, p1:all, p2:all, …)",
        "program x [2J =1+1 1 removed",
    ]
    assert "\x1b" not in out
    assert len(run_here(capsys, "changes", "--range", SPAN, "--all")[1].splitlines()) == 303


def test_facts_for_scripts(with_changes: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    facts = json.loads(run_here(capsys, "changes", "--range", SPAN, "--json")[1])
    assert len(facts) == 303
    assert {key: facts[1][key] for key in facts[1] if key != "at"} == {
        "kind": "power_source",
        "source": "power",
        "subject": "",
        "from": "mains",
        "to": "battery",
        "facts": {},
    }


def test_without_changes_it_says_so(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_here(capsys, "changes", "--lines")[0] == 2
    assert "was not looked for yet" in run_here(capsys, "changes", "--range", "1h")[1]
    write_run(paths.store, [Look(OVERALL, time.time_ns(), (), {})])
    assert run_here(capsys, "changes", "--range", "1h")[1] == "no changes in this range\n"


@pytest.mark.parametrize("kind", ChangeKind, ids=str)
def test_every_kind_is_told_in_words(kind: ChangeKind) -> None:
    for before, after in ((None, "2"), ("1", None), ("1", "2"), ("1", "1"), (None, None), ("", "2")):
        sentence = change_sentence(Change(WALL, kind, "x", "name", before, after))
        assert sentence
        assert "{" not in sentence
        assert "  " not in sentence


def test_how_it_was_started_is_told_in_the_users_language() -> None:
    """The words of the record stood in the Chinese sentence."""
    started = Change(WALL, ChangeKind.MODE, "own", "", "window", "service")
    assert change_sentence(started) == "started as service, before as window"
    catalogue.use_language("zh_CN")
    assert change_sentence(started) == "以服务方式启动，此前为窗口"


def test_a_child_looks_minutes_after_the_start_and_every_hour(paths: Paths) -> None:
    writer = SqliteWriter(paths.store, RECORD_SCHEMA)
    writer.open()
    found: list[Look] = []

    def keep(look: Look) -> bool:
        found.append(look)
        return True

    looks = ChangeLooks(keep)
    looks.look_if_due(0)
    looks.look_if_due(FIRST_NS - 1)
    assert looks._due_ns == FIRST_NS
    looks.look_if_due(FIRST_NS)
    wait_until(lambda: found and found[-1].source == "", "the child has looked at everything")
    assert {"own", "kernel"} <= {each.source for each in found}
    assert looks._due_ns == FIRST_NS + EVERY_NS
    wait_until(lambda: not looks._child.is_running, "the child has ended")
    writer.write(found, 0)
    looks.stop()
    looks.look_if_due(FIRST_NS + EVERY_NS)
    writer.close()


def test_a_look_that_cannot_be_is_refused() -> None:
    for look in (Look("x", -1), Look("x", WALL, PACKAGES * 4)):
        with pytest.raises(ValueError, match=r"a change is made|at most"):
            KeepChanges(look)


def test_without_an_instance_a_look_is_kept_here(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    bring_into_record(paths, KeepChanges(Look("x", WALL, PACKAGES[:3], {"a": 1})))
    assert len(json.loads(run_here(capsys, "changes", "--range", SPAN, "--json")[1])) == 3
