"""`note`: writes, lists, edits and removes, with and without a program that runs; text from outside does no harm."""

import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aios_gui.heartbeat.model.states import Mode
from aios_gui.instance.resident import Resident
from aios_gui.system.paths import Paths
from tests.defaults import DEFAULTS
from tests.processes import run_here, wait_until


@pytest.fixture(params=["alone", "beside a program that runs"])
def anywhere(paths: Paths, request: pytest.FixtureRequest) -> Iterator[None]:
    """With and without an instance."""
    if request.param == "alone":
        yield
        return
    resident = Resident(paths, DEFAULTS, Mode.SERVICE)
    resident.start()
    yield
    resident.engine.stop()
    resident.shutdown()


def listed(capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, object]]:
    status, out, error = run_here(capsys, "note", "list", "--json", *options)
    assert (status, error) == (0, "")
    found: list[dict[str, object]] = json.loads(out)
    return found


@pytest.mark.usefixtures("anywhere")
def test_a_note_from_its_first_word_to_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    at = "2025-06-15T14:03:00+00:00"
    status, out, _error = run_here(capsys, "note", "disk\nreplaced", "--at", at, "--for", "1h 30m")
    assert status == 0
    assert out.startswith("note 1 is kept: ")
    assert run_here(capsys, "note", "list")[1].startswith("1  " + out[len("note 1 is kept: ") :].strip())
    run_here(capsys, "note", "again", "--at", at)
    first, second = listed(capsys)
    assert (first["id"], first["text"], first["at"]) == (1, "disk\nreplaced", second["at"])
    assert (second["text"], second["until"]) == ("again", None)
    assert listed(capsys, "--range", "2025-06-16") == []
    assert run_here(capsys, "note", "edit", "1", "two disks")[0] == 0
    # One right after the other: neither takes back what the other did.
    assert run_here(capsys, "note", "edit", "2", "--for", "10m")[0] == 0
    assert run_here(capsys, "note", "edit", "2", "--at", "2025-06-15T15:03Z")[0] == 0
    assert run_here(capsys, "note", "remove", "1")[:2] == (0, "note 1 is removed\n")
    wait_until(lambda: len(listed(capsys)) == 1, "the edits are written")
    (second,) = listed(capsys)
    length = datetime.fromisoformat(str(second["until"])) - datetime.fromisoformat(str(second["at"]))
    assert (second["text"], length) == ("again", timedelta(minutes=10))
    assert datetime.fromisoformat(str(second["at"])) == datetime.fromisoformat(at) + timedelta(hours=1)


def test_the_text_may_come_from_another_program(
    paths: Paths, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("first\n\x1b[31msecond\n"))
    status, out, _error = run_here(capsys, "note", "-", "--json")
    assert status == 0
    assert json.loads(out)["text"] == "first\n [31msecond"
    run_here(capsys, "note", "add", "list")
    assert [each["text"] for each in listed(capsys)] == ["first\n [31msecond", "list"]
    shown = run_here(capsys, "note", "list")[1].splitlines()
    assert shown[0].endswith("  first")
    assert shown[1] == "    [31msecond"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["disk", "replaced"], "quotation marks"),
        (["edit", "1", "a", "b"], "quotation marks"),
        (["  "], "no text"),
        (["x" * 2001], "at most 2000"),
        (["a", "--at", "soon"], "“soon” is not a time"),
        (["a", "--for", "ever"], "“ever” is not a length of time"),
        (["a", "--for", "0m"], "“0m” is not a length of time"),
        (["a", "--at", "1960-05-01"], "1970 to 2115"),
        (["edit"], "write it as: aios-heartbeat note edit ID [TEXT]"),
        (["remove"], "write it as: aios-heartbeat note remove ID"),
        (["edit", "one"], "is not the number of a note"),
        (["edit", "7", "a"], "there is no note 7"),
        (["remove", "7"], "there is no note 7"),
        (["list", "--range", "of old"], "is not a range"),
    ],
)
def test_what_makes_no_sense_is_one_line(
    paths: Paths, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    status, out, error = run_here(capsys, "note", *arguments)
    assert (status, out) == (2, "")
    assert words in error
    assert error.count("\n") == 1


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=200).filter(lambda text: not text.startswith("-")))
def test_any_text_is_kept_as_plain_text_or_refused(
    paths: Paths, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    status, out, error = run_here(capsys, "note", "add", text, "--json")
    if status:
        assert "no text" in error
        return
    kept = json.loads(out)["text"]
    assert all(letter.isprintable() or letter == "\n" for letter in kept)
    assert kept.split() == "".join(x if x.isprintable() or x == "\n" else " " for x in text).split()
    run_here(capsys, "note", "remove", str(json.loads(out)["id"]))


def test_a_length_beyond_all_calendars_is_cut_to_what_a_note_can_have(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    run_here(capsys, "note", "a")
    assert run_here(capsys, "note", "edit", "1", "--for", "999999999w") == (0, "note 1 is changed\n", "")
    assert str(listed(capsys)[0]["until"]).startswith("2116-")
    status, _out, error = run_here(capsys, "note", "edit", "1", "--at", "1960-05-01")
    assert (status, "1970 to 2115" in error) == (2, True)
