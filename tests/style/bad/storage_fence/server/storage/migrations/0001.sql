-- AUTOINCREMENT in a comment is no fault
INSERT OR IGNORE INTO unit VALUES (1);
