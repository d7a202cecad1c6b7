"""The log: a rotating file for this user's eyes alone, where every unexpected error ends up."""

from __future__ import annotations

import logging
import os
import stat
import sys
import threading
from contextlib import suppress
from io import FileIO, TextIOWrapper
from itertools import pairwise
from pathlib import Path
from types import TracebackType

from aios_gui.system.atomic_file import make_private
from aios_gui.system.paths import Paths

MAXIMUM_BYTES = 1_000_000
OLD_FILES = 3
_FORMAT = "%(asctime)s %(levelname)-7s %(process)d %(threadName)s %(name)s: %(message)s"
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)
"""It never waits for the other end of a pipe that was put in the place of the log."""
_log = logging.getLogger("aios_gui")


class _PrivateFile(logging.FileHandler):
    """Opens the file with the first message, readable by its owner alone; a log that fails never disturbs.

    The standard library's handler that begins a new file where one is full brings pickle, 0.4 MB of a service.
    """

    maximum_bytes = MAXIMUM_BYTES

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8", delay=True)

    def _open(self) -> TextIOWrapper:
        make_private(Path(self.baseFilename).parent)
        descriptor = os.open(self.baseFilename, _APPEND, 0o600)
        return TextIOWrapper(FileIO(descriptor, "a"), encoding="utf-8", errors="backslashreplace")

    def emit(self, record: logging.LogRecord) -> None:
        """Write the message, into a new file where this one is full."""
        try:
            if self.stream is not None and not self._is_in_place(self.stream):
                self.stream.close()
                self.stream = None
            self.stream = stream = self.stream or self._open()
            status = os.fstat(stream.fileno())
            size = status.st_size + len(self.format(record)) + 1
            if stat.S_ISREG(status.st_mode) and size >= self.maximum_bytes:
                self.stream = None
                stream.close()
                self._set_aside()
                self.stream = self._open()
            super().emit(record)
        except Exception:  # noqa: BLE001 - as the standard library's handlers do
            self.handleError(record)

    def _is_in_place(self, stream: TextIOWrapper) -> bool:
        """Whether it still is the log: another process may have begun a new one, and a person have removed it."""
        try:
            return os.path.samestat(os.fstat(stream.fileno()), Path(self.baseFilename).stat())
        except OSError:
            return False

    def _set_aside(self) -> None:
        names = [f"{self.baseFilename}.{number}" for number in range(OLD_FILES + 1)]
        # Windows refuses to rename a file that another process of ours writes to: go on in the old one. It is renamed
        # first, or each message would push out one of the older files.
        with suppress(OSError):
            Path(self.baseFilename).replace(names[0])
            for newer, older in reversed(list(pairwise(names))):
                if Path(newer).exists():
                    Path(newer).replace(older)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Drop the message: a full disk must not fill the terminal with tracebacks."""


def start_logging(paths: Paths) -> None:
    """Send what is more than for debugging to the log file, and unhandled errors of every thread; again is harmless.

    The file is made with the first message.
    """
    root = logging.getLogger()
    if any(isinstance(handler, _PrivateFile) for handler in root.handlers):
        return
    root.setLevel(logging.INFO)
    handler = _PrivateFile(paths.log)
    handler.setFormatter(logging.Formatter(_FORMAT))
    root.addHandler(handler)
    sys.excepthook = _log_unhandled
    threading.excepthook = _log_unhandled_in_thread
    logging.captureWarnings(True)


def stop_logging() -> None:
    """Close the log file and hand unhandled errors back to Python."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, _PrivateFile)]:
        root.removeHandler(handler)
        handler.close()
    sys.excepthook = sys.__excepthook__
    threading.excepthook = threading.__excepthook__
    logging.captureWarnings(False)


def _log_unhandled(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.critical("unhandled error", exc_info=(kind, error, trace))
    if sys.stderr is not None:  # a program without a console has none
        print(f"aios-heartbeat: {kind.__name__}: {error}", file=sys.stderr)


def _log_unhandled_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is None or issubclass(args.exc_type, SystemExit):
        return
    name = args.thread.name if args.thread is not None else "?"
    _log.critical("unhandled error in thread %s", name, exc_info=args.exc_value)
