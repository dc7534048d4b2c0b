-- What replays of the journal compare (decision 20). NULL in rows written before this step.

ALTER TABLE journal ADD COLUMN core TEXT;         -- first event of a start: how routing's core was born
ALTER TABLE journal ADD COLUMN commands BIGINT;   -- digest of what routing answered
ALTER TABLE journal ADD COLUMN state_hash BIGINT; -- of routing's state after the event: at starts, midnights, every 1,000th
CREATE INDEX journal_start ON journal (city_id, at, seq) WHERE core IS NOT NULL;
