"""The jump list: written as a whole or not at all, one after the other, and what is made for it is given back."""

import logging
import sys
import threading
from collections.abc import Sequence

import pytest

from aios_gui.system.windows.com import ComError, apartment
from aios_gui.system.windows.jump_list import JumpListWriter, Task, set_tasks
from tests.system.windows.com_objects import (
    FAIL,
    NOT_IMPLEMENTED,
    NOT_REGISTERED,
    FakeJumpList,
    FakeLink,
    FakeShell,
)
from tests.systems import WINE

PROGRAM = r"C:\Programs\aios gui.exe"
TASKS = (
    Task("Open", (PROGRAM,)),
    Task("事件", (PROGRAM, "--panel", "incidents", "--home", "D:\\my data")),
)
PATIENCE_S = 30.0


def all_given_back(shell: FakeShell) -> bool:
    stores = [each.store for each in shell.made if isinstance(each, FakeLink)]
    return all(each.references == 0 for each in [*shell.made, *stores])


def test_tasks_are_written_for_the_program() -> None:
    shell = FakeShell()
    set_tasks("Some.Program", TASKS, shell.create)
    assert shell.menus == {
        "Some.Program": [
            ("Open", PROGRAM, ""),
            ("事件", PROGRAM, '--panel incidents --home "D:\\my data"'),
        ]
    }
    assert all_given_back(shell)
    links = [each for each in shell.made if isinstance(each, FakeLink)]
    assert [link.icon for link in links] == [(PROGRAM, 0)] * 2


def test_a_new_list_takes_the_place_of_the_old() -> None:
    shell = FakeShell()
    set_tasks("Some.Program", TASKS, shell.create)
    set_tasks("Some.Program", TASKS[:1], shell.create)
    assert [title for title, *_rest in shell.menus["Some.Program"]] == ["Open"]


def test_where_tasks_are_refused_the_old_list_stays() -> None:
    shell = FakeShell()
    set_tasks("Some.Program", TASKS, shell.create)
    shell.refuses_tasks = True
    with pytest.raises(ComError) as said:
        set_tasks("Some.Program", TASKS[:1], shell.create)
    assert said.value.result == FAIL
    assert len(shell.menus["Some.Program"]) == 2
    (last,) = [each for each in shell.made if isinstance(each, FakeJumpList)][1:]
    assert last.aborted
    assert all_given_back(shell)


@pytest.mark.parametrize("missing", ["jump list", "collection", "link"])
def test_where_windows_lacks_something_nothing_is_left_behind(missing: str) -> None:
    shell = FakeShell()
    shell.missing = {missing}
    with pytest.raises(ComError) as said:
        set_tasks("Some.Program", TASKS, shell.create)
    assert said.value.result == NOT_REGISTERED
    assert all_given_back(shell)


def test_lists_are_written_one_after_the_other() -> None:
    written: list[str] = []
    first_may_end = threading.Event()

    def slowly(_app_id: str, tasks: Sequence[Task]) -> None:
        if tasks == TASKS:
            assert first_may_end.wait(PATIENCE_S)
        written.append(tasks[-1].title)

    writer = JumpListWriter("Some.Program", slowly)
    assert writer.wait(0), "there is nothing to wait for"
    writer.write(TASKS)
    writer.write(TASKS[:1])
    assert not writer.wait(0)
    first_may_end.set()
    assert writer.wait(PATIENCE_S)
    assert written == ["事件", "Open"]


def test_a_list_that_cannot_be_written_is_only_logged(caplog: pytest.LogCaptureFixture) -> None:
    def refuse(_app_id: str, _tasks: Sequence[Task]) -> None:
        raise ComError(NOT_IMPLEMENTED)

    writer = JumpListWriter("Some.Program", refuse)
    with caplog.at_level(logging.DEBUG):
        writer.write(TASKS)
        assert writer.wait(PATIENCE_S)
    assert "0x80004001" in caplog.text


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows has jump lists")
def test_windows_takes_a_list() -> None:
    with apartment():
        if WINE:
            with pytest.raises(ComError) as said:
                set_tasks("AIOS.Heartbeat.Tests", [Task("Open", (sys.executable, "--version"))])
            assert said.value.result == NOT_IMPLEMENTED, "Wine knows jump lists by name only"
        else:
            set_tasks("AIOS.Heartbeat.Tests", [Task("Open", (sys.executable, "--version"))])
