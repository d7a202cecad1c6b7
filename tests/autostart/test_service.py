"""What is offered at a start, where a program lies, and which way is meant."""

from pathlib import Path

import pytest

from aios_gui.autostart.login_start import LoginStart
from aios_gui.autostart.mechanisms import MECHANISMS, mechanisms, this_program
from aios_gui.autostart.model import AutostartOptions, AutostartState, SetupFinding, SetupFindingKind
from aios_gui.autostart.service import choose, options_of, place_found, statuses
from aios_gui.autostart.settings import AUTO
from aios_gui.autostart.setup import odd_place
from aios_gui.autostart.words import last_start_sentence, mechanism_title, place_sentence
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.instance.settings import DECLARED
from aios_gui.settings.file import SettingsFile
from tests.autostart.mechanisms.faults import DesktopRig, SystemdRig, program_in
from tests.defaults import DEFAULTS
from tests.fakes import HOUR, WALL

PROGRAM = "/opt/aios/aios-gui"
TEMPORARY, REMOVABLE, DOWNLOADS = (
    SetupFindingKind.TEMPORARY,
    SetupFindingKind.REMOVABLE,
    SetupFindingKind.DOWNLOADS,
)


def test_where_a_program_lies() -> None:
    cases: list[tuple[str, SetupFindingKind | None]] = [
        ("/tmp/x/aios-gui", TEMPORARY),
        ("/var/folders/ab/T/aios-gui", TEMPORARY),
        ("/scratch/aios-gui", TEMPORARY),
        ("/private/var/x/AppTranslocation/y/AIOS.app/aios-gui", TEMPORARY),
        ("/media/ada/stick/aios-gui", REMOVABLE),
        ("/Volumes/AIOS/aios-gui", REMOVABLE),
        ("/users/ada/Downloads/aios/aios-gui", DOWNLOADS),
        ("/users/ada/downloads-of-old/aios-gui", None),
        ("/tmpfiles/aios-gui", None),
        (PROGRAM, None),
    ]
    for program, place in cases:
        found = odd_place(program, {"TMPDIR": "/scratch", "TEMP": ""}, Path("/users/ada"))
        assert found == (SetupFinding(place, program) if place is not None else None)
        assert found is None or place_sentence(found).startswith(program)


@pytest.mark.parametrize(("kind", "place"), [(2, REMOVABLE), (3, None), (4, REMOVABLE)])
def test_kind_of_drive_tells_on_windows(kind: int, place: SetupFindingKind | None) -> None:
    found = odd_place(PROGRAM, {}, Path("/users/ada"), lambda path: kind)
    assert (found.kind if found is not None else None) is place


def test_settings_say_how_it_is_to_be_started() -> None:
    assert options_of(DEFAULTS) == AutostartOptions()
    changed = DEFAULTS.with_value("autostart.face", "headless").with_value("autostart.nice", 5)
    assert options_of(changed) == AutostartOptions(LaunchMode.HEADLESS, nice=5)


def test_service_is_best_started_by_what_is_made_for_services(tmp_path: Path) -> None:
    program = program_in(tmp_path / "program")
    desktop, systemd = DesktopRig(program, tmp_path / "one"), SystemdRig(program, tmp_path / "two")
    both = [desktop.mechanism, systemd.mechanism]
    assert choose(both, "auto", AutostartOptions(LaunchMode.HEADLESS)) is systemd.mechanism
    assert choose(both, "auto", AutostartOptions(LaunchMode.TRAY)) is desktop.mechanism
    assert choose(both, "systemd_unit", AutostartOptions(LaunchMode.TRAY)) is systemd.mechanism
    assert choose(both, "run_key", AutostartOptions()) is None
    systemd.systemctl.answers = False
    assert choose(both, "auto", AutostartOptions(LaunchMode.HEADLESS)) is desktop.mechanism
    desktop.mechanism.enable(AutostartOptions())
    found = statuses(both, AutostartOptions())
    assert [each.state for each in found] == [AutostartState.ON, AutostartState.CANNOT]
    environ = {"TMPDIR": str(tmp_path)}
    place = place_found(found, program, AutostartOptions(), environ)
    assert place == SetupFinding(TEMPORARY, program.window[0])
    # Another copy in an odd place is its own affair.
    other = program_in(tmp_path / "other")
    assert (
        place_found(
            statuses([desktop.rebuild(other)], AutostartOptions()), other, AutostartOptions(), environ
        )
        is None
    )


def test_mechanism_of_an_earlier_version_is_the_systems_best(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('version = 2\n[autostart]\nmechanism = "startup_folder"\ndelay_s = 5\n')
    loaded = SettingsFile(path, DECLARED).load()
    assert loaded.problems == ()
    assert loaded.settings["autostart.mechanism"] == AUTO
    assert loaded.settings["autostart.delay_s"] == 5


@pytest.mark.parametrize("platform", MECHANISMS)
def test_every_mechanism_can_be_made_everywhere_and_has_a_name(platform: str, tmp_path: Path) -> None:
    made = mechanisms(program_in(tmp_path), {"APPDATA": str(tmp_path)}, platform)
    assert made
    for mechanism in made:
        assert mechanism_title(mechanism.key) != mechanism.key
        assert mechanism.modes


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
    assert told.endswith(", first beat after 300 ms")
    assert "2025-" in last_start_sentence(LoginStart(WALL, WALL, 1), WALL + 30 * HOUR)
    assert last_start_sentence(LoginStart(WALL, WALL), WALL).endswith("no beat came")
    assert last_start_sentence(None)
