"""A process that watches its parent ends with it, and with nothing else."""

import os
import subprocess
import sys
import threading

import pytest

from aios_gui.system.parent import STATUS, EndWithParent
from tests.processes import ROOT

PATIENCE_S = 20
WATCHING = """
import sys, threading
from aios_gui.system.parent import EndWithParent
with EndWithParent():
    print("ready", flush=True)
    {inside}
print("left", flush=True)
{after}
"""
FOR_EVER = "threading.Event().wait()"


def child(inside: str, stdin: int, after: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WATCHING.format(inside=inside, after=after)],
        cwd=ROOT,
        stdin=stdin,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_closed_standard_input_ends_it_at_once() -> None:
    with child(FOR_EVER, subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("words from the parent mean nothing\n")
        process.stdin.flush()
        assert process.poll() is None
        process.stdin.close()
        assert process.wait(PATIENCE_S) == STATUS
        assert process.stdout.read() == ""


def test_an_input_that_is_no_pipe_is_not_watched() -> None:
    with child("pass", subprocess.DEVNULL) as process:
        assert process.communicate(timeout=PATIENCE_S)[0] == "ready\nleft\n"
        assert process.returncode == 0


def test_once_left_a_closed_input_means_nothing() -> None:
    with child("pass", subprocess.PIPE, after="sys.stdin.read(); threading.Event().wait(0.1)") as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert [process.stdout.readline() for _ in range(2)] == ["ready\n", "left\n"]
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 0


@pytest.mark.parametrize("descriptor", [-1, 10_000])
def test_without_any_input_there_is_nothing_to_watch(descriptor: int) -> None:
    before = threading.active_count()
    with EndWithParent(descriptor):
        assert threading.active_count() == before


def test_who_has_to_tidy_up_ends_in_a_way_of_its_own() -> None:
    reading, writing = os.pipe()
    ended = threading.Event()
    try:
        with EndWithParent(reading, ended.set):
            os.close(writing)
            assert ended.wait(PATIENCE_S)
    finally:
        os.close(reading)
