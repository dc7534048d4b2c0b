-- What only SQLite has. FTS5 without content: it holds keyed tokens and places, never text. detail=none
-- keeps no positions: a longer term is the AND of its pairs and is checked on the opened row.
CREATE VIRTUAL TABLE search_text USING fts5(tokens, content='', detail='none', columnsize=0, tokenize='ascii');
