"""The top level of the repository stays readable at a glance; documents live in folder READMEs."""

from source import Fault

FOLDERS = {"server", "proto", "clients", "tests", "deploy"}
FILES = {"CMakeLists.txt", "README.md"}


def check(tree):
    for path in tree.paths:
        first, _, rest = path.partition("/")
        if first.startswith(".") or first in (FOLDERS if rest else FILES):
            continue
        yield Fault(path, 1, f"{first} does not belong at the top level ({', '.join(sorted(FOLDERS | FILES))}, dotfiles)")
