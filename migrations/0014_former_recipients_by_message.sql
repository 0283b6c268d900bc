-- What a message leaves behind is found by the message, too: retention asks every minute (src/history/retention/store.ts),
-- erasure for each message (src/history/erasure/store.ts). A row more where a recipient changes, which is rare.
CREATE INDEX former_recipients_by_message ON former_recipients (source, message_id);
