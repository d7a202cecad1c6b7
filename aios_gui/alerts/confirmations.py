"""What a person has confirmed that rules may do, in a private file beside the settings.

It is kept apart from the settings so that a settings file from elsewhere, however it came here, switches nothing on.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from pathlib import Path

from aios_gui.alerts.model.trust import fingerprint
from aios_gui.system.atomic_file import make_private, write_private
from aios_gui.system.regular_file import read_regular

log = logging.getLogger(__name__)
_MAXIMUM_BYTES = 4_000_000
_KEY = "confirmed"
Identity = tuple[int, ...] | None


class Confirmations:
    """The fingerprints in the file at ``path``; what another program has added is found by the next ``read``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._identity: Identity = None
        self._fingerprints: frozenset[str] = frozenset()

    @property
    def fingerprints(self) -> frozenset[str]:
        """As last read or added."""
        return self._fingerprints

    def has_changed(self) -> bool:
        """Whether the file is another one than was last read."""
        return self._found() != self._identity

    def read(self) -> frozenset[str]:
        """What is confirmed; nothing where there is no file, or one that others may write or that is no such file."""
        found = self._found()
        if found == self._identity:
            return self._fingerprints
        self._identity, self._fingerprints = found, frozenset()
        if found is None:
            return self._fingerprints
        try:
            content = json.loads(read_regular(self._path, _MAXIMUM_BYTES, private=True))
            self._fingerprints = frozenset(each for each in content[_KEY] if isinstance(each, str))
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            log.warning("%s is not used, so every command waits to be confirmed: %s", self._path, error)
        return self._fingerprints

    def add(self, texts: Iterable[str]) -> None:
        """Confirm these, as they stand in the settings, for good; OSError where that cannot be written."""
        known = self.read() | {fingerprint(text) for text in texts}
        make_private(self._path.parent)
        write_private(self._path, json.dumps({_KEY: sorted(known)}, indent=1).encode())
        self._identity, self._fingerprints = self._found(), known

    def _found(self) -> Identity:
        try:
            status = self._path.stat()
        except OSError:
            return None
        # Also when its rights were changed: one that could not be read may be readable now.
        return status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns
