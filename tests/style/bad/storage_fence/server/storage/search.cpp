const char* kNewest = "SELECT rowid FROM token WHERE token MATCH ? ORDER BY rowid DESC";
