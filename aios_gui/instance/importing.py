"""Takes imported pages to the record: through the instance that runs, or here where none does."""

from __future__ import annotations

import time

from aios_gui.instance.commands import KeepImported
from aios_gui.instance.submit import NotKept, bring_into_record
from aios_gui.record.importing.job import NoRoom
from aios_gui.record.importing.model import ImportedPages
from aios_gui.record.importing.record_reader import has_page
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import Paths

PATIENCE_S = 60.0
_LOOK_S = 0.05
_FULL_SHARE = 0.9
"""Of what the record may take: beyond that, what is imported would soon have to go again."""


class RecordSink:
    """A ``Sink`` of a record that may take ``limit_bytes``."""

    def __init__(self, paths: Paths, limit_bytes: int) -> None:
        self._paths = paths
        self._limit_bytes = limit_bytes
        self._last: ImportedPages | None = None

    def keep(self, pages: ImportedPages) -> None:
        """As of ``Sink``."""
        if _size(self._paths) > self._limit_bytes * _FULL_SHARE:
            raise NoRoom
        try:
            # A record that was opened a moment ago need not be read through again.
            bring_into_record(self._paths, KeepImported(pages), PATIENCE_S, is_sound=self._last is not None)
        except NotKept as error:
            raise StoreError(str(error)) from error
        self._last = pages

    def settle(self) -> None:
        """As of ``Sink``."""
        if self._last is None:
            return
        until_s = time.monotonic() + PATIENCE_S
        with RecordReader(self._paths.store) as reader:
            while not has_page(reader, self._last.source.digest, self._last.pages[-1]):
                if time.monotonic() > until_s:
                    raise StoreError("the running instance has not written what it was given")
                time.sleep(_LOOK_S)
        self._last = None


def _size(paths: Paths) -> int:
    try:
        return paths.store.stat().st_size
    except OSError:
        return 0
