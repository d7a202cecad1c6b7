"""The log: private, rotated, and where errors that were not caught end up."""

import logging
import stat
import sys
import threading
from collections.abc import Iterator

import pytest

from aios_gui.system import logs
from aios_gui.system.paths import Paths, find_paths


def own_file() -> logs._PrivateFile:
    """The handler that writes the log."""
    (handler,) = (each for each in logging.getLogger().handlers if isinstance(each, logs._PrivateFile))
    return handler


@pytest.fixture
def paths() -> Iterator[Paths]:
    level = logging.getLogger().level
    paths = find_paths()
    logs.start_logging(paths)
    yield paths
    logs.stop_logging()
    logging.getLogger().setLevel(level)


def test_file_is_made_with_the_first_message_and_is_private(paths: Paths) -> None:
    assert not paths.log.exists()
    handler = own_file()
    # Given to the handler itself: a report on this test could not carry such a message to another process.
    handler.handle(logging.LogRecord("test", logging.INFO, __file__, 1, "hello \udc80", (), None))
    assert "hello" in paths.log.read_text(encoding="utf-8")
    if sys.platform != "win32":
        assert stat.S_IMODE(paths.log.stat().st_mode) == 0o600


def test_second_start_does_not_double_the_messages(paths: Paths) -> None:
    logs.start_logging(paths)
    logging.getLogger("aios_gui.test").info("once")
    assert paths.log.read_text().count("once") == 1


def test_old_files_are_kept_up_to_a_limit(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    handler = own_file()
    monkeypatch.setattr(handler, "maximum_bytes", 2_000)
    for number in range(200):
        logging.getLogger("aios_gui.test").info("line %d", number)
    files = sorted(each.name for each in paths.logs.iterdir())
    assert files == ["aios-heartbeat.log", *(f"aios-heartbeat.log.{n}" for n in range(1, logs.OLD_FILES + 1))]
    assert all(each.stat().st_size <= 2_000 for each in paths.logs.iterdir())
    assert "line 199" in paths.log.read_text()


def test_the_older_files_stay_while_the_log_cannot_be_renamed(paths: Paths) -> None:
    handler = own_file()
    paths.logs.mkdir(parents=True, exist_ok=True)
    for number in (1, 2, 3):
        paths.log.with_name(f"{paths.log.name}.{number}").write_text(str(number))
    handler._set_aside()
    assert [each.read_text() for each in sorted(paths.logs.iterdir())] == ["1", "2", "3"]


@pytest.mark.skipif(sys.platform == "win32", reason="it renames no file that another has open")
def test_a_log_that_another_process_began_again_is_gone_on_with(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = own_file()
    log = logging.getLogger("aios_gui.test")
    log.info("first")
    monkeypatch.setattr(handler, "maximum_bytes", 300)
    paths.log.rename(paths.log.with_suffix(".log.1"))
    paths.log.write_text("of the other\n")
    log.info("x" * 200)
    assert paths.log.read_text().startswith("of the other\n")
    assert "xxx" in paths.log.read_text()
    assert sorted(each.name for each in paths.logs.iterdir()) == [paths.log.name, f"{paths.log.name}.1"]
    paths.log.unlink()
    log.info("after it was removed")
    assert "after it was removed" in paths.log.read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="it renames no folder in which a file is open")
def test_a_full_log_that_cannot_be_begun_again_for_now_goes_on_once_it_can(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = own_file()
    log = logging.getLogger("aios_gui.test")
    log.info("first")
    monkeypatch.setattr(handler, "maximum_bytes", 100)
    kept = paths.logs.with_name("moved")
    paths.logs.rename(kept)
    paths.logs.write_text("a file where the folder belongs")
    log.info("lost")
    paths.logs.unlink()
    kept.rename(paths.logs)
    log.info("last")
    assert "last" in paths.log.read_text()


def test_log_that_cannot_be_written_disturbs_nobody(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    paths.logs.parent.mkdir(parents=True, exist_ok=True)
    paths.logs.write_text("a file where the folder belongs")
    logging.getLogger("aios_gui.test").error("lost")
    assert capsys.readouterr() == ("", "")


def test_error_that_nobody_caught_is_logged_and_told_in_a_line(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        raise LookupError("nobody expects it")
    except LookupError as error:
        sys.excepthook(LookupError, error, error.__traceback__)
    assert capsys.readouterr().err == "aios-heartbeat: LookupError: nobody expects it\n"
    assert "Traceback" in paths.log.read_text()


def test_error_in_a_thread_is_logged(paths: Paths) -> None:
    def fail() -> None:
        raise LookupError("in a thread")

    thread = threading.Thread(target=fail, name="worker")
    thread.start()
    thread.join()
    text = paths.log.read_text()
    assert "unhandled error in thread worker" in text
    assert "in a thread" in text
