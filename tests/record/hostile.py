"""Records that hold what this program never writes, each made by a few statements."""

import sqlite3
from contextlib import closing
from pathlib import Path

_ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
_RENAME = "ALTER TABLE {0} RENAME TO kept_{0};"

SQL: dict[str, str] = {
    "endless trigger": f"CREATE TRIGGER t AFTER INSERT ON beat BEGIN {_ENDLESS}; END;",
    "writing trigger": "CREATE TABLE fill (x BLOB); CREATE TRIGGER t AFTER INSERT ON beat BEGIN "
    "INSERT INTO fill WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) "
    "SELECT randomblob(10000) FROM n; END;",
    "deleting trigger": "CREATE TRIGGER t AFTER INSERT ON beat BEGIN DELETE FROM beat; END;",
    "endless view": f"{_RENAME.format('event')} CREATE VIEW event AS SELECT 1 AS id, ({_ENDLESS}) AS at_us, "
    "'hiccup' AS kind, 1 AS session, 1 AS seq, '{}' AS facts;",
    "endless view of incidents": f"{_RENAME.format('incident')} CREATE VIEW incident AS "
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id, 'r' AS rule, 'warning' AS level, "
    "'cpu_percent' AS measure, i AS started_us, NULL AS cleared_us, 1.0 AS peak, 1.0 AS limit_value, 1 AS count, "
    "NULL AS acknowledged_us, '' AS note, '{}' AS facts FROM n;",
    "view of beats": f"{_RENAME.format('beat')} "
    "CREATE VIEW beat AS SELECT * FROM kept_beat, kept_beat AS b, kept_beat AS c;",
    "index on an expression": "CREATE INDEX x ON beat (at_us + abs(duration_ns));",
    "partial index": "CREATE INDEX x ON beat (duration_ns) WHERE duration_ns > 1;",
    "index more": "CREATE INDEX x ON beat (duration_ns);",
    "generated column": "ALTER TABLE beat ADD COLUMN g AS (zeroblob(900000000));",
    "check": "CREATE TABLE c (x INTEGER CHECK (x > 1));",
    "table more": "CREATE TABLE more (x INTEGER);",
    "column more": "ALTER TABLE gap ADD COLUMN more INTEGER;",
    "column of another type": "ALTER TABLE mute ADD COLUMN more FANCY;",
    "virtual table": "CREATE VIRTUAL TABLE v USING fts5(x);",
    "table gone": "DROP TABLE mute;",
}
"""What is done to a record, by what it is called."""

_DIGITS = "replace(printf('%.*c', 400, 'x'), 'x', '9')"
ROWS: dict[str, str] = {
    "huge name": "UPDATE incident SET rule = printf('%.*c', 5000000, 'x');",
    "huge facts": "UPDATE event SET facts = '{\"function\":\"' || printf('%.*c', 40000000, 'x') || '\"}' WHERE id = 5;",
    "huge blob": "UPDATE incident SET note = zeroblob(200000000) WHERE id = 7;",
    "long name": "UPDATE incident SET rule = printf('%.*c', 19000, 'W'), note = printf('%.*c', 19000, 'W');",
    "long names in view": "UPDATE incident SET note = printf('%.*c', 19000, 'n'), "
    "started_us = CAST(strftime('%s', 'now') AS INTEGER) * 1000000, "
    "facts = '{\"finding\":{\"kind\":\"cpu\",\"culprits\":[' || rtrim(replace(printf('%.*c', 20, 'x'), 'x', "
    "'{\"name\":\"' || printf('%.*c', 19000, 'W') || '\",\"pid\":1},'), ',') || ']}}' WHERE id > 20;",
    "blobs for texts": "UPDATE incident SET rule = x'00ff', facts = x'7b7d';",
    "texts for figures": "UPDATE incident SET peak = 'much', count = 'many', started_us = 'once';",
    "text for time": "UPDATE event SET at_us = 'when'; UPDATE gap SET start_us = 'a', end_us = 'b';",
    "facts of 400 digits": f"UPDATE event SET facts = '{{\"lateness_ns\":' || {_DIGITS} || ',\"beats\":' || "
    f"{_DIGITS} || '}}';"
    f"UPDATE measurement SET facts = '{{\"heartbeats\":[],\"interval_ns\":' || {_DIGITS} || '}}';"
    f'UPDATE session SET facts = \'{{"version":"1","cores":\' || {_DIGITS} || \'}}\';',
    "hours that are moments": "INSERT INTO page VALUES (400000, 1, 0, 1, 2, 1, 1, 1, x'', x'', x'', x'00'), "
    "(1795830808570074, 1, 0, 1, 2, 1, 1, 1, x'', x'', x'', x'00');",
    "infinite": "UPDATE incident SET peak = 9e999, limit_value = -9e999;",
    "huge figures": "UPDATE incident SET count = 9223372036854775807, started_us = 9223372036854775807;",
    "negative times": "UPDATE incident SET started_us = -9223372036854775808; UPDATE event SET at_us = -1;"
    "UPDATE gap SET start_us = -9223372036854775807;",
    "beats of texts": "UPDATE beat SET duration_ns = 'long', cpu_hundredths = 'all', lateness_ns = x'00';",
    "beats of extremes": "UPDATE beat SET duration_ns = 9223372036854775807, lateness_ns = -9223372036854775808, "
    "missed = 9223372036854775807, cpu_hundredths = 9223372036854775807;",
    "infinite counts": "UPDATE beat SET missed = 9e999; UPDATE page SET beats = -9e999, missed = 9e999;"
    "UPDATE day SET beats = 9e999, missed = 9e999;",
    "pages without times": "UPDATE page SET lateness = 5; DELETE FROM beat;",
    "contexts of extremes": "UPDATE context SET own_cpu_hundredths = 9223372036854775807, "
    "swap_hundredths = -9223372036854775808, disk_read_bytes_per_s = 9223372036854775807;",
    "last beat at the end of time": "UPDATE beat SET at_us = 9223372036854775807 "
    "WHERE at_us = (SELECT max(at_us) FROM beat);",
    "contexts of texts": "UPDATE context SET own_cpu_hundredths = 'x', own_memory_bytes = -1, memory_total_bytes = 0;",
    "sessions of texts": "UPDATE session SET started_us = 'x', ended_us = 'y', mode = 5, facts = 'z';",
    "facts that are none": "UPDATE incident SET facts = '[[[['; UPDATE event SET facts = 'null';"
    "UPDATE measurement SET facts = '1';",
    "deep facts": "UPDATE incident SET facts = printf('%.*c', 900000, '[');"
    "UPDATE event SET facts = printf('%.*c', 900000, '[');",
    "odd facts": """
    UPDATE event SET facts = '{"lateness_ns":1e308,"missed":-1e300,"cause":99,"function":"\\u202e\\u0000\\ud7ff"}';
    UPDATE incident SET facts = '{"finding":{"kind":"cpu","facts":{"x":1e999},"culprits":[{"name":"","pid":-1}]}}';
    UPDATE measurement SET facts = '{"heartbeats":"none"}';
    """,
    "huge exponents": """
    UPDATE event SET facts = '{"lateness_ns":1e999999999}'; UPDATE measurement SET facts = '{"a":-1e400}';
    """,
    "many incidents": "INSERT INTO incident WITH RECURSIVE n(i) AS "
    "(SELECT 100 UNION ALL SELECT i + 1 FROM n LIMIT 20000) SELECT i, 'rule' || i, 'warning', 'cpu_percent', "
    "1750000000000000 + i, NULL, 1.0, 1.0, 1, NULL, '', '{}', 1 FROM n;",
    "mutes of blobs": "INSERT INTO mute VALUES (x'00', x'01'); INSERT INTO mute VALUES ('x', 9223372036854775807);",
    "highest numbers": "UPDATE session SET id = 9223372036854775807; UPDATE incident SET id = 9223372036854775807 "
    "WHERE id = 31; UPDATE event SET id = 9223372036854775807 WHERE id = 9;",
    "version of the future": "PRAGMA user_version = 2000000000;",
    "negative version": "PRAGMA user_version = -5;",
}
"""What is put into its rows."""


def do(path: Path, statements: str) -> None:
    """Do this to the record, which no one has open."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(statements)
