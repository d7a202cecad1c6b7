"""The week in three sentences: told once, after quiet hours where it was in them, and *shown* only where confirmed."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aios_gui.alerts.model.action import Why
from aios_gui.reports.digest import Told, keep_digest, read_digest, tell_week
from aios_gui.reports.digest_words import digest_sentence
from aios_gui.reports.schedule.model import Cadence, last_period
from aios_gui.system.own_child import OwnChild
from aios_gui.system.paths import Paths
from tests.fakes import recorded_beat, write_run

NOW_NS = int(datetime(2025, 3, 12, 9, tzinfo=UTC).timestamp()) * 10**9
WEEK_NS = 7 * 86_400 * 10**9
SENTENCES = ("The week was calm.", "Two hiccups.", "Nothing changed.")


@pytest.fixture
def recorded(paths: Paths) -> Paths:
    """A beat of the week before."""
    start_ns = last_period(Cadence.WEEKLY, NOW_NS).start_ns
    write_run(paths.store, [recorded_beat(1, start_ns + 5)], start_ns)
    return paths


class Desktop:
    """Notes what it was to show, and answers as told."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)
        self.shown: list[tuple[str, str]] = []
        self.asked = 0

    def notify(self, title: str, text: str) -> str:
        self.shown.append((title, text))
        return self._answers.pop(0)

    def sentences(self, _child: OwnChild, _period: object) -> tuple[str, ...]:
        self.asked += 1
        return SENTENCES


def tell(paths: Paths, desktop: Desktop, now_ns: int = NOW_NS) -> Told | None:
    return tell_week(paths, now_ns, OwnChild(), desktop.notify, desktop.sentences)


def test_it_is_told_once_a_week_and_shown_where_the_desktop_confirmed_it(recorded: Paths) -> None:
    desktop = Desktop("")
    assert tell(recorded, desktop) is Told.SHOWN
    assert tell(recorded, desktop) is None
    assert desktop.shown == [("The week was calm.", "Two hiccups.\nNothing changed.")]
    assert "confirmed" in digest_sentence(read_digest(recorded))
    assert tell(recorded, desktop, NOW_NS + WEEK_NS) is Told.NOTHING, "nothing was recorded in the next week"


def test_its_sentences_are_those_of_the_report_and_no_folder_is_left(
    recorded: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dead_pid: int
) -> None:
    (temporary := tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    (temporary / f"aios-digest-{dead_pid}-abc").mkdir()
    desktop = Desktop("")
    assert tell_week(recorded, NOW_NS, OwnChild(), desktop.notify) is Told.SHOWN
    ((title, text),) = desktop.shown
    assert title
    assert text
    assert list(temporary.iterdir()) == []


def test_in_quiet_hours_it_waits_and_its_sentences_are_not_made_again(recorded: Paths) -> None:
    desktop = Desktop(Why.QUIET_HOURS, Why.FULL_SCREEN, "")
    assert tell(recorded, desktop) is Told.NOT_YET
    assert "quiet hours" in digest_sentence(read_digest(recorded))
    assert tell(recorded, desktop) is Told.NOT_YET
    assert tell(recorded, desktop) is Told.SHOWN
    assert desktop.asked == 1


@pytest.mark.parametrize(
    ("answer", "told"),
    [(Why.TRAY, Told.FOR_THE_TRAY), (Why.NO_NOTIFIER, Told.NOT_SHOWN), ("it broke", Told.NOT_SHOWN)],
)
def test_what_the_desktop_did_not_confirm_is_never_called_shown(
    recorded: Paths, answer: str, told: Told
) -> None:
    desktop = Desktop(answer)
    assert tell(recorded, desktop) is told
    assert tell(recorded, desktop) is None, "it is not told again and again"
    assert "confirmed" not in digest_sentence(read_digest(recorded))


def test_a_torn_note_only_has_the_week_told_again(recorded: Paths) -> None:
    keep_digest(recorded, read_digest(recorded))
    (recorded.reports / "digest.json").write_bytes(b"{")
    assert tell(recorded, Desktop("")) is Told.SHOWN


def test_where_it_cannot_be_noted_it_is_not_told(recorded: Paths) -> None:
    (recorded.reports / "digest.json").mkdir(parents=True)
    desktop = Desktop("", "")
    for _try in range(2):
        with pytest.raises(OSError):  # noqa: PT011 - which one is the system's affair
            tell(recorded, desktop)
    assert desktop.shown == []
