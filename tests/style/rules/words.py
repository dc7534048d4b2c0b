"""One word per concept (DESIGN §3), and nothing in the repository that belongs to one machine."""

import re

from source import Fault, code_only, line_at

# word in an identifier -> what we say instead
BANNED = {"agent": "worker", "ticket": "referral", "member": "worker or caller", "manager": "what it does",
          "helper": "what it does", "util": "what it does"}
# Names that other people's interfaces force on us.
FOREIGN = re.compile(r"user_agent|is_member\w*|IsMember|SSL_\w+")
CODE = (".h", ".cpp", ".proto", ".ts", ".svelte", ".sql")
_IDENTIFIER = re.compile(r"\b[A-Za-z_]\w*\b")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

MACHINE = (
    (re.compile(r"(?<![\w.>}/])/(?:home|Users|work)/\w"), "an absolute path of one machine"),
    (re.compile(r"(?<![\w.>}/])/root/\w"), "an absolute path of one machine"),
    (re.compile(r"\bregistry\.[a-z0-9-]+\.[a-z]{2,}"), "the host of a package registry"),
    (re.compile(r"\b(?:pypi\.org|pythonhosted\.org|crates\.io|proxy\.golang\.org)\b(?!\\)"), "the host of a package registry"),
)
_TEXT = (".md", ".txt", ".cmake", ".json", ".toml", ".service", ".yml", ".sh", ".py", ".csv") + CODE


def _identifier_faults(path, text):
    code = code_only(text, keep_strings=path.endswith(".sql"))
    for match in _IDENTIFIER.finditer(code):
        name = match.group(0)
        if FOREIGN.fullmatch(name):
            continue
        for part in _PART.findall(name):
            word = part.lower().removesuffix("s")
            if word in BANNED:
                yield Fault(path, line_at(code, match.start()), f"{name}: say {BANNED[word]} instead of {word}")


def _file_name_faults(path):
    for part in _PART.findall(path.rsplit("/", 1)[-1]):
        word = part.lower().removesuffix("s")
        if word in BANNED:
            yield Fault(path, 1, f"the file name says {word}; say {BANNED[word]}")


def check(tree):
    for path in tree.paths:
        last = path.rsplit("/", 1)[-1]
        if path.endswith(CODE):
            yield from _file_name_faults(path)
        if not path.endswith(_TEXT) and "." in last.lstrip("."):
            continue
        text = tree.read(path)
        if path.endswith(CODE):
            yield from _identifier_faults(path, text)
        if path == "tests/style/rules/words.py":
            continue  # names what it looks for
        for pattern, what in MACHINE:
            for match in pattern.finditer(text):
                yield Fault(path, line_at(text, match.start()), f"{match.group(0)}…: {what}")
