"""The tables of a case file, and how it is known: SQLite's ``application_id`` and ``user_version``."""

from __future__ import annotations

# "SPOR" in ASCII, in the header of every case file.
APPLICATION_ID = 0x53504F52
# Raised whenever a table below changes; a newer case is refused, and so is an older one (``case_file``).
VERSION = 6

TABLES = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE outbox (seq INTEGER PRIMARY KEY, line BLOB NOT NULL);
CREATE TABLE evidence (
  n INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, path TEXT NOT NULL, kind TEXT NOT NULL,
  size INTEGER NOT NULL, sha256_after TEXT, expected TEXT, exhibit TEXT, at TEXT NOT NULL,
  problems TEXT NOT NULL, unread TEXT NOT NULL, unopened INTEGER NOT NULL, records_sha256 TEXT,
  together TEXT NOT NULL DEFAULT '[]', rank INTEGER NOT NULL DEFAULT 0
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
CREATE TABLE account (
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, form TEXT NOT NULL, rank INTEGER NOT NULL
);
CREATE TABLE conversation (
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, app TEXT NOT NULL,
  platform TEXT NOT NULL, kind TEXT NOT NULL, title TEXT, handle TEXT, participants TEXT NOT NULL,
  rank INTEGER NOT NULL
);
CREATE TABLE participant (
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, app TEXT NOT NULL, handle TEXT, phone TEXT,
  names TEXT NOT NULL, is_owner INTEGER NOT NULL, rank INTEGER NOT NULL
);
CREATE TABLE said (
  evidence INTEGER NOT NULL REFERENCES evidence (n), record TEXT NOT NULL, id TEXT NOT NULL,
  place INTEGER NOT NULL, form TEXT NOT NULL, PRIMARY KEY (evidence, record, id)
) WITHOUT ROWID;
CREATE TABLE alias (id TEXT PRIMARY KEY, stands_for TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE contact (
  n INTEGER PRIMARY KEY, evidence INTEGER NOT NULL REFERENCES evidence (n), app TEXT NOT NULL,
  handle TEXT NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL
);
CREATE TABLE message (
  n INTEGER PRIMARY KEY, id BLOB NOT NULL, conversation INTEGER NOT NULL REFERENCES conversation (n),
  sender INTEGER REFERENCES participant (n), from_owner INTEGER, kind TEXT NOT NULL, status TEXT,
  state TEXT NOT NULL,
  sent_at INTEGER, received_at INTEGER, text TEXT, file INTEGER NOT NULL REFERENCES file (n),
  table_name TEXT, row_id INTEGER, app_id TEXT, place TEXT, rare TEXT,
  sha256 BLOB NOT NULL, words TEXT
);
CREATE TABLE twin (
  n INTEGER PRIMARY KEY, message INTEGER NOT NULL, id BLOB NOT NULL,
  file INTEGER NOT NULL REFERENCES file (n), table_name TEXT, row_id INTEGER, place TEXT,
  form TEXT NOT NULL, sha256 BLOB NOT NULL
);
CREATE TABLE difference (
  n INTEGER PRIMARY KEY, scope TEXT NOT NULL, kind TEXT NOT NULL, message INTEGER NOT NULL, other INTEGER,
  form TEXT NOT NULL, pair INTEGER REFERENCES pair (n)
);
CREATE TABLE pair (n INTEGER PRIMARY KEY, one TEXT NOT NULL, other TEXT NOT NULL, form TEXT NOT NULL);
CREATE TABLE link (
  one INTEGER NOT NULL, other INTEGER NOT NULL, ground TEXT NOT NULL,
  pair INTEGER NOT NULL REFERENCES pair (n), PRIMARY KEY (one, other)
) WITHOUT ROWID;
CREATE TABLE cue (message INTEGER PRIMARY KEY REFERENCES message (n), flags INTEGER NOT NULL);
CREATE TABLE call (
  n INTEGER PRIMARY KEY, id BLOB NOT NULL, evidence INTEGER NOT NULL REFERENCES evidence (n), at INTEGER,
  form TEXT NOT NULL, sha256 BLOB NOT NULL, stands_for INTEGER
);
CREATE TABLE notice (
  n INTEGER PRIMARY KEY, evidence INTEGER REFERENCES evidence (n), severity TEXT NOT NULL,
  text TEXT NOT NULL, source TEXT, raw TEXT
);
CREATE TABLE sealed (
  n INTEGER PRIMARY KEY, evidence INTEGER NOT NULL REFERENCES evidence (n), kind TEXT NOT NULL,
  marks TEXT NOT NULL, file TEXT, records INTEGER NOT NULL, sha256 TEXT NOT NULL, content BLOB NOT NULL
);
CREATE TABLE flag (
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, conversation INTEGER NOT NULL REFERENCES conversation (n),
  kind TEXT NOT NULL, score INTEGER NOT NULL, form TEXT NOT NULL
);
CREATE TABLE decision (
  n INTEGER PRIMARY KEY, flag TEXT NOT NULL, decision TEXT NOT NULL, reason TEXT NOT NULL, by TEXT NOT NULL,
  at TEXT NOT NULL, seq INTEGER NOT NULL, form TEXT
);
CREATE TABLE selected (
  n INTEGER PRIMARY KEY, item INTEGER NOT NULL, action TEXT NOT NULL, form TEXT NOT NULL, by TEXT NOT NULL,
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
CREATE INDEX IF NOT EXISTS twin_by_id ON twin (id);
CREATE INDEX IF NOT EXISTS twin_by_message ON twin (message);
CREATE INDEX IF NOT EXISTS difference_by_message ON difference (message);
CREATE INDEX IF NOT EXISTS difference_by_other ON difference (other);
CREATE INDEX IF NOT EXISTS link_by_other ON link (other);
"""

# What is computed from the records of all items when one is ingested, and sealed by the setting ``computed``
# rather than with every change: it may be as large as the messages.
COMPUTED = {
    "twin": "SELECT t.n, t.message, t.id, t.file, t.table_name, t.row_id, t.place, t.form, t.sha256, m.sha256"
    " FROM twin AS t LEFT JOIN message AS m ON m.n = t.message ORDER BY t.n",
    "difference": "SELECT n, scope, kind, message, other, form, pair FROM difference ORDER BY n",
    "link": "SELECT one, other, ground, pair FROM link ORDER BY one, other",
    "pair": "SELECT n, one, other, form FROM pair ORDER BY n",
}

# What every case has from its making on.
NEEDED_SETTINGS = frozenset(
    ("apps", "authorities", "examiner", "language", "number", "period", "privileged", "secret", "timezone")
)

# The tables whose digests go into the log at every change of the case, and of which columns; a setting
# that follows the log itself cannot be sealed by it.
DIGESTED = {
    "account": "n, id, form, rank",
    "acquisition": "n, evidence, name, value, source, field, at",
    "alias": "id, stands_for",
    "call": "n, id, evidence, at, form, sha256, stands_for",
    "comparison": "n, evidence, kind, form",
    "cue": "message, flags",
    "conversation": "n, id, account, app, platform, kind, title, handle, participants, rank",
    "contact": "n, evidence, app, handle, name, source",
    "decision": "n, flag, decision, reason, by, at, seq, form",
    "evidence": "n, sha256, path, kind, size, sha256_after, expected, exhibit, at, problems, unread, "
    "unopened, records_sha256, together, rank",
    "file": "n, evidence, path, size, sha256, app, platform, role, schema, companions, opened_by, tables",
    "flag": "n, id, conversation, kind, score, form",
    "message_text_config": "k, v",
    "notice": "n, evidence, severity, text, source, raw",
    "participant": "n, id, app, handle, phone, names, is_owner, rank",
    "sealed": "n, evidence, kind, marks, file, records, sha256",
    "selected": "n, item, action, form, by, at, seq",
    "said": "evidence, record, id, place, form",
    "sqlite_master": "name, type, tbl_name, sql",
    "setting": "name, CASE WHEN name IN ('changed_at', 'changed_seq', 'head') THEN '' ELSE value END",
}
