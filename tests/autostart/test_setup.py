"""Setting up in steps: each told as it happens, in the order that undoes nothing, and removal leaves nothing."""

import dataclasses
import os
from pathlib import Path

import pytest

from aios_gui.autostart.login_start import LoginStart, keep_login_start, last_login_start
from aios_gui.autostart.model.autostart import AutostartError, State, Status, Wish
from aios_gui.autostart.model.setup import (
    SETUP_STEPS,
    Finding,
    FindingKind,
    SetupReport,
    SetupResult,
    SetupStep,
    TrialOutcome,
    TrialResult,
)
from aios_gui.autostart.setup import Setup, remove
from aios_gui.autostart.trial import Trial
from aios_gui.autostart.words import finding_sentence, state_sentence, step_title, trial_sentence
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.heartbeat.model.warmup import StepState
from aios_gui.system.atomic_file import make_private
from aios_gui.system.paths import find_paths
from tests.autostart.mechanisms.faults import DesktopRig, Rig, SystemdRig, program_in

WISH = Wish(LaunchMode.HEADLESS)


class ToldTrial(Trial):
    """A trial that shows what it was told to."""

    def __init__(self, result: TrialResult) -> None:
        self.result = result

    def run(self, cancelled: object = None) -> TrialResult:
        return self.result


@pytest.fixture
def rigs(tmp_path: Path) -> tuple[DesktopRig, SystemdRig]:
    program = program_in(tmp_path / "program")
    return DesktopRig(program, tmp_path / "one"), SystemdRig(program, tmp_path / "two")


def set_up(
    rig: Rig, tmp_path: Path, others: tuple[Rig, ...] = (), trial: Trial | None = None, wish: Wish = WISH
) -> tuple[SetupResult, list[SetupReport]]:
    told: list[SetupReport] = []
    mechanisms = [each.mechanism for each in (rig, *others)]
    made = Setup(program_in(tmp_path / "program"), rig.mechanism, wish, mechanisms, trial, {})
    return made.run(told.append), told


def kinds(result: SetupResult) -> list[FindingKind]:
    return [finding.kind for report in result.reports for finding in report.findings]


def test_every_step_is_told_as_it_begins_and_ends(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path
) -> None:
    result, told = set_up(rigs[0], tmp_path, rigs[1:], ToldTrial(TrialResult(TrialOutcome.BEATS, 1_000)))
    assert [(report.step, report.state) for report in told if report.step is not SetupStep.TRIAL] == [
        (step, state)
        for step in SETUP_STEPS
        if step is not SetupStep.TRIAL
        for state in (StepState.RUNNING, StepState.DONE)
    ]
    assert (result.status.state, result.failed) == (State.ON, None)
    assert [report.step for report in result.reports] == list(SETUP_STEPS)
    assert FindingKind.NOTHING_TO_REPLACE in kinds(result)
    for report in result.reports:
        assert step_title(report.step)
        assert all(finding_sentence(finding) for finding in report.findings)


def test_what_started_it_before_is_replaced_and_not_started_twice(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path
) -> None:
    desktop, systemd = rigs
    desktop.mechanism.enable(WISH)
    result, _told = set_up(systemd, tmp_path, (desktop,))
    assert Finding(FindingKind.OTHER_REMOVED, "desktop_file") in result.reports[2].findings
    assert desktop.traces() == []
    again, _told = set_up(systemd, tmp_path, (desktop,), wish=dataclasses.replace(WISH, delay_s=20))
    assert FindingKind.REPLACED in kinds(again)
    assert again.status.state is State.ON


def test_step_that_fails_ends_it_and_leaves_the_rest_undone(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path
) -> None:
    desktop, systemd = rigs
    systemd.systemctl.answers = False
    result, _told = set_up(systemd, tmp_path, (desktop,))
    assert result.failed is not None
    assert (result.failed.step, result.failed.error) == (
        SetupStep.RIGHTS,
        "Failed to connect to bus: No medium found",
    )
    assert all(report.state is StepState.WAITING for report in result.reports[1:])
    assert systemd.traces() == []


def test_program_that_is_not_there_is_not_registered(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path
) -> None:
    program = dataclasses.replace(program_in(tmp_path / "program"), service=("/nowhere/python",))
    result = Setup(program, rigs[0].rebuild(program), WISH, environ={}).run(lambda report: None)
    assert result.failed is not None
    assert result.failed.step is SetupStep.PATHS
    relative = dataclasses.replace(program, service=("python",))
    result = Setup(relative, rigs[0].rebuild(relative), WISH, environ={}).run(lambda report: None)
    assert result.failed is not None
    assert "not absolute" in result.failed.error
    assert rigs[0].traces() == []


def test_folder_that_is_emptied_by_the_system_is_a_warning(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path
) -> None:
    program = program_in(tmp_path / "program")
    environ = {"TMPDIR": str(tmp_path)}
    result = Setup(program, rigs[0].mechanism, WISH, environ=environ).run(lambda report: None)
    assert FindingKind.PLACE_TEMPORARY in kinds(result)
    assert result.status.state is State.ON


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows asks in a window of its own")
def test_administrator_is_told_for_whom_it_is(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    made = Setup(program_in(tmp_path / "program"), rigs[0].mechanism, WISH, environ={"SUDO_USER": "ada"})
    assert made.run(lambda report: None).reports[0].findings == (
        Finding(FindingKind.FOR_ADMINISTRATOR, "ada"),
    )


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has other priorities")
def test_priority_that_only_an_administrator_may_give_is_refused(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(resource, "getrlimit", lambda which: (20, 20))
    result, _told = set_up(rigs[0], tmp_path, wish=dataclasses.replace(WISH, nice=-5))
    assert result.failed is not None
    assert "choose 0 or more" in result.failed.error
    monkeypatch.setattr(resource, "getrlimit", lambda which: (25, 25))
    assert set_up(rigs[0], tmp_path, wish=dataclasses.replace(WISH, nice=-5))[0].failed is None


def test_what_was_put_back_is_a_failure_with_a_reason(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aios_gui.autostart.mechanisms.desktop_file.write_text", lambda path, text: None)
    result, _told = set_up(rigs[0], tmp_path)
    assert result.failed is not None
    assert result.failed.step is SetupStep.VERIFY


def test_test_start_that_fails_leaves_it_registered_and_says_so(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path
) -> None:
    shown = TrialResult(TrialOutcome.ENDED, status=2, said="no display")
    result, told = set_up(rigs[0], tmp_path, trial=ToldTrial(shown))
    assert result.failed is not None
    assert (result.failed.step, result.failed.trial) == (SetupStep.TRIAL, shown)
    assert "no display" in result.failed.error
    assert result.reports[-1].state is StepState.DONE
    assert result.status.state is State.ON
    assert told[-1].step is SetupStep.MANAGE


def test_removal_leaves_nothing(rigs: tuple[DesktopRig, SystemdRig], aios_home: Path) -> None:
    paths = find_paths()
    make_private(paths.data)
    keep_login_start(paths, LoginStart(1, 2, 3))
    for rig in rigs:
        rig.mechanism.enable(WISH)
    result = remove([rig.mechanism for rig in rigs], paths, lambda report: None)
    assert result.failed is None
    assert kinds(result) == [FindingKind.REMOVED, FindingKind.REMOVED, FindingKind.NOTHING_LEFT]
    assert [rig.traces() for rig in rigs] == [[], []]
    assert last_login_start(paths) is None
    again = remove([rig.mechanism for rig in rigs], paths, lambda report: None)
    assert kinds(again) == [FindingKind.NOTHING_LEFT]


def test_one_that_cannot_be_removed_does_not_keep_the_others(
    rigs: tuple[DesktopRig, SystemdRig], monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop, systemd = rigs
    systemd.mechanism.enable(WISH)
    (desktop._path).mkdir(parents=True)
    result = remove([desktop.mechanism, systemd.mechanism], find_paths(), lambda report: None)
    assert result.failed is not None
    assert str(desktop._path) in result.failed.error
    assert systemd.traces() == []


def test_what_comes_back_by_itself_is_not_called_removed(
    rigs: tuple[DesktopRig, SystemdRig], monkeypatch: pytest.MonkeyPatch
) -> None:
    rigs[0].mechanism.enable(WISH)
    monkeypatch.setattr("aios_gui.autostart.mechanisms.desktop_file.remove", lambda path: None)
    result = remove([rigs[0].mechanism], find_paths(), lambda report: None)
    assert result.failed is not None
    assert result.failed.step is SetupStep.VERIFY_REMOVED


@pytest.mark.parametrize("state", State)
def test_every_state_and_outcome_has_its_sentence(state: State) -> None:
    assert state_sentence(Status("desktop_file", state)).endswith(".")
    assert "why" in state_sentence(Status("desktop_file", State.UNREADABLE, detail="why"))
    for outcome in TrialOutcome:
        assert trial_sentence(TrialResult(outcome, 1_000_000, status=1)).endswith(".")


def test_error_of_a_mechanism_is_the_step_s(
    rigs: tuple[DesktopRig, SystemdRig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(wish: Wish) -> Status:
        raise AutostartError("no room on the disk")

    monkeypatch.setattr(rigs[0].mechanism, "enable", refuse)
    result, _told = set_up(rigs[0], tmp_path)
    assert result.failed is not None
    assert (result.failed.step, result.failed.error) == (SetupStep.REGISTER, "no room on the disk")
