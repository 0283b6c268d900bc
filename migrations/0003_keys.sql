-- API keys and what they may do. Written and read by src/keys.
CREATE TABLE keys (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL, -- JSON array
  sources TEXT, -- JSON array of the sources it is bound to; null: all
  created_at TEXT NOT NULL,
  expires_at TEXT,
  last_used_at TEXT -- to the minute
) STRICT, WITHOUT ROWID;

-- The secrets that stand for a key: one, and more while a rotation overlaps. Found by hash at each request that no
-- isolate remembers. Written and read by src/keys.
CREATE TABLE key_secrets (
  hash TEXT PRIMARY KEY, -- SHA-256 of the whole key, in hex; nothing else of it is kept
  key_id TEXT NOT NULL,
  holds_until TEXT -- set by a rotation; null: as long as the key
) STRICT, WITHOUT ROWID;
