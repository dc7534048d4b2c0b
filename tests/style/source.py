"""The files of a tree, and C++ text with comments and strings blanked so that rules see code only."""

import dataclasses
import pathlib
import re
import shutil
import subprocess

CPP = (".h", ".cpp")
SKIPPED_FOLDERS = {".git", "node_modules", "__pycache__", ".quickstart"}
# The planted faults of the self-tests are not our code.
PLANTED = "tests/style/bad/"


@dataclasses.dataclass(frozen=True, order=True)
class Fault:
    path: str
    line: int
    reason: str

    def place(self):
        return f"{self.path}:{self.line}"

    def __str__(self):
        return f"{self.path}:{self.line}: {self.reason}"


class Tree:
    """Paths are relative to the root and use '/'. Files that git ignores are not part of the tree."""

    def __init__(self, root, leave_out=()):
        self.root = pathlib.Path(root).resolve()
        self.paths = sorted(p for p in self._list() if not p.startswith(PLANTED) and p not in leave_out)

    def _list(self):
        if (self.root / ".git").exists() and shutil.which("git"):
            listing = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                                     cwd=self.root, capture_output=True, check=False)
            if listing.returncode == 0:
                names = listing.stdout.decode().split("\0")
                return [name for name in names if name and (self.root / name).is_file()]
        return list(self._walk())

    def _walk(self):
        for path in self.root.rglob("*"):
            relative = path.relative_to(self.root)
            if any(part in SKIPPED_FOLDERS or part.startswith("build") for part in relative.parts[:-1]):
                continue
            if path.is_file():
                yield relative.as_posix()

    def read(self, path):
        return (self.root / path).read_text(encoding="utf-8", errors="replace")

    def cpp(self, *prefixes):
        return [p for p in self.paths if p.endswith(CPP) and (not prefixes or p.startswith(prefixes))]


_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^()\\ ]{0,16})\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'", re.S)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def code_only(text, keep_strings=False):
    """Comments (and strings) become spaces; every remaining character keeps its place."""
    def replace(match):
        found = match.group(0)
        if found.startswith("/"):
            return _blank(found)
        if keep_strings:
            return found
        return found[0] + _blank(found[1:-1]) + found[-1] if found[0] in "\"'" else _blank(found)
    return _TOKEN.sub(replace, text)


def line_at(text, offset):
    return text.count("\n", 0, offset) + 1


_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)


def includes(text):
    """(line, opening sign, path) of each include that is not commented out."""
    code = code_only(text, keep_strings=True)
    return [(line_at(code, m.start(1)), m.group(1), m.group(2)) for m in _INCLUDE.finditer(code)]
