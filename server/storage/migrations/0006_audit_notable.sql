-- Broken glasses (18) and alerts of many openings (26) are listed across all records; everything else in the audit
-- trail is found by object or actor. Numbers are those of audit_event.h, which never change.
CREATE INDEX audit_broken_glass ON audit (seq) WHERE action = 18;
CREATE INDEX audit_many_opened ON audit (seq) WHERE action = 26;
