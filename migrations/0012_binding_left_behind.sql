-- A key that goes leaves its binding to the subscriptions it made: what it was narrowed to holds on, in
-- subscriptions.maker_sources. A trigger, so that there is no moment with neither; src/keys deletes, src/subscriptions reads.
CREATE TRIGGER keys_leave_their_binding BEFORE DELETE ON keys WHEN OLD.sources IS NOT NULL
BEGIN
  UPDATE subscriptions SET maker_sources = iif(maker_sources IS NULL, OLD.sources,
    (SELECT json_group_array(kept.value) FROM json_each(subscriptions.maker_sources) AS kept
     WHERE kept.value IN (SELECT value FROM json_each(OLD.sources))))
  WHERE maker_key_id = OLD.id;
END;
