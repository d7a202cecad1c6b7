"""What is offered at a start, where a program lies, and which way is meant."""

from pathlib import Path

import pytest

from aios_gui.autostart.login_start import LoginStart
from aios_gui.autostart.mechanisms import MECHANISMS, mechanisms, this_program
from aios_gui.autostart.model.autostart import State, Status, Wish
from aios_gui.autostart.model.setup import AdviceKind, Place, advise
from aios_gui.autostart.place import place_of
from aios_gui.autostart.standing import advice, choose, statuses, wish_of
from aios_gui.autostart.words import advice_sentence, last_start_sentence, mechanism_title
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.settings.model import Settings
from tests.autostart.mechanisms.faults import DesktopRig, SystemdRig, program_in
from tests.fakes import HOUR, WALL

PROGRAM = "/opt/aios/aios-gui"


def status(state: State, mechanism: str = "desktop_file", ours: bool = True) -> Status:
    return Status(mechanism, state, "/where", "command", ours)


@pytest.mark.parametrize(
    ("states", "place", "kinds"),
    [
        ([State.OFF, State.UNAVAILABLE], Place.TEMPORARY, []),
        ([State.DISABLED, State.OFF], Place.TEMPORARY, []),
        ([State.ON, State.OFF], Place.USUAL, []),
        ([State.ON, State.OFF], Place.TEMPORARY, [AdviceKind.TEMPORARY]),
        ([State.ON, State.OFF], Place.REMOVABLE, [AdviceKind.REMOVABLE]),
        ([State.CHANGED, State.OFF], Place.DOWNLOADS, [AdviceKind.CHANGED, AdviceKind.DOWNLOADS]),
        ([State.ON, State.TWICE], Place.USUAL, [AdviceKind.TWICE]),
        ([State.PROGRAM_GONE, State.OFF], Place.USUAL, [AdviceKind.PROGRAM_GONE]),
        ([State.TWICE, State.PROGRAM_GONE], Place.USUAL, [AdviceKind.PROGRAM_GONE, AdviceKind.TWICE]),
    ],
)
def test_what_is_offered_at_a_start(states: list[State], place: Place, kinds: list[AdviceKind]) -> None:
    found = advise([status(state) for state in states], PROGRAM, place)
    assert [each.kind for each in found] == kinds
    for each in found:
        assert advice_sentence(each)
        assert each.is_mendable is (
            each.kind not in (AdviceKind.TEMPORARY, AdviceKind.REMOVABLE, AdviceKind.DOWNLOADS)
        )


def test_another_copy_in_an_odd_place_is_its_own_business() -> None:
    found = advise([status(State.OTHER_PROGRAM, ours=False)], PROGRAM, Place.TEMPORARY)
    assert [each.kind for each in found] == [AdviceKind.OTHER_PROGRAM]


@pytest.mark.parametrize(
    ("program", "place"),
    [
        ("/tmp/x/aios-gui", Place.TEMPORARY),
        ("/var/folders/ab/T/aios-gui", Place.TEMPORARY),
        ("/scratch/aios-gui", Place.TEMPORARY),
        ("/private/var/x/AppTranslocation/y/AIOS.app/aios-gui", Place.TEMPORARY),
        ("/media/ada/stick/aios-gui", Place.REMOVABLE),
        ("/Volumes/AIOS/aios-gui", Place.REMOVABLE),
        ("/users/ada/Downloads/aios/aios-gui", Place.DOWNLOADS),
        ("/users/ada/downloads-of-old/aios-gui", Place.USUAL),
        ("/tmpfiles/aios-gui", Place.USUAL),
        (PROGRAM, Place.USUAL),
    ],
)
def test_where_a_program_lies(program: str, place: Place) -> None:
    assert place_of(program, {"TMPDIR": "/scratch", "TEMP": ""}, Path("/users/ada")) is place


@pytest.mark.parametrize(("kind", "place"), [(2, Place.REMOVABLE), (3, Place.USUAL), (4, Place.REMOVABLE)])
def test_kind_of_drive_tells_on_windows(kind: int, place: Place) -> None:
    assert place_of(PROGRAM, {}, Path("/users/ada"), lambda path: kind) is place


def test_settings_say_how_it_is_to_be_started() -> None:
    assert wish_of(Settings()) == Wish()
    changed = Settings().with_value("autostart.face", "headless").with_value("autostart.nice", 5)
    assert wish_of(changed) == Wish(LaunchMode.HEADLESS, nice=5)


def test_service_is_best_started_by_what_is_made_for_services(tmp_path: Path) -> None:
    program = program_in(tmp_path / "program")
    desktop, systemd = DesktopRig(program, tmp_path / "one"), SystemdRig(program, tmp_path / "two")
    both = [desktop.mechanism, systemd.mechanism]
    assert choose(both, "auto", Wish(LaunchMode.HEADLESS)) is systemd.mechanism
    assert choose(both, "auto", Wish(LaunchMode.TRAY)) is desktop.mechanism
    assert choose(both, "systemd_unit", Wish(LaunchMode.TRAY)) is systemd.mechanism
    assert choose(both, "run_key", Wish()) is None
    systemd.systemctl.answers = False
    assert choose(both, "auto", Wish(LaunchMode.HEADLESS)) is desktop.mechanism
    desktop.mechanism.enable(Wish())
    assert [each.state for each in statuses(both, Wish())] == [State.ON, State.UNAVAILABLE]
    found = advice(both, program, Wish(), {"TMPDIR": str(tmp_path)})
    assert [each.kind for each in found] == [AdviceKind.TEMPORARY]


@pytest.mark.parametrize("platform", MECHANISMS)
def test_every_mechanism_can_be_made_everywhere_and_has_a_name(platform: str, tmp_path: Path) -> None:
    made = mechanisms(program_in(tmp_path), {"APPDATA": str(tmp_path)}, platform)
    assert made
    for mechanism in made:
        assert mechanism_title(mechanism.key) != mechanism.key
        assert mechanism.faces


def test_this_program_is_given_by_paths_that_outlive_it(tmp_path: Path) -> None:
    program = this_program({"AIOS_HOME": "~/x"})
    assert Path(program.window[0]).is_absolute()
    assert Path(program.window[0]).is_file()
    assert program.service[-1] == "service"
    assert program.home == str(Path.home() / "x")
    assert this_program({}).home == ""


def test_last_start_is_told_with_its_day() -> None:
    told = last_start_sentence(LoginStart(WALL, WALL, 300_000_000), WALL + 1)
    assert told.startswith("Last start by the system: today ")
    assert told.endswith(", first beat after 300 ms.")
    assert "2025-" in last_start_sentence(LoginStart(WALL, WALL, 1), WALL + 30 * HOUR)
    assert last_start_sentence(LoginStart(WALL, WALL), WALL).endswith("no beat came.")
    assert last_start_sentence(None)
