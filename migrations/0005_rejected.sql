-- Authentic webhooks that we could not read, whole or in part: kept until they are replayed, deleted, or pushed out
-- by newer ones of the same source (limits.rejectedPerSourceMax).
-- Written by: src/ingest/rejected/store.ts (the edge door and the replay). Read by: the same, for /v1/rejected.
CREATE TABLE rejected (
  -- Made of source and bytes, so that the same webhook again only raises `count`.
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  provider TEXT NOT NULL,
  count INTEGER NOT NULL,
  -- RFC 3339. The place in lists, and in the order of going.
  first_received_at TEXT NOT NULL,
  last_received_at TEXT NOT NULL,
  reason TEXT NOT NULL,
  -- JSON: [{ path, message }]
  errors TEXT NOT NULL,
  -- Of the body as it came, and of what was kept of it.
  body_bytes INTEGER NOT NULL,
  body_kept_bytes INTEGER NOT NULL,
  method TEXT NOT NULL,
  -- With its question mark, "" for none; credentials masked.
  query TEXT NOT NULL,
  -- JSON: [[name, value]], without credentials.
  headers TEXT NOT NULL,
  -- JSON: the provider's bad items of a batch; null where the whole webhook was bad, or they are too large.
  items TEXT,
  body_base64 TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One more billed row for each rejected webhook: lists by source, and finds the oldest of a source.
CREATE INDEX rejected_by_source ON rejected (source, first_received_at, id);
