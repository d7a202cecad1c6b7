"""The one catalogue of translations, and which language is spoken.

English is in the source, so that nothing is read from disk as long as it is spoken.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol, TextIO

DOMAIN = "aios"
SYSTEM = "system"
ENGLISH = "en"
CHINESE = "zh_CN"
SEAL = b"AIOS"
"""After it the build writes the checksum of the catalogue: a text of which a byte has changed may lack a figure."""
_LARGEST_BYTES = 16 << 20
LANGUAGES = (ENGLISH, CHINESE)
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_TRADITIONAL = ("tw", "hk", "mo", "hant")
_SIMPLIFIED = "这个记录设错"
"""Characters that an encoding has only where it was made for simplified Chinese, or for every language."""


class _Translations(Protocol):
    def gettext(self, message: str) -> str: ...

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str: ...


_language = ENGLISH
_translations: _Translations | None = None
_english_only = False


def gettext(message: str) -> str:
    """``message`` in the language spoken; itself where it has no translation."""
    return _translations.gettext(message) if _translations is not None else message


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form for ``count`` things."""
    if _translations is not None:
        return _translations.ngettext(singular, plural, count)
    return singular if count == 1 else plural


def N_(message: str) -> str:  # noqa: N802 - the name by which extraction knows it
    """Mark ``message`` for translation where it is not spoken yet."""
    return message


def current_language() -> str:
    """``en`` or ``zh_CN``."""
    return _language


def use_language(code: str) -> None:
    """Speak ``en`` or ``zh_CN`` from now on, or what the system speaks (``system``).

    An unknown language, or one whose catalogue is not there, becomes English.
    """
    global _language, _translations
    if _english_only:
        code = ENGLISH
    chosen = system_language() if code == SYSTEM else code
    translations = None if chosen not in LANGUAGES or chosen == ENGLISH else _load(chosen)
    _translations = translations
    _language = chosen if translations is not None else ENGLISH


def use_terminal_language(code: str) -> None:
    """As ``use_language``; English where standard output or error cannot be written in Chinese."""
    use_language(code if _writes_chinese(sys.stdout) and _writes_chinese(sys.stderr) else ENGLISH)


def _writes_chinese(stream: TextIO | None) -> bool:
    encoding = getattr(stream, "encoding", None)
    if encoding is None:  # nothing is shown there, or it is no terminal nor file
        return True
    try:
        _SIMPLIFIED.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


@contextmanager
def english_only() -> Iterator[None]:
    """Speak English within, whatever ``use_language`` is told, as where a program reads what is printed."""
    global _english_only
    before = _language
    _english_only = True
    use_language(ENGLISH)
    try:
        yield
    finally:
        _english_only = False
        use_language(before)


def _load(code: str) -> _Translations | None:
    """The catalogue of a language; None where it is not there or is damaged."""
    import gettext as standard
    import io
    import struct
    import zlib

    from aios_gui.system.resources import resource
    from aios_gui.text.blanks import ChineseTranslations

    try:
        found = standard.find(DOMAIN, str(resource("translations")), [code])
        if found is None:
            return None
        with open(found, "rb") as stream:  # noqa: PTH123
            content = stream.read(_LARGEST_BYTES)
        if content[-8:-4] == SEAL and content[-4:] != struct.pack("<I", zlib.crc32(content[:-8])):
            return None
        return ChineseTranslations(io.BytesIO(content))
    except (OSError, ValueError, LookupError, ArithmeticError, MemoryError, struct.error):
        return None


def system_language(
    environ: Mapping[str, str] = os.environ, own_setting: Callable[[], list[str]] | None = None
) -> str:
    """The first language that the user has asked of the system and that is spoken here; English otherwise."""
    named = [name for variable in _VARIABLES for name in environ.get(variable, "").split(":") if name]
    # The variables rule in a terminal; programs started from a desktop of Windows or macOS have none.
    for name in named or (own_setting or _own_setting)():
        code = _supported(name)
        if code is not None:
            return code
    return ENGLISH


def _supported(name: str) -> str | None:
    parts = name.lower().replace("-", "_").partition(".")[0].partition("@")[0].split("_")
    if parts[0] == "zh":
        return ENGLISH if any(part in _TRADITIONAL for part in parts[1:]) else CHINESE
    return ENGLISH if parts[0] in ("en", "c", "posix") else None


def _own_setting() -> list[str]:
    """Languages that Windows or macOS is set to, best first; empty elsewhere."""
    try:
        if sys.platform == "win32":
            import ctypes
            import locale

            name = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
            return [name] if name else []
        if sys.platform == "darwin":
            import subprocess

            command = ["/usr/bin/defaults", "read", "-g", "AppleLanguages"]
            answer = subprocess.run(command, capture_output=True, text=True, timeout=2, check=False).stdout
            return [line.strip(' ",') for line in answer.splitlines() if line.strip(' ",()')]
    except (OSError, ValueError):
        return []
    except Exception as error:  # noqa: BLE001 - a language is never worth a failing start
        import logging

        logging.getLogger(__name__).warning("cannot tell the language of the system: %s", error)
    return []
