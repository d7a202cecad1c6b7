"""What is wrong with the folders of the program, in words."""

from __future__ import annotations

from pathlib import Path

from aios_gui.system.private_home import HomeFault, UnsafeHome
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain

_LONGEST_PATH = 400


def unsafe_home_sentence(error: UnsafeHome) -> str:
    """Why the folder is not used, and what to do."""
    sentences = {
        HomeFault.FOREIGN: _(
            "{folder} belongs to another user ({owner}), who could change what is recorded and which commands are "
            "run; name a folder of your own in AIOS_HOME"
        ),
        HomeFault.FOREIGN_TO_ROOT: _(
            "{folder} belongs to {owner}, and files that root makes there would lock that user out; run this as "
            "{owner}, or name a folder of root's in AIOS_HOME"
        ),
        HomeFault.SHARED: _(
            "other users may write to {folder}, and so could change what is recorded and which commands are run; "
            "take that right from them, or name a folder of your own in AIOS_HOME"
        ),
    }
    return sentences[error.fault].format(
        folder=plain(error.folder, _LONGEST_PATH), owner=_name_of(error.owner)
    )


def closed_sentence(folder: Path) -> str:
    """That other users could write to a folder until now."""
    sentence = _("other users could write to {folder}; that right was taken from them")
    return sentence.format(folder=plain(folder, _LONGEST_PATH))


def _name_of(user: int) -> str:
    try:
        import pwd

        return pwd.getpwuid(user).pw_name
    except (ImportError, KeyError):
        return str(user)
