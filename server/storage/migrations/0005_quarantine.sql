-- Rows found damaged, by name alone (storage/quarantine_table.h). Store's own; what it names stays where it is.
CREATE TABLE quarantine (
  table_name TEXT   NOT NULL,
  row_id     BIGINT NOT NULL,
  row_part   BIGINT NOT NULL, -- second number of a row that takes two, else 0
  found_at   BIGINT NOT NULL,
  what       TEXT   NOT NULL, -- a sentence without anything of the row
  PRIMARY KEY (table_name, row_id, row_part)
);
