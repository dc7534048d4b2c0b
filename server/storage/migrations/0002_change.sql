-- The stream of committed batches: what backups ship and the spool repeats. Store's own; written in the batch's
-- own transaction, pruned once shipped. The newest row always stays: its number is that of the last batch.
CREATE TABLE change (
  seq    BIGINT NOT NULL PRIMARY KEY, -- of the batch; rises, a failed batch leaves a gap
  at     BIGINT NOT NULL,             -- product time of the batch
  record TEXT   NOT NULL              -- sealed change record (storage/change_record.h)
);
