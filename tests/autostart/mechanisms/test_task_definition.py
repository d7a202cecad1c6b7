"""The XML of a task: by the published schema, read back as it was written, and nothing else taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.autostart.mechanisms.task_definition import (
    USUAL_PRIORITY,
    Task,
    compose,
    parse,
    priority_of,
)
from aios_gui.autostart.model import AutostartError
from tests.autostart.mechanisms.task_schema import problems

PROGRAM = r"C:\Program Files\AIOS Heartbeat\aios-gui.exe"
TASK = Task(r"PC\Zoë", PROGRAM, '--minimized --home "D:\\a & b"', r"C:\Users\Zoë", 10, priority=5)
IN_XML = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
TEXT = st.text(IN_XML | st.sampled_from("\t\n$%&<>\"'"), max_size=40)
TASKS = st.builds(
    Task,
    user=st.text(IN_XML, min_size=1, max_size=20),
    command=st.text(IN_XML, min_size=1, max_size=40),
    arguments=TEXT,
    working_folder=TEXT,
    delay_s=st.integers(0, 3600),
    on_battery=st.booleans(),
    time_limit_s=st.integers(0, 604_800),
    priority=st.integers(1, 10),
    enabled=st.booleans(),
)


@given(TASKS)
def test_what_is_written_keeps_the_schema_and_is_read_back(task: Task) -> None:
    text = compose(task)
    assert problems(text) == []
    assert parse(text) == task
    assert parse(text.encode("utf-16").decode("utf-16").replace("\n", "\r\n")) == task


def test_it_runs_for_this_user_alone_with_no_more_rights_and_is_never_background_work() -> None:
    text = compose(TASK)
    for element in (
        r"<UserId>PC\Zoë</UserId><Delay>PT10S</Delay></LogonTrigger>",
        "<LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel>",
        "<MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>",
        "<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>",
        "<StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>",
        "<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>",
        "<Priority>5</Priority>",
    ):
        assert element in text


def test_the_schema_of_these_tests_refuses_what_windows_would() -> None:
    cases: list[tuple[str, str]] = [
        ("<Delay>PT10S</Delay>", "<Delay>10 s</Delay>"),
        ("<Delay>PT10S</Delay>", "<RandomDelay>PT10S</RandomDelay>"),
        ("IgnoreNew", "Sometimes"),
        ("<Priority>5</Priority>", "<Priority>0</Priority>"),
        (r"<UserId>PC\Zoë</UserId><Delay>PT10S</Delay>", r"<Delay>PT10S</Delay><UserId>PC\Zoë</UserId>"),
        ('Context="Author"', 'Context="Nobody"'),
        ("Command>", "LaunchProgram>"),
        ("<Settings>", "<Settings><Priority>5</Priority>"),
    ]
    for broken, by in cases:
        text = compose(TASK)
        assert broken in text
        assert problems(text.replace(broken, by))


def test_what_a_task_cannot_hold_is_refused() -> None:
    for task in (
        Task("u", "C:\\" + "x" * 258),
        Task("u", "C:\\x\x01.exe"),
        Task("u", "C:\\x\ud800.exe"),
        Task("u", ""),
        Task("", PROGRAM),
        Task("u", PROGRAM, working_folder="x" * 261),
    ):
        with pytest.raises(AutostartError):
            compose(task)


def test_anything_else_is_no_task() -> None:
    cases: list[str] = [
        "",
        "SUCCESS",
        "<Task/>",
        compose(TASK)[:-20],
        compose(TASK).replace("<Command>", "<Kommand>").replace("</Command>", "</Kommand>"),
        compose(TASK).replace("LogonTrigger", "BootTrigger"),
        '<!DOCTYPE a [<!ENTITY b "c">]>' + compose(TASK),
        compose(TASK) + " " * 300_000,
    ]
    for text in cases:
        with pytest.raises(AutostartError):
            parse(text)


def test_durations_are_read_however_windows_words_them() -> None:
    cases: list[tuple[str, int]] = [
        ("PT10S", 10),
        ("PT1M30S", 90),
        ("PT1H", 3600),
        ("P1DT1H", 90_000),
        ("P3D", 259_200),
        ("P", -1),
        ("P1Y", -1),
    ]
    for written, seconds in cases:
        assert parse(compose(TASK).replace("PT10S", written)).delay_s == seconds


def test_what_the_xml_leaves_out_has_windows_own_value() -> None:
    text = compose(TASK)
    for element in (
        "<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>",
        "<Priority>5</Priority>",
        "<Enabled>true</Enabled>",
    ):
        text = text.replace(element, "")
    task = parse(text.replace("<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>", ""))
    assert (task.time_limit_s, task.priority, task.enabled, task.on_battery) == (259_200, 7, True, False)


def test_a_higher_nice_value_never_means_a_higher_priority() -> None:
    priorities = [priority_of(nice) for nice in range(-20, 20)]
    assert priorities == sorted(priorities)
    assert priority_of(0) == USUAL_PRIORITY
    assert 0 not in priorities  # the class "real time", which starves the machine
    assert 7 not in priorities
