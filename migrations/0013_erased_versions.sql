-- How far the message had come when it was erased: what comes later in a life that was not let go after all is kept.
-- Written and read by src/history/erasure/store.ts. Traces from before stand for the whole life.
ALTER TABLE erasures ADD COLUMN version INTEGER NOT NULL DEFAULT 1000000;
