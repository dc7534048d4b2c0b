"""The pure folders know no clock, thread, socket, SQL, protobuf, log or random source: time is a parameter,
and the same events give the same commands. They build on the standard library alone."""

import re

from rules.layers import PURE
from source import Fault, code_only, includes, line_at

FORBIDDEN_HEADERS = {
    "clock": ("ctime",),
    "thread": ("thread", "mutex", "shared_mutex", "condition_variable", "future", "semaphore", "latch", "barrier",
               "stop_token", "atomic", "coroutine"),
    "random source": ("random",),
    "file or terminal": ("fstream", "iostream", "filesystem", "syncstream"),
}
FORBIDDEN_NAMES = {
    "clock": r"(?:system|steady|high_resolution|utc|tai|file)_clock|gettimeofday|clock_gettime|localtime(?:_r)?"
             r"|gmtime(?:_r)?|time\s*\((?=\s*(?:nullptr|NULL|0|&))",
    "thread": r"std::(?:jthread|thread|mutex|shared_mutex|recursive_mutex|lock_guard|unique_lock|scoped_lock|atomic\w*"
              r"|condition_variable\w*|future|promise|async)|thread_local|co_await|co_return|co_yield|sleep_for|sleep_until",
    "socket": r"asio|socket\s*\(|recv\s*\(|sockaddr\w*",
    "SQL": r"soci|sqlite3?\w*|PQ[a-z]+[A-Z]\w*|libpq",
    "protobuf": r"protobuf|SerializeTo\w*|ParseFrom\w*",
    "log": r"spdlog|std::(?:cout|cerr|clog)",
    "random source": r"s?rand\s*\(|random_device|mt19937\w*|getrandom|randombytes\w*|arc4random\w*",
    "environment": r"getenv\s*\(",
}
_HEADERS = {name: kind for kind, names in FORBIDDEN_HEADERS.items() for name in names}
_NAMES = re.compile("|".join(rf"(?P<n{i}>(?<![\w.])(?:{pattern})(?:(?<=\()|(?!\w)))" for i, pattern in
                             enumerate(FORBIDDEN_NAMES.values())))


def _header_fault(sign, included):
    if sign == '"':
        return None  # our own: the layers rule looks at these
    if included in _HEADERS:
        return f"<{included}> brings a {_HEADERS[included]} into a pure folder"
    if "." in included or "/" in included:
        return f"<{included}>: a pure folder uses the standard library alone"
    return None


def check(tree):
    kinds = list(FORBIDDEN_NAMES)
    for path in tree.cpp(*(f"server/{folder}/" for folder in PURE)):
        text = tree.read(path)
        for line, sign, included in includes(text):
            reason = _header_fault(sign, included)
            if reason:
                yield Fault(path, line, reason)
        code = re.sub(r"^[ \t]*#[ \t]*include[^\n]*", lambda m: " " * len(m.group(0)), code_only(text), flags=re.M)
        for match in _NAMES.finditer(code):
            kind = kinds[int(match.lastgroup[1:])]
            yield Fault(path, line_at(code, match.start()), f"{match.group(0).strip()}: a pure folder knows no {kind}")
