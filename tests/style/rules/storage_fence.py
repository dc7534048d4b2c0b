"""Fences around SOCI and SQLite: each of these works on one store and loses data or fails on the other."""

import re

from source import Fault, code_only, line_at

FENCES = (
    (r"\bsoci::row\b|\browset\s*<\s*(?:soci::)?row\s*>", "soci::row cuts 64-bit integers to 32 on SQLite; use static into()"),
    (r"\bsoci::blob\b", "soci::blob means something else on each store; keep ciphertext as base64url text"),
    (r"\bINSERT\s+OR\s+\w+", "INSERT OR is SQLite's own; write ON CONFLICT"),
    (r"\bAUTOINCREMENT\b", "AUTOINCREMENT is SQLite's own; ids come from the service"),
)
ROWID = (r"\browid\b", "rowid is SQLite's own; only search, behind its port, may use it")
SEARCH = re.compile(r"server/storage/(?:\w+_)?search")


def check(tree):
    for path in tree.paths:
        if not path.startswith(("server/", "clients/")) or not path.endswith((".h", ".cpp", ".sql")):
            continue
        text = tree.read(path)
        code = re.sub(r"--[^\n]*", lambda m: " " * len(m.group(0)), text) if path.endswith(".sql") else \
            code_only(text, keep_strings=True)
        for pattern, reason in FENCES if SEARCH.match(path) else FENCES + (ROWID,):
            for match in re.finditer(pattern, code, re.I):
                yield Fault(path, line_at(code, match.start()), reason)
