-- Accounts at providers. Written by src/sources; read by src/sources, and for each webhook (cached for seconds) by src/ingest.
CREATE TABLE sources (
  id TEXT PRIMARY KEY,
  provider TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL, -- active | inactive
  auth TEXT NOT NULL, -- JSON: the entries as they may be shown, secrets masked
  sealed_auth TEXT NOT NULL, -- sealed JSON: the sets of entries that hold, newest first (src/sources/auth.ts)
  auth_version INTEGER NOT NULL, -- counts changes of the two above, so that none is lost between reading and writing
  previous_auth_until TEXT, -- when the last of the older sets stops to hold
  rate_limit TEXT, -- JSON { perSecond, burst }
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  -- What came in, added up a few times a minute and not for each webhook.
  last_received_at TEXT,
  received INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  ignored INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
