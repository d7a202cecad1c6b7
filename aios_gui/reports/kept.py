"""Small states of reports, a JSON file each beside the list of what was written."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

from aios_gui.system.atomic_file import make_private, write_private
from aios_gui.system.paths import Paths
from aios_gui.system.regular_file import read_regular

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

log = logging.getLogger(__name__)
_MOST_BYTES = 20_000
_State = TypeVar("_State", bound="DataclassInstance")


def read_kept(paths: Paths, name: str, kind: type[_State]) -> _State:
    """The state kept under a name; as in the beginning where that is not known."""
    import msgspec  # 2 MB that a service does not need before a report is due

    try:
        return msgspec.json.decode(read_regular(paths.reports / name, _MOST_BYTES), type=kind)
    except FileNotFoundError:
        return kind()
    except (OSError, ValueError) as error:  # msgspec's errors are ValueErrors
        log.warning("what is kept in %s is not known: %s", name, error)
        return kind()


def keep(paths: Paths, name: str, state: DataclassInstance) -> None:
    """Keep it in place of the one before; OSError where that cannot be."""
    make_private(paths.reports)
    write_private(paths.reports / name, json.dumps(asdict(state)).encode())
