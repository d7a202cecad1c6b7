"""`quit`: ends what runs, and says what it could not end."""

import json

import pytest

from aios_gui import cli
from aios_gui.heartbeat.model.states import Mode
from aios_gui.instance import client
from aios_gui.instance.lock import read_instance
from aios_gui.instance.resident import Resident
from aios_gui.system.paths import find_paths
from tests.defaults import DEFAULTS
from tests.processes import service


def test_nothing_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["quit"]) == 0
    assert capsys.readouterr() == ("The heartbeat is not running.\n", "")
    assert cli.main(["quit", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"ended": False, "pid": None, "mode": None}


def test_what_runs_has_ended_when_it_returns(capsys: pytest.CaptureFixture[str]) -> None:
    paths = find_paths()
    with service(paths, "--interval", "0.5") as running:
        running.wait_for_beats(1)
        info = read_instance(paths)
        assert info is not None
        assert cli.main(["quit", "--json"]) == 0
        status, out, err = running.end()
    told = json.loads(capsys.readouterr().out)
    assert told == {"ended": True, "pid": info.pid, "mode": "service"}
    assert (status, err) == (0, "")
    assert "beats=" in out.splitlines()[-1]


def test_one_that_does_not_end_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "END_PATIENCE_S", 0.2)
    resident = Resident(find_paths(), DEFAULTS, Mode.WINDOW)
    resident.start()
    try:
        assert cli.main(["quit"]) == 2
    finally:
        resident.shutdown()
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("aios-heartbeat: the instance that runs (process ")
    assert err.endswith("does not end; end that process by hand\n")
