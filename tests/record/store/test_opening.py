"""A record that holds what this program never writes: nothing of it is carried out, and beats go on."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.items import EventKind
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.store.errors import NotOurs, StoreError
from aios_gui.record.store.opening import open_connection
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.tables import check_tables, read_tables
from tests.fakes import WALL, Kept, S
from tests.record.hostile import SQL, do
from tests.systems import WINDOWS, has_modes


@pytest.mark.parametrize("what", SQL)
def test_it_is_set_aside_and_its_beats_are_carried_over(kept: Kept, what: str) -> None:
    kept.beat(20)
    kept.close()
    do(kept.path, SQL[what])
    kept.begin_again(WALL + kept.second * S)
    kept.beat(5)
    while EventKind.STORE_CARRIED_OVER not in kept.told:
        kept.beat()
    assert kept.told.count(EventKind.STORE_SET_ASIDE) == 1
    assert kept.store.health.recording
    # There the table of beats has another name, or is no plain table any more.
    missing = 20 if what in ("view of beats", "generated column") else 0
    assert kept.seqs() == list(range(missing, kept.second))
    with RecordReader(kept.path) as reader:
        assert reader.check() == "ok"
        (event,) = reader.events(0, 2**62, EventKind.STORE_SET_ASIDE)
    assert event.facts["foreign"] == 1
    assert event.facts["error"]


@pytest.mark.parametrize("what", [what for what in SQL if what != "table gone"])
def test_whoever_only_reads_says_what_is_in_it(kept: Kept, what: str) -> None:
    kept.beat(3)
    kept.close()
    do(kept.path, SQL[what])
    if what in ("table more", "index more", "column more"):
        return  # plain ones do no harm to a reader
    with RecordReader(kept.path) as reader, pytest.raises(StoreError, match="did not put there"):
        list(reader.beats(0, 2**62))


def test_a_declaration_of_a_table_that_is_no_text_is_damage_to_readers_and_writer(kept: Kept) -> None:
    kept.beat(3)
    kept.close()
    content = kept.path.read_bytes()
    assert b"CREATE TABLE mute" in content
    kept.path.write_bytes(content.replace(b"CREATE TABLE mute", b"CREATE TA\xccLE mute"))
    with RecordReader(kept.path) as reader, pytest.raises(StoreError, match="tables cannot be read"):
        list(reader.beats(0, 2**62))
    kept.begin_again(WALL + kept.second * S)
    kept.beat(5)
    assert kept.told.count(EventKind.STORE_SET_ASIDE) == 1
    assert kept.store.health.recording
    assert kept.seqs()[-5:] == list(range(kept.second))[-5:]


def test_what_is_put_in_while_it_is_read_is_seen(kept: Kept) -> None:
    kept.beat(3)
    with RecordReader(kept.path) as reader:
        assert len(list(reader.beats(0, 2**62))) == 3
        kept.connection.execute(SQL["endless trigger"])
        with pytest.raises(StoreError, match="trigger 't'"):
            reader.events(0, 2**62)


@pytest.mark.parametrize("version", range(RECORD_SCHEMA.version + 1))
def test_every_version_has_the_tables_that_its_migrations_make(version: int, tmp_path: Path) -> None:
    path = tmp_path / ("a record#%25.sqlite3" if WINDOWS else "a record?#%25.sqlite3")
    path.touch()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("".join(RECORD_SCHEMA.migrations[:version]))
        connection.execute(f"PRAGMA user_version = {version}")
    connection, _allowance = open_connection(path, is_read_only=True, busy_timeout_s=1)
    with closing(connection):
        RECORD_SCHEMA.check(connection)
        for other in range(version):
            with pytest.raises(NotOurs):
                check_tables(read_tables(connection), RECORD_SCHEMA.tables(other))
        assert connection.execute("PRAGMA trusted_schema").fetchone() == (0,)
        assert connection.execute("PRAGMA cell_size_check").fetchone() == (1,)
        with pytest.raises(sqlite3.OperationalError):
            connection.execute("CREATE TABLE x (y)")


def test_a_question_without_an_end_is_broken_off(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    connection, allowance = open_connection(tmp_path / "x", is_read_only=False, busy_timeout_s=1)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with closing(connection):
        allowance.left = 20
        with pytest.raises(sqlite3.OperationalError, match="interrupted"):
            connection.execute(endless).fetchone()
        with pytest.raises(sqlite3.DataError, match="too big"):
            connection.execute("SELECT length(zeroblob(900000000))").fetchone()


@has_modes
def test_a_record_that_others_may_write_is_for_this_user_alone_from_now_on(kept: Kept) -> None:
    kept.beat(2)
    kept.close()
    kept.path.chmod(0o666)
    kept.begin_again(WALL + 10 * S)
    kept.beat(2)
    for suffix in ("", "-wal", "-shm"):
        assert stat.S_IMODE(Path(f"{kept.path}{suffix}").stat().st_mode) == 0o600
