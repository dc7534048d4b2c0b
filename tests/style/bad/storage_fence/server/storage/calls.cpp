// soci::row in a comment is no fault.
void read(soci::session& sql) {
  soci::row row;
  soci::blob sealed(sql);
  sql << "INSERT OR REPLACE INTO call VALUES (1)";
  sql << "CREATE TABLE call (id INTEGER PRIMARY KEY AUTOINCREMENT)";
  sql << "SELECT rowid FROM call";
  sql << "INSERT INTO call VALUES (1) ON CONFLICT DO NOTHING";
  soci::rowset<soci::row> rows = (sql.prepare << "SELECT id FROM call");
}
