-- Counts per minute, for the overview. Written by the cron (src/history/overview/store.ts) from `events`, each minute
-- twice: when it is over, and an hour later for what came late; a minute not yet here is counted from `events`.
CREATE TABLE rollups (
  minute TEXT NOT NULL,  -- 2026-11-21T10:00
  source TEXT NOT NULL,
  measure TEXT NOT NULL, -- status, effect, repeats, reason, sentToDelivered, deliveredToRead
  bucket TEXT NOT NULL,  -- the status, the effect, a reason as JSON, a latency's upper bound in seconds
  count INTEGER NOT NULL,
  PRIMARY KEY (minute, source, measure, bucket)
) WITHOUT ROWID;
