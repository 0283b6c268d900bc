-- Answers to creating requests that carried an Idempotency-Key, for 24 hours. Written and read by src/http.
CREATE TABLE idempotent_requests (
  id TEXT PRIMARY KEY, -- hash of who asked, where, and under which Idempotency-Key
  fingerprint TEXT NOT NULL, -- keyed hash of the body
  answer TEXT, -- sealed JSON of status, headers and body; null while the first request is at work
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- For forgetting.
CREATE INDEX idempotent_requests_by_age ON idempotent_requests (created_at);
