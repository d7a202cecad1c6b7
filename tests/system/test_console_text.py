"""What other programs print is read in UTF-8, or in the code page of Windows' consoles."""

import codecs
import sys

from aios_gui.system.console_text import console_encoding, console_text

SAID = "系统找不到指定的文件。"


def test_what_a_program_says_is_read_as_it_is_written_there() -> None:
    assert console_text(SAID.encode("cp936"), "cp936") == SAID
    assert console_text(SAID.encode()[:-1], "cp936") == SAID[:-1] + "\ufffd", (
        "a character is cut off at the end"
    )
    assert console_text(b"caf\xe9 noir", "utf-8") == "caf\ufffd noir"


def test_the_encoding_of_consoles_is_one_that_python_knows() -> None:
    assert codecs.lookup(console_encoding())
    assert sys.platform == "win32" or console_encoding() == "utf-8"
