-- Endpoints that get events. Written by src/subscriptions (routes; and its objects, when they give an endpoint up).
-- Read by src/subscriptions: for its routes, by the fan-out for each batch of events, and by the objects before they call.
-- What is pending and what was tried stands in the subscription's objects, never here.
CREATE TABLE subscriptions (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL, -- counts changes, so that none is lost between reading and writing
  status TEXT NOT NULL, -- active | inactive | disabled
  settings TEXT NOT NULL, -- JSON (src/subscriptions/settings/store.ts settingsSchema); header values and secrets sealed
  maker_key_id TEXT NOT NULL, -- whose current binding to sources holds for what is delivered
  maker_sources TEXT, -- JSON array: the binding when it was made, which outlives the key; null: all sources
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
