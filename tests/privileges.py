"""Runs what permissions are to refuse as an ordinary user, also where root runs the tests."""

from __future__ import annotations

import os
import pickle
import shutil
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")
NOBODY = 65534

has_permissions = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has lists of rights in place of modes"
)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder as `/tmp`, which every user may enter and write, as those of pytest are not; removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="aios-"))
    folder.chmod(0o1777)
    try:
        yield folder
    finally:
        for each in folder.rglob("*"):
            if each.is_dir() and not each.is_symlink():
                each.chmod(0o700)
        shutil.rmtree(folder)


def as_ordinary_user(work: Callable[[], T]) -> T:
    """What ``work`` returns where permissions hold: here, or where root runs this, in a child process as uid 65534.

    The child is a copy of this process. It may be unable to read the folder that Python lies in, so ``work`` must
    import nothing that is not loaded yet. Its result must be one that pickle takes. AssertionError with the trace of
    the child where ``work`` raised.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return work()
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Python 3.12 warns of threads that a copy lacks; `work` needs none of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _be_the_child(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    _pid, status = os.waitpid(child, 0)
    assert answer, f"the child ended with status {status} and no answer"
    result, trace = pickle.loads(answer)
    assert not trace, trace
    found: T = result
    return found


def _be_the_child(work: Callable[[], object], writing: int) -> None:
    """Do the work as uid 65534, send the result, and end without the tidying up of pytest."""
    if sys.platform == "win32":
        return
    status = 1
    try:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        os.umask(0o077)
        try:
            answer = pickle.dumps((work(), ""))
        except BaseException:  # noqa: BLE001 - the parent raises it
            answer = pickle.dumps((None, traceback.format_exc()))
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(answer)
        status = 0
    finally:
        os._exit(status)
