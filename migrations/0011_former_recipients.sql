-- Recipients that a message once had and no longer shows: a corrected number, another channel. Erasure must find the
-- message under each of them. Written by the fan-out consumer (src/history/store.ts) where one changes, which is rare;
-- read by src/history/erasure/store.ts; goes with its message.
CREATE TABLE former_recipients (
  recipient TEXT NOT NULL,
  source TEXT NOT NULL,
  message_id TEXT NOT NULL,
  PRIMARY KEY (recipient, source, message_id)
) WITHOUT ROWID;
