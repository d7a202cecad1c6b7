"""The settings on disk: whatever the file holds, the settings are valid and every fault is named."""

import os
import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.rules import DEFAULT_RULES
from aios_gui.instance.settings import DECLARED
from aios_gui.settings.file import ProblemKind, SettingsError, SettingsFile, SettingsProblem
from tests.defaults import DEFAULTS
from tests.privileges import as_ordinary_user, has_permissions, open_folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def problems(path: Path, content: str | bytes) -> list[SettingsProblem]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(SettingsFile(path, DECLARED).load().problems)


def test_no_file_means_the_defaults_and_no_problem(path: Path) -> None:
    loaded = SettingsFile(path, DECLARED).load()
    assert (loaded.settings, loaded.problems) == (DEFAULTS, ())


def test_what_is_saved_is_loaded(path: Path) -> None:
    chosen = DEFAULTS.with_value("beat.interval_s", 0.1).with_value("window.theme", "dark")
    SettingsFile(path, DECLARED).save(chosen)
    loaded = SettingsFile(path, DECLARED).load()
    assert loaded.problems == ()
    assert all(loaded.settings[each.name] == chosen[each.name] for each in DECLARED)


def test_a_whole_name_in_quotation_marks_does_not_outlive_what_is_set_later(path: Path) -> None:
    path.write_text('"beat.interval_s" = 0.5\n')
    file = SettingsFile(path, DECLARED)
    assert file.load().settings["beat.interval_s"] == 0.5
    file.save(DEFAULTS)
    assert file.load().settings == DEFAULTS


def test_saved_file_shows_a_person_every_setting_with_its_default(path: Path) -> None:
    SettingsFile(path, DECLARED).save(DEFAULTS)
    text = path.read_text()
    for setting in DECLARED:
        if setting.alias is None:
            assert f"# {setting.name.partition('.')[2]} = " in text
    for rule in DEFAULT_RULES:
        assert f'# name = "{rule.name}"' in text


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("interval_s = nan", ProblemKind.OUT_OF_RANGE),
        ("interval_s = inf", ProblemKind.OUT_OF_RANGE),
        ("interval_s = 0.0", ProblemKind.OUT_OF_RANGE),
        ("interval_s = " + "9" * 400, ProblemKind.OUT_OF_RANGE),
        ("interval_s = true", ProblemKind.WRONG_TYPE),
        ("interval_s = '1'", ProblemKind.WRONG_TYPE),
        ("interval_s = [1]", ProblemKind.WRONG_TYPE),
        ("rehearsal = 'sometimes'", ProblemKind.NOT_A_CHOICE),
        ("rehearsal = 3", ProblemKind.WRONG_TYPE),
        ("intervall_s = 1", ProblemKind.UNKNOWN_KEY),
        ("[record]\nraw_days = 1.5", ProblemKind.WRONG_TYPE),
    ],
)
def test_bad_value_is_named_with_its_line_and_the_rest_is_kept(
    path: Path, line: str, kind: ProblemKind
) -> None:
    before = f"# mine\n[thresholds]\ncpu_percent = 70\n\n[beat]\n{line}\n"
    (problem,) = problems(path, before)
    assert problem.kind is kind
    assert problem.line == before.rstrip().count("\n") + 1
    assert problem.key.rpartition(".")[2] == line.splitlines()[-1].split(" ")[0]
    settings = SettingsFile(path, DECLARED).load().settings
    assert settings["thresholds.cpu_percent"] == 70.0
    assert settings["beat.interval_s"] == 1.0
    assert path.read_text() == before
    if problem.key in DECLARED.by_name:
        assert problem.used == str(DECLARED[problem.key].default)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"[beat]\ninterval_s = \n", 2),
        (b"[beat]\ninterval_s = 1\n\xff\xfe", 3),
        (b"[" * 60_000, 1),
        (b"x = " + b"[" * 60_000, None),
        (b"x = " + b"9" * 9000, None),
        (b"a" * 2_000_000, None),
        (b"version = 'x'", 1),
        (b"\0\0\0", 1),
    ],
)
def test_file_that_cannot_be_parsed_is_set_aside_once(path: Path, content: bytes, line: int | None) -> None:
    (problem,) = problems(path, content)
    assert problem.kind is ProblemKind.DAMAGED
    assert line is None or problem.line == line
    assert problem.set_aside is not None
    assert problem.set_aside.read_bytes() == content
    assert problem.set_aside.name.startswith("settings.damaged-")
    assert SettingsFile(path, DECLARED).load().problems == ()


def test_looking_alone_moves_nothing(path: Path) -> None:
    path.write_text("[")
    (problem,) = SettingsFile(path, DECLARED).load(set_aside=False).problems
    assert problem.set_aside is None
    assert path.read_text() == "["


def test_file_of_a_newer_version_is_refused_and_never_overwritten(path: Path) -> None:
    content = f"version = {DECLARED.version + 1}\n[beat]\ninterval_s = 5\n"
    (problem,) = problems(path, content)
    assert problem.kind is ProblemKind.NEWER_VERSION
    assert SettingsFile(path, DECLARED).load().settings == DEFAULTS
    with pytest.raises(SettingsError) as caught:
        SettingsFile(path, DECLARED).save(DEFAULTS)
    assert caught.value.problem.kind is ProblemKind.NEWER_VERSION
    assert path.read_text() == content


def test_older_version_is_migrated(path: Path) -> None:
    def from_first(content: dict[str, Any]) -> dict[str, Any]:
        return {"beat": {"interval_s": content["seconds"]}}

    file = SettingsFile(path, replace(DECLARED, migrations=(from_first,)))
    path.write_text("version = 1\nseconds = 7\n")
    loaded = file.load()
    assert loaded.problems == ()
    file.save(loaded.settings)
    assert file.load() == loaded
    assert loaded.settings["beat.interval_s"] == 7.0
    assert "version = " in path.read_text()


def test_what_is_no_regular_file_is_not_waited_for(path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no pipes with names")
    os.mkfifo(path)
    (problem,) = SettingsFile(path, DECLARED).load().problems
    assert (problem.kind, problem.found) == (ProblemKind.UNREADABLE, "not a regular file")
    with pytest.raises(SettingsError):
        SettingsFile(path, DECLARED).save(DEFAULTS)
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_unknown_keys_survive_a_save_and_the_former_file_is_kept(path: Path) -> None:
    before = (
        "loose = 1\n[beat]\ninterval_s = 2\nodd = [1, 2]\n"
        "[[beat.list]]\nq = 1\n[beat.sub]\na = 'x'\n[later]\nz = 3\n"
    )
    path.write_text(before)
    file = SettingsFile(path, DECLARED)
    file.save(file.load().settings.with_value("beat.interval_s", 3))
    loaded = file.load()
    assert loaded.settings["beat.interval_s"] == 3.0
    assert {each.key for each in loaded.problems} == {"loose", "beat.odd", "beat.list", "beat.sub", "later.z"}
    assert file.backup.read_text() == before


@has_permissions
def test_a_folder_that_cannot_be_written_is_told_and_the_file_stays_whole() -> None:
    with open_folder() as folder:
        other = SettingsFile(folder / "settings.toml", DECLARED)
        for _ in range(2):
            other.save(DEFAULTS)  # so that all that saving needs is loaded

        def saved() -> tuple[ProblemKind | None, str, list[str]]:
            own = folder / "own"
            own.mkdir()
            path = own / "settings.toml"
            path.write_text("[beat]\ninterval_s = 2\n")
            own.chmod(0o500)
            kind = None
            try:
                SettingsFile(path, DECLARED).save(DEFAULTS)
            except SettingsError as error:
                kind = error.problem.kind
            return kind, path.read_text(), [each.name for each in own.iterdir()]

        told = as_ordinary_user(saved)
    assert told == (ProblemKind.UNREADABLE, "[beat]\ninterval_s = 2\n", ["settings.toml"])


def test_edit_that_broke_the_file_meanwhile_is_set_aside_before_saving(path: Path) -> None:
    path.write_text("[beat\n")
    SettingsFile(path, DECLARED).save(DEFAULTS)
    assert SettingsFile(path, DECLARED).load().problems == ()
    assert [each.read_text() for each in path.parent.glob("settings.damaged-*")] == ["[beat\n"]


def test_byte_order_mark_and_windows_line_ends_are_understood(path: Path) -> None:
    assert problems(path, b"\xef\xbb\xbf[beat]\r\ninterval_s = 2\r\n") == []
    assert SettingsFile(path, DECLARED).load().settings["beat.interval_s"] == 2.0


def test_folder_in_the_place_of_the_file_is_told_and_not_moved(path: Path) -> None:
    path.mkdir()
    loaded = SettingsFile(path, DECLARED).load()
    assert [each.kind for each in loaded.problems] == [ProblemKind.UNREADABLE]
    with pytest.raises(SettingsError):
        SettingsFile(path, DECLARED).save(DEFAULTS)
    assert path.is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_file_is_private_and_a_link_to_it_survives(path: Path) -> None:
    target = path.with_name("elsewhere.toml")
    target.write_text("")
    path.symlink_to(target)
    SettingsFile(path, DECLARED).save(DEFAULTS)
    assert path.is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert not list(path.parent.glob(".*.tmp"))


@given(
    st.one_of(
        st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
    )
)
def test_any_bytes_load_as_valid_settings(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    loaded = SettingsFile(path, DECLARED).load(set_aside=False)
    assert all(each.check(loaded.settings[each.name]) == loaded.settings[each.name] for each in DECLARED)


VALUES = st.one_of(
    st.integers(), st.floats(), st.booleans(), st.text(max_size=5), st.lists(st.integers(), max_size=2)
)


@given(st.dictionaries(st.sampled_from([each.name for each in DECLARED]), VALUES))
def test_each_value_is_taken_or_named_as_a_problem(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]
) -> None:
    import tomli_w

    table: dict[str, dict[str, object]] = {}
    for name, value in values.items():
        section, _dot, key = name.partition(".")
        table.setdefault(section, {})[key] = value
    path = tmp_path_factory.getbasetemp() / "values.toml"
    path.write_text(tomli_w.dumps(table), encoding="utf-8")
    loaded = SettingsFile(path, DECLARED).load(set_aside=False)
    wrong = {each.key for each in loaded.problems}
    for name, value in values.items():
        try:
            expected = DECLARED[name].check(value)
        except (ValueError, OverflowError):
            expected = None
        assert (name in wrong) == (expected is None)
        assert loaded.settings[name] == (DECLARED[name].default if expected is None else expected)


def excesses() -> dict[str, str]:
    return {
        "a key of thousands of parts": ".".join(["a"] * 200_000) + " = 1\n",
        "parts that only look like other lines": ".".join(['"\u2028"', "a"] * 100_000) + " = 1\n",
        "tables within tables": "[" + ".".join(["a"] * 1_000) + "]\n",
        "lists within lists": "a = " + "[" * 5_000 + "]" * 5_000 + "\n",
        "a number that Python does not write": "a = 0x" + "f" * 20_000 + "\n",
    }


@pytest.mark.parametrize("kind", excesses())
def test_excess_is_refused_and_the_settings_are_saved_again(path: Path, kind: str) -> None:
    (problem,) = problems(path, excesses()[kind])
    assert problem.kind is ProblemKind.DAMAGED
    assert problem.set_aside is not None
    path.write_text(excesses()[kind], encoding="utf-8")
    assert SettingsFile(path, DECLARED).save(DEFAULTS.with_value("beat.interval_s", 0.5)) is not None
    assert SettingsFile(path, DECLARED).load().problems == ()


def test_twenty_of_thousands_of_unknown_keys_are_told(path: Path) -> None:
    found = problems(path, "".join(f"nope{number} = 1\n" for number in range(70_000)))
    assert [each.line for each in found] == list(range(1, 21))
    found = problems(path, "[[rules]]\nnope = 1\n" * 40_000)
    assert len(found) == 20


def test_long_line_that_is_no_heading_takes_no_time(path: Path) -> None:
    (problem,) = problems(path, "x = [\n[" + " " * 900_000 + "\n1]]\n")
    assert problem.kind is ProblemKind.UNKNOWN_KEY


def test_wrong_value_after_many_unknown_keys_is_told(path: Path) -> None:
    found = problems(
        path, "".join(f"nope{number} = 1\n" for number in range(30)) + "[beat]\ninterval_s = -1\n"
    )
    assert (found[-1].key, found[-1].line) == ("beat.interval_s", 32)


@pytest.mark.skipif(sys.platform != "linux", reason="such files are of Linux")
@pytest.mark.parametrize("kernel", ["/proc/kmsg", "/proc/self/status"])
def test_file_of_the_kernel_is_refused_at_once(path: Path, kernel: str) -> None:
    path.symlink_to(kernel)
    (problem,) = SettingsFile(path, DECLARED).load().problems
    assert problem.kind is ProblemKind.UNREADABLE
