"""Why the system, or this program in its place, refused a file: in the user's language where it is a reason of ours."""

from __future__ import annotations

from aios_gui.system.atomic_file import FOREIGN, OPEN_FOLDER
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain


def reason_of(error: OSError) -> str:
    """The reason alone, without the name of the file."""
    if error.strerror == FOREIGN:
        return _("it was made by another user, who could read or misdirect what is written there")
    if error.strerror == OPEN_FOLDER:
        return _("it belongs to another user or is open to others; remove it")
    return plain(error.strerror or error)


def file_and_reason(error: OSError) -> str:
    """The name of the file, where the error has one, and the reason."""
    reason = reason_of(error)
    if error.filename is None:
        return reason
    return _("{file}: {reason}").format(file=plain(error.filename, 400), reason=reason)
