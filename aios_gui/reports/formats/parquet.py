"""Beats as a Parquet file, for DuckDB, pandas, Polars and Spark. It needs pyarrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from aios_gui import __version__
from aios_gui.heartbeat.model.beat import Cause
from aios_gui.record.model.columns import UNKNOWN
from aios_gui.reports.formats.raw_data import Beats, RawData

if TYPE_CHECKING:
    import pyarrow as pa

BYTES_A_BEAT = 32
_GROUP_BEATS = 1 << 17
_CAUSES = {int(cause): cause.name.lower() for cause in Cause}


def write(data: RawData, out: BinaryIO) -> int:
    """Write the beats, times in UTC to the microsecond, lengths in ns; what is unknown is null. Returns how many."""
    from pyarrow import parquet

    schema, count = _schema(data.machine), 0
    waiting: list[pa.RecordBatch] = []
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for some in data.beats():
            waiting.append(_batch(some, schema))
            count += len(some.at_us)
            if sum(each.num_rows for each in waiting) >= _GROUP_BEATS:
                _flush(writer, waiting, schema)
        _flush(writer, waiting, schema)
    return count


def _schema(machine: str) -> pa.Schema:
    import pyarrow as pa

    text = pa.dictionary(pa.int32(), pa.string())
    kinds: dict[str, Any] = dict.fromkeys(Beats._fields, pa.int64())
    kinds |= {"at_us": pa.timestamp("us", tz="UTC"), "rehearsed": pa.bool_(), "cause": text, "result": text}
    kinds |= dict.fromkeys(("cpu_hundredths", "memory_hundredths"), pa.float64())
    fields = [pa.field(_name(name), kinds[name]) for name in Beats._fields]
    return pa.schema(fields, metadata={"program": f"aios-heartbeat {__version__}", "host": machine})


def _name(field: str) -> str:
    return {"at_us": "time"}.get(field, field.replace("_hundredths", "_percent"))


def _batch(beats: Beats, schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    columns: dict[str, Any] = beats._asdict()
    for name in ("cpu_hundredths", "memory_hundredths"):
        columns[name] = [None if each == UNKNOWN else each / 100 for each in columns[name]]
    columns["rehearsed"] = [None if each == UNKNOWN else each != 0 for each in beats.rehearsed]
    columns["cause"] = [_CAUSES.get(each) for each in beats.cause]
    columns["result"] = [each or None for each in beats.result]
    arrays = []
    for field, values in zip(schema, columns.values(), strict=True):
        known = values
        if field.type in (pa.int64(), schema.field("time").type):
            known = (
                [None if each == UNKNOWN else each for each in values] if UNKNOWN in values else list(values)
            )
        arrays.append(pa.array(known, field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _flush(writer: Any, waiting: list[pa.RecordBatch], schema: pa.Schema) -> None:
    import pyarrow as pa

    if waiting:
        writer.write_table(pa.Table.from_batches(waiting, schema).unify_dictionaries().combine_chunks())
        waiting.clear()
