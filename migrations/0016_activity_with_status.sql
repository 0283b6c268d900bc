-- The index of activity also says what a message shows, so that the overview counts a span from the index alone
-- (src/history/overview/store.ts). The same one row for each event: every event moves its message in this index anyway.
DROP INDEX messages_by_activity;
CREATE INDEX messages_by_activity ON messages (last_received_at, source, message_id, status);
