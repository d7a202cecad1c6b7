"""Takes what a frozen program was started with for itself alone out of what the programs inherit that it starts.

Its libraries and Qt's plugins are found by then, or by paths of their own; a browser or a tool of the system that took
them for its own would end at once.
"""

import os

_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_OF_QT = ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH")


def give_back(environ: "os._Environ[str] | dict[str, str]" = os.environ) -> None:
    """Put the paths of libraries back to what they were, and drop those of Qt."""
    for name in _LIBRARY_PATHS:
        before = environ.pop(f"{name}_ORIG", None)
        environ.pop(name, None)
        if before is not None:
            environ[name] = before
    for name in _OF_QT:
        environ.pop(name, None)
