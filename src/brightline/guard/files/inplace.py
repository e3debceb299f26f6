"""A table of a database redacted where it is: all its rows in one transaction, or none."""

from __future__ import annotations

from brightline.guard.files.judging import Judge, Setting
from brightline.guard.files.summary import Summary
from brightline.guard.files.tables import Table, work
from brightline.guard.files.tablesinks import in_place_sink

__all__ = ["redact_in_place"]


def redact_in_place(table: Table, setting: Setting) -> Summary:
    """Change the rows of a table in which something is found.

    The changed cells are held in memory until all rows are read. Raises: BrightlineError `guard-database`.
    """
    summary, judge = Summary(files=1), Judge(setting)
    with table.opened(to_write=True) as connection:
        if table.database != "postgres":
            connection.execute("BEGIN IMMEDIATE" if table.database == "sqlite" else "BEGIN")
        changes = []
        for block in table.read(connection, with_ids=True):
            done = work(block, judge)
            summary.add(done)
            changes += done.body[2]
        in_place_sink(table, connection)(((), (), changes))
        connection.commit()
    return summary
