-- Recipients that somebody had erased: their messages go, also those that were recorded by then and reach the tables later.
-- Written by POST /v1/erasures (src/history/erasure/store.ts), read by it and, every minute, by the cron
-- (src/erasure/consumer.ts). A row goes a day later.
CREATE TABLE recipient_erasures (
  recipient TEXT NOT NULL,
  asked_by TEXT NOT NULL, -- the key's id
  asked_at TEXT NOT NULL, -- what is born later is not meant
  sources TEXT,           -- JSON: those that the key sees; null: all
  PRIMARY KEY (recipient, asked_by)
) WITHOUT ROWID;
