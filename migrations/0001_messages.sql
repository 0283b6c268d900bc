-- Messages and their events, for lists, search, groups, overview and replay.
-- Written by the fan-out consumer (src/history/store.ts), read by src/history and src/subscriptions.
-- A single message with its history is read from its own object, never from here.

-- One row a message: as it was after its newest event. `born` is the receipt of its first event and tells a message
-- from one that expired under the same id.
CREATE TABLE messages (
  source TEXT NOT NULL,
  message_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  born TEXT NOT NULL,
  version INTEGER NOT NULL,
  status TEXT NOT NULL,
  channel TEXT,
  recipient TEXT,
  group_id TEXT,
  reason_code TEXT,
  last_received_at TEXT NOT NULL,
  summary TEXT NOT NULL, -- JSON: what else model/message.ts messageSummarySchema holds; src/history/row.ts
  PRIMARY KEY (source, message_id)
) WITHOUT ROWID;

-- Newest activity first. The only index that every event moves.
CREATE INDEX messages_by_activity ON messages (last_received_at);
CREATE INDEX messages_by_recipient ON messages (recipient) WHERE recipient IS NOT NULL;
CREATE INDEX messages_by_group ON messages (group_id, source) WHERE group_id IS NOT NULL;

-- Other ids of a message, for search.
CREATE TABLE message_aliases (
  alias TEXT NOT NULL,
  source TEXT NOT NULL,
  message_id TEXT NOT NULL,
  PRIMARY KEY (alias, source, message_id)
) WITHOUT ROWID;

-- One row an event, by time of receipt: what replay, overview and retention walk along.
CREATE TABLE events (
  received_at TEXT NOT NULL,
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  message_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  status TEXT NOT NULL,
  effect TEXT NOT NULL,
  repeats INTEGER NOT NULL, -- counted on the message since its event before
  body TEXT NOT NULL, -- JSON: its reason. The event itself is in its message's object
  PRIMARY KEY (received_at, id)
) WITHOUT ROWID;
