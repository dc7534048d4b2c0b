-- Who goes on with a number (续接), and what is learned of it. NULL in older rows: no, or nobody.
ALTER TABLE contact ADD COLUMN same_worker SMALLINT;
ALTER TABLE call ADD COLUMN last_worker_id BIGINT; -- who was to go on with the number when it called
CREATE INDEX contact_learned ON contact (city_id, finalised_at, id, caller_index, answered_by, same_worker, language)
  WHERE caller_index IS NOT NULL;
