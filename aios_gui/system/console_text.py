"""What other programs print, as text: in UTF-8, or on Windows in the code page of its consoles."""

from __future__ import annotations

import codecs
import sys
from contextlib import suppress

_CODE_PAGES = r"SYSTEM\CurrentControlSet\Control\Nls\CodePage"


def console_encoding() -> str:
    """The encoding of what programs print that take it from the system.

    Not Python's "oem", which is that of this process: UTF-8 in a frozen program, by its manifest.
    """
    if sys.platform != "win32":
        return "utf-8"
    import winreg

    with suppress(OSError, LookupError), winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _CODE_PAGES) as opened:
        return codecs.lookup(f"cp{winreg.QueryValueEx(opened, 'OEMCP')[0]}").name
    return "oem"


def console_text(output: bytes, otherwise: str = "") -> str:
    """``output`` of any program: UTF-8, else ``otherwise`` or the encoding of consoles. Its end may be cut off."""
    try:
        return output.decode()
    except UnicodeDecodeError as error:
        is_cut_off = error.reason == "unexpected end of data"
        return output.decode("utf-8" if is_cut_off else otherwise or console_encoding(), "replace")
