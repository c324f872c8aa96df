"""The DDL of a family and cases enter as JSON; for each case what SQLite says of its rows leaves, a line each.

A case is {"event_type", "table", "payload"}: a row of that table is inserted, beside one in the table of envelopes, and
both are rolled back. The answer is `stored`, or the words of the error.
"""

import json
import sqlite3
import sys

def stored(value, is_json, not_null):
    """A column that is checked to be JSON holds the text of a value, and null is none where it may be."""
    return json.dumps(value) if is_json and (not_null or value is not None) else value


def insert(connection, table, row):
    (ddl,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", [table]).fetchone()
    columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    row = {
        name: stored(row[name], f'json_valid("{name}")' in ddl, bool(not_null))
        for _, name, _, not_null, _, _ in columns
        if name in row
    }
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(row.values()))


def answer(connection, case, envelopes, envelope):
    connection.execute("BEGIN")
    try:
        insert(connection, envelopes, envelope | {"event_type": case["event_type"]})
        insert(connection, case["table"], case["payload"] | {"event_id": envelope["event_id"]})
        return "stored"
    except sqlite3.Error as error:
        return str(error)
    finally:
        connection.execute("ROLLBACK")


def main():
    asked = json.load(sys.stdin)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.executescript(asked["ddl"])
    for case in asked["cases"]:
        print(answer(connection, case, asked["envelopes"], asked["envelope"]))


main()
