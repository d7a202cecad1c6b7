"""Where this user's data, settings and logs lie; ``AIOS_HOME`` moves all of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

APP_NAME = "aios-heartbeat"
HOME_VARIABLE = "AIOS_HOME"
TRIAL_VARIABLE = "AIOS_TRIAL"
"""Set in a test start: its value is the home, whatever `--home` says, and nothing is waited for."""
STORE_NAME = "heartbeat.sqlite3"


class Paths(NamedTuple):
    """The four folders, and every file in them that more than one module needs. None of them need exist."""

    data: Path
    config: Path
    logs: Path
    runtime: Path

    @property
    def store(self) -> Path:
        """The record."""
        return self.record_folder / STORE_NAME

    @property
    def record_folder(self) -> Path:
        """Where the record lies: the data folder, unless it was moved."""
        return _pointed_to(self.record_note) or self.data

    @property
    def record_note(self) -> Path:
        """Tells where the record was moved to; there is none while it lies in the data folder."""
        return self.data / "record-folder.json"

    @property
    def move_note(self) -> Path:
        """Tells of a move of the record that is under way, or was when the program was killed."""
        return self.data / "record-move.json"

    @property
    def settings(self) -> Path:
        """What the user has chosen."""
        return self.config / "settings.toml"

    @property
    def confirmations(self) -> Path:
        """What the user has confirmed that rules may do; a settings file from elsewhere does not bring it along."""
        return self.config / "confirmed.json"

    @property
    def log(self) -> Path:
        """What went wrong, in detail."""
        return self.logs / "aios-heartbeat.log"

    @property
    def instance_lock(self) -> Path:
        """Held by the one instance that beats."""
        return self.data / "instance.lock"

    @property
    def instance_file(self) -> Path:
        """Who that instance is and where it listens."""
        return self.data / "instance.json"

    @property
    def channel_key(self) -> Path:
        """The secret that callers prove to know."""
        return self.data / "channel.key"

    @property
    def login_start(self) -> Path:
        """When the system last started the program."""
        return self.data / "login.json"

    @property
    def reports(self) -> Path:
        """Notes of the reports that were written, wherever they lie."""
        return self.data / "reports"

    @property
    def window_state(self) -> Path:
        """Where the window was and how it was arranged."""
        return self.config / "window.ini"


def home_of(environ: Mapping[str, str] = os.environ) -> str:
    """The whole path of the folder in ``AIOS_HOME``, links as they are; "" where none is named."""
    home = environ.get(HOME_VARIABLE, "")
    return os.path.abspath(os.path.expanduser(home)) if home else ""  # noqa: PTH100, PTH111


def find_paths(environ: Mapping[str, str] = os.environ) -> Paths:
    """The folders of this user, by ``AIOS_HOME`` or else as the system has it. Nothing is created."""
    home = home_of(environ)
    if home:
        root = Path(home)
        data, config, logs = root / "data", root, root / "logs"
    else:
        data, config, logs = (_xdg if sys.platform == "linux" else _of_system)(environ)
    return Paths(data, config, logs, _runtime(environ, data))


def _pointed_to(note: Path) -> Path | None:
    """The folder that the note names; None where there is no note, as a rule, or it names none."""
    try:
        content = note.read_bytes()
    except OSError:
        return None
    import json

    try:
        folder = json.loads(content)["folder"]
        return Path(folder) if os.path.isabs(folder) and "\0" not in folder else None  # noqa: PTH117
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _of_system(_environ: Mapping[str, str]) -> tuple[Path, Path, Path]:
    from platformdirs import user_config_dir, user_data_dir, user_log_dir

    return (
        Path(user_data_dir(APP_NAME, False)),
        Path(user_config_dir(APP_NAME, False)),
        Path(user_log_dir(APP_NAME, False)),
    )


def _xdg(environ: Mapping[str, str]) -> tuple[Path, Path, Path]:
    """The same as platformdirs says on Linux, without the 10 ms that loading it takes a one-beat process."""
    home = os.path.expanduser("~")  # noqa: PTH111

    def base(variable: str, *default: str) -> Path:
        return Path(environ.get(variable, "").strip() or os.path.join(home, *default), APP_NAME)  # noqa: PTH118

    data = base("XDG_DATA_HOME", ".local", "share")
    config = base("XDG_CONFIG_HOME", ".config")
    return data, config, base("XDG_STATE_HOME", ".local", "state") / "log"


def _runtime(environ: Mapping[str, str], data: Path) -> Path:
    """A folder for the socket: the session's own if it is this user's and writable, else the data folder."""
    folder = environ.get("XDG_RUNTIME_DIR", "")
    if not folder or not os.path.isabs(folder):  # noqa: PTH117
        return data
    try:
        owner = os.stat(folder).st_uid  # noqa: PTH116
    except OSError:
        return data
    if (hasattr(os, "getuid") and owner != os.getuid()) or not os.access(folder, os.W_OK | os.X_OK):
        return data
    return Path(folder)
