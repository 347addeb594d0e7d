"""The SQL of `SqliteStore`: its schema and its statements, as text."""

from oidc_harness.storage.transaction import Page

APPLICATION_ID = 0x4F494448
"""Marks the file as ours (`PRAGMA application_id`)."""
SCHEMA_VERSION = 1
"""Of the tables below (`PRAGMA user_version`)."""

SCHEMA = (
    """CREATE TABLE records (
        realm TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
        version INTEGER NOT NULL, expires_at INTEGER, body TEXT NOT NULL,
        PRIMARY KEY (realm, kind, id)
    )""",
    "CREATE INDEX records_by_expiry ON records (realm, expires_at) WHERE expires_at IS NOT NULL",
    """CREATE TABLE indexed (
        realm TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, id TEXT NOT NULL,
        PRIMARY KEY (realm, kind, name, value, id)
    ) WITHOUT ROWID""",
    "CREATE INDEX indexed_by_record ON indexed (realm, kind, id)",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)

ONE = "SELECT body FROM records WHERE realm = ? AND kind = ? AND id = ?"
LISTED = "SELECT body FROM records WHERE realm = ? AND kind = ? AND id > ? ORDER BY id LIMIT ?"


def page_query(realm: str, kind: str, page: Page) -> tuple[str, list[object]]:
    """The statement and its values.

    Each index is one more occurrence of the same table, joined by id, so that a page costs no more than the
    part of the first index that it passes over.
    """
    if not page.where:
        return LISTED, [realm, kind, page.after, page.limit]
    tables, terms, values = "", "", list[object]()
    for number, (name, value) in enumerate(page.where.items()):
        tables += f"indexed AS i{number} CROSS JOIN "
        terms += f"i{number}.realm = ? AND i{number}.kind = ? AND i{number}.name = ? AND i{number}.value = ? AND "
        terms += f"i{number}.id = i0.id AND " if number else ""
        values += [realm, kind, name, value]
    # Only numbers of our own making are put into the text; every value is bound.
    query = (
        f"SELECT records.body FROM {tables} records WHERE {terms} i0.id > ? AND records.realm = i0.realm "  # noqa: S608
        "AND records.kind = i0.kind AND records.id = i0.id ORDER BY i0.id LIMIT ?"
    )
    return query, [*values, page.after, page.limit]


INSERT = "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
UPDATE = (
    "UPDATE records SET version = ?, expires_at = ?, body = ? WHERE realm = ? AND kind = ? AND id = ? AND version = ?"
)
DELETE = "DELETE FROM records WHERE realm = ? AND kind = ? AND id = ? AND version = ?"


SET_INDEX = "INSERT INTO indexed (realm, kind, id, name, value) VALUES (?, ?, ?, ?, ?)"
CLEAR_INDEX = "DELETE FROM indexed WHERE realm = ? AND kind = ? AND id = ?"

EXPIRED = "SELECT realm, kind, id FROM records WHERE realm = ? AND expires_at < ? ORDER BY expires_at LIMIT ?"
FORGET = "DELETE FROM records WHERE realm = ? AND kind = ? AND id = ?"
DROP = ("DELETE FROM records WHERE realm = ?", "DELETE FROM indexed WHERE realm = ?")
