-- The trace of each erased message, and the guard that keeps the queue from bringing it back. Written by
-- src/history/erasure/store.ts, read by the fan-out consumer; kept as long as messages are.
CREATE TABLE erasures (
  name_hash TEXT NOT NULL, -- SHA-256 of the name of the message's object: no id of a person stays here
  born TEXT NOT NULL,      -- of the life that was erased; a later one is another message
  erased_at TEXT NOT NULL,
  erased_by TEXT NOT NULL, -- the key's id
  PRIMARY KEY (name_hash, born)
) WITHOUT ROWID;
