"""What the system refuses is told with the file and the reason, in the language of the user."""

import errno
import os

import pytest

from aios_gui.system.atomic_file import FOREIGN, OPEN_FOLDER
from aios_gui.text.catalogue import CHINESE, use_language
from aios_gui.text.os_reason import file_and_reason, reason_of


@pytest.mark.parametrize("reason", [FOREIGN, OPEN_FOLDER])
def test_a_reason_of_ours_is_told_in_the_users_language(reason: str) -> None:
    error = PermissionError(errno.EACCES, reason, "/tmp/a\x1b[31m")
    assert file_and_reason(error) == f"/tmp/a [31m: {reason}"
    use_language(CHINESE)
    assert reason_of(error) != reason


def test_a_reason_of_the_system_is_told_as_it_is() -> None:
    assert file_and_reason(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))) == os.strerror(errno.ENOSPC)
    assert reason_of(OSError("odd\nthing")) == "odd thing"
