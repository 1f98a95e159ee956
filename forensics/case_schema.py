"""The tables of a case file, and how it is known: SQLite's ``application_id`` and ``user_version``."""

from __future__ import annotations

# "SPOR" in ASCII, in the header of every case file.
APPLICATION_ID = 0x53504F52
# Raised whenever a table below changes; a newer case is refused, an older one has a way up in ``case``.
VERSION = 1

TABLES = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE outbox (seq INTEGER PRIMARY KEY, line BLOB NOT NULL);
CREATE TABLE evidence (
  n INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, path TEXT NOT NULL, kind TEXT NOT NULL,
  size INTEGER NOT NULL, sha256_after TEXT, expected TEXT, exhibit TEXT, at TEXT NOT NULL,
  problems TEXT NOT NULL, unread TEXT NOT NULL, unopened INTEGER NOT NULL, records_sha256 TEXT
);
CREATE TABLE file (
  n INTEGER PRIMARY KEY, evidence INTEGER NOT NULL REFERENCES evidence (n), path TEXT NOT NULL,
  size INTEGER NOT NULL, sha256 TEXT NOT NULL, app TEXT, platform TEXT, role TEXT, schema TEXT,
  companions TEXT NOT NULL, opened_by TEXT, tables TEXT NOT NULL
);
CREATE TABLE acquisition (
  n INTEGER PRIMARY KEY, evidence INTEGER NOT NULL REFERENCES evidence (n), name TEXT NOT NULL,
  value TEXT NOT NULL, source TEXT NOT NULL, field TEXT NOT NULL, at INTEGER
);
CREATE TABLE comparison (
  n INTEGER PRIMARY KEY, evidence INTEGER NOT NULL REFERENCES evidence (n), kind TEXT NOT NULL,
  form TEXT NOT NULL
);
CREATE TABLE account (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, form TEXT NOT NULL);
CREATE TABLE conversation (
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, app TEXT NOT NULL,
  platform TEXT NOT NULL, kind TEXT NOT NULL, title TEXT, handle TEXT, participants TEXT NOT NULL
);
CREATE TABLE participant (
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, app TEXT NOT NULL, handle TEXT, phone TEXT,
  names TEXT NOT NULL, is_owner INTEGER NOT NULL
);
CREATE TABLE message (
  n INTEGER PRIMARY KEY, id BLOB NOT NULL, conversation INTEGER NOT NULL REFERENCES conversation (n),
  sender INTEGER REFERENCES participant (n), from_owner INTEGER, kind TEXT NOT NULL, status TEXT,
  state TEXT NOT NULL,
  sent_at INTEGER, received_at INTEGER, text TEXT, file INTEGER NOT NULL REFERENCES file (n),
  table_name TEXT, row_id INTEGER, app_id TEXT, place TEXT, rare TEXT,
  sha256 BLOB NOT NULL, words TEXT
);
CREATE TABLE cue (message INTEGER PRIMARY KEY REFERENCES message (n), flags INTEGER NOT NULL);
CREATE TABLE call (
  n INTEGER PRIMARY KEY, id BLOB NOT NULL, evidence INTEGER NOT NULL REFERENCES evidence (n), at INTEGER,
  form TEXT NOT NULL, sha256 BLOB NOT NULL
);
CREATE TABLE notice (
  n INTEGER PRIMARY KEY, evidence INTEGER REFERENCES evidence (n), severity TEXT NOT NULL,
  text TEXT NOT NULL, source TEXT, raw TEXT
);
CREATE TABLE flag (
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, conversation INTEGER NOT NULL REFERENCES conversation (n),
  kind TEXT NOT NULL, score INTEGER NOT NULL, form TEXT NOT NULL
);
CREATE TABLE decision (
  n INTEGER PRIMARY KEY, flag TEXT NOT NULL, decision TEXT NOT NULL, reason TEXT NOT NULL, by TEXT NOT NULL,
  at TEXT NOT NULL, seq INTEGER NOT NULL
);
CREATE VIEW searchable AS SELECT n, CASE WHEN words IS NULL THEN text ELSE ifnull(text || ' ', '') || words
  END AS text FROM message WHERE text IS NOT NULL OR words IS NOT NULL;
CREATE VIRTUAL TABLE message_text USING fts5(
  text, content='searchable', content_rowid='n', tokenize='unicode61 remove_diacritics 2'
);
"""

# Made when the first rows are in: sorting once is cheaper than keeping an order while writing.
INDEXES = """
CREATE INDEX IF NOT EXISTS message_by_conversation ON message (conversation, sent_at, n);
CREATE INDEX IF NOT EXISTS message_by_id ON message (id);
CREATE INDEX IF NOT EXISTS call_by_id ON call (id);
"""

# What every case has from its making on.
NEEDED_SETTINGS = frozenset(
    ("apps", "authorities", "examiner", "language", "number", "period", "privileged", "secret", "timezone")
)

# The tables whose digests go into the log at every change of the case, and of which columns; a setting
# that follows the log itself cannot be sealed by it.
SEALED = {
    "account": "n, id, form",
    "acquisition": "n, evidence, name, value, source, field, at",
    "call": "n, id, evidence, at, form, sha256",
    "comparison": "n, evidence, kind, form",
    "cue": "message, flags",
    "conversation": "n, id, account, app, platform, kind, title, handle, participants",
    "decision": "n, flag, decision, reason, by, at, seq",
    "evidence": "n, sha256, path, kind, size, sha256_after, expected, exhibit, at, problems, unread, "
    "unopened, records_sha256",
    "file": "n, evidence, path, size, sha256, app, platform, role, schema, companions, opened_by, tables",
    "flag": "n, id, conversation, kind, score, form",
    "message_text_config": "k, v",
    "notice": "n, evidence, severity, text, source, raw",
    "participant": "n, id, app, handle, phone, names, is_owner",
    "sqlite_master": "name, type, tbl_name, sql",
    "setting": "name, CASE WHEN name IN ('changed_at', 'changed_seq', 'head') THEN '' ELSE value END",
}
