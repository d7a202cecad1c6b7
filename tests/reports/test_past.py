"""What was written is listed, known again, and removed only where it is the program's own still."""

from pathlib import Path

import pytest

from aios_gui.record.model.timerange import TimeRange
from aios_gui.reports.past import MOST_NOTES, FileState, forget, note_written, past_reports, remove
from aios_gui.system.paths import Paths, find_paths
from tests.systems import follows_links


@pytest.fixture
def paths(aios_home: Path) -> Paths:
    return find_paths()


def written(
    paths: Paths, file: Path, made_ns: int = 5, template: str = "week", scheduled: bool = False
) -> None:
    file.write_text("a report")
    note_written(paths, file, template, "html", "en", TimeRange(1, 2), made_ns, scheduled)


def test_what_was_written_is_listed_the_newest_first(paths: Paths, tmp_path: Path) -> None:
    written(paths, tmp_path / "one.html", 10)
    written(paths, tmp_path / "two.html", 20, "sla")
    assert [(each.path.name, each.template, each.made_ns) for each in past_reports(paths)] == [
        ("two.html", "sla", 20),
        ("one.html", "week", 10),
    ]
    newest = past_reports(paths)[0]
    assert (newest.start_ns, newest.end_ns, newest.size_bytes, newest.format) == (1, 2, 8, "html")
    assert newest.state() is FileState.THERE


def test_a_file_written_twice_is_listed_once(paths: Paths, tmp_path: Path) -> None:
    for made_ns in (10, 20):
        written(paths, tmp_path / "one.html", made_ns)
    (only,) = past_reports(paths)
    assert only.made_ns == 20
    forget(paths, only)
    assert past_reports(paths) == []
    assert (tmp_path / "one.html").exists()


def test_removing_takes_the_file_and_its_note(paths: Paths, tmp_path: Path) -> None:
    written(paths, tmp_path / "one.html")
    assert remove(paths, past_reports(paths)[0]) is FileState.THERE
    assert not (tmp_path / "one.html").exists()
    assert past_reports(paths) == []
    assert list(paths.reports.iterdir()) == []


def test_a_file_that_was_changed_since_stays(paths: Paths, tmp_path: Path) -> None:
    file = tmp_path / "one.html"
    written(paths, file)
    file.write_text("a report, with what I think of it")
    assert remove(paths, past_reports(paths)[0]) is FileState.CHANGED
    assert file.read_text() == "a report, with what I think of it"
    assert past_reports(paths) == []


@follows_links
def test_something_else_in_its_place_stays(paths: Paths, tmp_path: Path) -> None:
    file, mine = tmp_path / "one.html", tmp_path / "mine"
    written(paths, file)
    mine.write_text("a report")
    file.unlink()
    file.symlink_to(mine)
    assert remove(paths, past_reports(paths)[0]) is FileState.CHANGED
    assert file.is_symlink()
    assert mine.exists()


def test_one_that_is_gone_only_leaves_the_list(paths: Paths, tmp_path: Path) -> None:
    written(paths, tmp_path / "one.html")
    (tmp_path / "one.html").unlink()
    assert remove(paths, past_reports(paths)[0]) is FileState.GONE
    assert past_reports(paths) == []


def test_a_folder_or_a_device_is_not_noted(paths: Paths, tmp_path: Path) -> None:
    note_written(paths, tmp_path, "week", "html", "en", TimeRange(1, 2), 5)
    note_written(paths, tmp_path / "nothing", "week", "html", "en", TimeRange(1, 2), 5)
    assert past_reports(paths) == []


def test_notes_of_anybody_else_and_torn_ones_are_passed_over(paths: Paths, tmp_path: Path) -> None:
    written(paths, tmp_path / "one.html")
    (paths.reports / "mine.txt").write_text("nothing of the program's")
    for name, content in (("a" * 8, b"{"), ("b" * 8, b'{"file": 3}'), ("c" * 8, b"\xff\x00")):
        (paths.reports / f"written-{7:019}-{name}.json").write_bytes(content)
    assert [each.path.name for each in past_reports(paths)] == ["one.html"]


def test_the_oldest_notes_go_and_their_files_stay(paths: Paths, tmp_path: Path) -> None:
    written(paths, tmp_path / "one.html", 10)
    (note,) = paths.reports.iterdir()
    for made_ns in range(11, 11 + MOST_NOTES):
        note.with_name(f"written-{made_ns:019}-00000000.json").write_bytes(note.read_bytes())
    written(paths, tmp_path / "two.html", 10_000)
    assert len(list(paths.reports.iterdir())) == MOST_NOTES
    assert not note.exists()
    assert (tmp_path / "one.html").exists()


def test_what_was_written_by_schedule_stays_known_however_much_else_is_written(
    paths: Paths, tmp_path: Path
) -> None:
    written(paths, tmp_path / "own.html", 10, scheduled=True)
    written(paths, tmp_path / "one.html", 11)
    note = max(paths.reports.iterdir())
    for made_ns in range(12, 11 + MOST_NOTES):
        note.with_name(f"written-{made_ns:019}-00000000.json").write_bytes(note.read_bytes())
    written(paths, tmp_path / "two.html", 10_000)
    assert [each.path.name for each in past_reports(paths) if each.scheduled] == ["own.html"]
    assert not note.exists()
