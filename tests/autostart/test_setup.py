"""Setting up in steps: each told as it happens, in the order that undoes nothing, and removal leaves nothing."""

import dataclasses
import os
from pathlib import Path

import pytest

from aios_gui.autostart.login_start import LoginStart, keep_login_start, last_login_start
from aios_gui.autostart.mechanisms.mechanism import ToolAnswer
from aios_gui.autostart.model import (
    SETUP_STEPS,
    AutostartError,
    AutostartOptions,
    AutostartReason,
    AutostartState,
    AutostartStatus,
    SetupFinding,
    SetupFindingKind,
    SetupReport,
    SetupResult,
    SetupStep,
    SmokeTestOutcome,
    SmokeTestResult,
)
from aios_gui.autostart.setup import Setup, remove
from aios_gui.autostart.smoke_test import SmokeTest
from aios_gui.autostart.words import (
    failure_sentence,
    finding_sentence,
    smoke_test_sentence,
    state_sentence,
    step_title,
)
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.heartbeat.model.warmup import StepState
from aios_gui.system.atomic_file import make_private
from aios_gui.system.paths import find_paths
from aios_gui.text.catalogue import use_language
from tests.autostart.mechanisms.faults import DesktopRig, Rig, SystemdRig, program_in

OPTIONS = AutostartOptions(LaunchMode.HEADLESS)


class ToldTest(SmokeTest):
    """A test start that shows what it was told to."""

    def __init__(self, result: SmokeTestResult) -> None:
        self.result = result

    def run(self, cancelled: object = None) -> SmokeTestResult:
        return self.result


@pytest.fixture
def rigs(tmp_path: Path) -> tuple[DesktopRig, SystemdRig]:
    program = program_in(tmp_path / "program")
    return DesktopRig(program, tmp_path / "one"), SystemdRig(program, tmp_path / "two")


def set_up(
    rig: Rig,
    tmp_path: Path,
    others: tuple[Rig, ...] = (),
    test: SmokeTest | None = None,
    options: AutostartOptions = OPTIONS,
) -> tuple[SetupResult, list[SetupReport]]:
    told: list[SetupReport] = []
    mechanisms = [each.mechanism for each in (rig, *others)]
    made = Setup(program_in(tmp_path / "program"), rig.mechanism, options, mechanisms, test, {})
    return made.run(told.append), told


def kinds(result: SetupResult) -> list[SetupFindingKind]:
    return [finding.kind for report in result.reports for finding in report.findings]


def test_every_step_is_told_as_it_begins_and_ends(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path
) -> None:
    result, told = set_up(
        rigs[0], tmp_path, rigs[1:], ToldTest(SmokeTestResult(SmokeTestOutcome.BEATS, 1_000))
    )
    assert [(report.step, report.state) for report in told if report.step is not SetupStep.TRIAL] == [
        (step, state)
        for step in SETUP_STEPS
        if step is not SetupStep.TRIAL
        for state in (StepState.RUNNING, StepState.DONE)
    ]
    assert (result.status.state, result.failed) == (AutostartState.ON, None)
    assert [report.step for report in result.reports] == list(SETUP_STEPS)
    # The tests may be run from a temporary folder, which is a finding of its own.
    assert kinds(result)[-2:] == [SetupFindingKind.WRITTEN, SetupFindingKind.READ_BACK]
    assert SetupFindingKind.REPLACED not in kinds(result)
    for report in result.reports:
        assert step_title(report.step)
        assert all(finding_sentence(finding) for finding in report.findings)


def test_what_started_it_before_is_replaced_and_not_started_twice(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path
) -> None:
    desktop, systemd = rigs
    desktop.mechanism.enable(OPTIONS)
    result, _told = set_up(systemd, tmp_path, (desktop,))
    assert SetupFinding(SetupFindingKind.REMOVED, str(desktop._path)) in result.reports[1].findings
    assert desktop.traces() == []
    again, _told = set_up(systemd, tmp_path, (desktop,), options=dataclasses.replace(OPTIONS, delay_s=20))
    assert SetupFindingKind.REPLACED in kinds(again)
    assert again.status.state is AutostartState.ON


def test_step_that_fails_ends_it_and_leaves_the_rest_undone(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path
) -> None:
    desktop, systemd = rigs
    systemd.systemctl.answers = False
    result, _told = set_up(systemd, tmp_path, (desktop,))
    assert result.failed is not None
    assert (result.failed.step, str(result.failed.error)) == (
        SetupStep.CHECK,
        "Failed to connect to bus: No medium found",
    )
    assert all(report.state is StepState.WAITING for report in result.reports[1:])
    assert systemd.traces() == []


def test_program_that_is_not_there_is_not_registered(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path
) -> None:
    program = dataclasses.replace(program_in(tmp_path / "program"), service=("/nowhere/python",))
    result = Setup(program, rigs[0].rebuild(program), OPTIONS, environ={}).run(lambda report: None)
    assert result.failed is not None
    assert result.failed.step is SetupStep.CHECK
    relative = dataclasses.replace(program, service=("python",))
    result = Setup(relative, rigs[0].rebuild(relative), OPTIONS, environ={}).run(lambda report: None)
    assert result.failed is not None
    assert "not absolute" in str(result.failed.error)
    assert rigs[0].traces() == []


def test_folder_that_is_emptied_by_the_system_is_a_warning(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path
) -> None:
    program = program_in(tmp_path / "program")
    environ = {"TMPDIR": str(tmp_path)}
    result = Setup(program, rigs[0].mechanism, OPTIONS, environ=environ).run(lambda report: None)
    assert SetupFindingKind.TEMPORARY in kinds(result)
    assert result.status.state is AutostartState.ON


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows asks in a window of its own")
def test_administrator_is_told_for_whom_it_is(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    made = Setup(program_in(tmp_path / "program"), rigs[0].mechanism, OPTIONS, environ={"SUDO_USER": "ada"})
    findings = made.run(lambda report: None).reports[0].findings
    assert findings[0] == SetupFinding(SetupFindingKind.FOR_ADMINISTRATOR, "ada")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has other priorities")
@pytest.mark.parametrize("most", [0, 20])
def test_priority_that_only_an_administrator_may_give_is_refused(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    import resource

    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(resource, "getrlimit", lambda which: (most, most))
    result, _told = set_up(rigs[0], tmp_path, options=dataclasses.replace(OPTIONS, nice=-5))
    assert result.failed is not None
    assert "choose 0 or more" in str(result.failed.error)
    for enough in (25, resource.RLIM_INFINITY):
        monkeypatch.setattr(resource, "getrlimit", lambda which, soft=enough: (soft, soft))
        assert set_up(rigs[0], tmp_path, options=dataclasses.replace(OPTIONS, nice=-5))[0].failed is None


def test_what_was_put_back_is_a_failure_with_a_reason(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aios_gui.autostart.mechanisms.desktop_file.write_text", lambda path, text: None)
    result, _told = set_up(rigs[0], tmp_path)
    assert result.failed is not None
    assert result.failed.step is SetupStep.VERIFY
    assert "something changed or removed it" in failure_sentence(result.failed)
    assert result.status.reason is AutostartReason.BLOCKED


def test_test_start_that_fails_leaves_it_registered_and_says_so(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path
) -> None:
    shown = SmokeTestResult(SmokeTestOutcome.ENDED, status=2, message="no display")
    result, told = set_up(rigs[0], tmp_path, test=ToldTest(shown))
    assert result.failed is not None
    assert (result.failed.step, result.failed.test) == (SetupStep.TRIAL, shown)
    assert "no display" in failure_sentence(result.failed)
    assert result.status.state is AutostartState.ON
    assert told[-1].step is SetupStep.TRIAL


def test_removal_leaves_nothing(rigs: tuple[DesktopRig, SystemdRig], aios_home: Path) -> None:
    paths = find_paths()
    make_private(paths.data)
    keep_login_start(paths, LoginStart(1, 2, 3))
    for rig in rigs:
        rig.mechanism.enable(OPTIONS)
    result = remove([rig.mechanism for rig in rigs], paths, lambda report: None)
    assert result.failed is None
    assert kinds(result) == [SetupFindingKind.REMOVED, SetupFindingKind.REMOVED]
    assert [rig.traces() for rig in rigs] == [[], []]
    assert last_login_start(paths) is None
    again = remove([rig.mechanism for rig in rigs], paths, lambda report: None)
    assert (kinds(again), again.failed) == ([], None)


def test_one_that_cannot_be_removed_does_not_keep_the_others(
    rigs: tuple[DesktopRig, SystemdRig], monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop, systemd = rigs
    systemd.mechanism.enable(OPTIONS)
    (desktop._path).mkdir(parents=True)
    result = remove([desktop.mechanism, systemd.mechanism], find_paths(), lambda report: None)
    assert result.failed is not None
    assert str(desktop._path) in str(result.failed.error)
    assert systemd.traces() == []


def test_what_comes_back_by_itself_is_not_called_removed(
    rigs: tuple[DesktopRig, SystemdRig], monkeypatch: pytest.MonkeyPatch
) -> None:
    rigs[0].mechanism.enable(OPTIONS)
    monkeypatch.setattr("aios_gui.autostart.mechanisms.desktop_file.remove", lambda path: None)
    result = remove([rigs[0].mechanism], find_paths(), lambda report: None)
    assert result.failed is not None
    assert failure_sentence(result.failed) == "It starts at log-in, but not as it is set up here now."


def test_every_state_and_outcome_has_its_sentence() -> None:
    for reason in AutostartReason:
        for state in AutostartState:
            assert state_sentence(AutostartStatus("desktop_file", state, reason)).endswith(".")
        unreadable = AutostartStatus("x", AutostartState.CHANGED, AutostartReason.UNREADABLE, detail="why")
        assert "why" in state_sentence(unreadable)
        for outcome in SmokeTestOutcome:
            assert smoke_test_sentence(SmokeTestResult(outcome, 1_000_000, status=1)).endswith(".")


def test_what_is_wrong_is_said_in_the_language_spoken_and_in_english_for_scripts(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path
) -> None:
    missing = str(tmp_path / "nowhere" / "python")
    program = dataclasses.replace(program_in(tmp_path / "program"), service=(missing,))
    use_language("zh_CN")
    failed = Setup(program, rigs[0].rebuild(program), OPTIONS, environ={}).run(lambda report: None).failed
    assert failed is not None
    assert str(failed.error) == f"there is no program at {missing}"
    assert "no program" not in failure_sentence(failed)
    assert missing in failure_sentence(failed)


def test_nothing_is_removed_before_what_replaces_it_is_there(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop, systemd = rigs
    desktop.mechanism.enable(OPTIONS)
    monkeypatch.setattr(systemd.systemctl, "_enable", lambda unit: ToolAnswer(1, err="Access denied"))
    result, _told = set_up(systemd, tmp_path, (desktop,))
    assert result.failed is not None
    assert desktop.mechanism.status(OPTIONS).state is AutostartState.ON


def test_error_of_a_mechanism_is_the_step_s(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(options: AutostartOptions) -> AutostartStatus:
        raise AutostartError("no room on the disk")

    monkeypatch.setattr(rigs[0].mechanism, "enable", refuse)
    result, _told = set_up(rigs[0], tmp_path)
    assert result.failed is not None
    assert (result.failed.step, str(result.failed.error)) == (SetupStep.REGISTER, "no room on the disk")
