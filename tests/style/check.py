#!/usr/bin/env python3
"""Style test: one rule per run, so that each counts as one test.

    check.py RULE [--root DIR]     faults as path:line: sentence; exit 1 when there are any
    check.py --self-test RULE      the rule must find exactly what tests/style/bad/RULE/expected.txt names
    check.py --update              lowers the ratchet to today's counts; it never raises one
    check.py --list                names the rules
"""

import argparse
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))

from rules import clang_format, coroutines, layers, purity, ratchet, storage_fence, top_level, words  # noqa: E402
from source import Tree  # noqa: E402

RULES = {
    "layers": layers.check,
    "purity": purity.check,
    "ratchet": ratchet.check,
    "coroutines": coroutines.check,
    "storage_fence": storage_fence.check,
    "top_level": top_level.check,
    "clang_format": clang_format.check,
    "words": words.check,
}
HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent


def run_rule(name, root):
    faults = sorted(set(RULES[name](Tree(root))))
    for fault in faults:
        print(fault)
    print(f"{name}: {len(faults)} faults" if faults else f"{name}: clean")
    return 1 if faults else 0


def self_test(name):
    """A rule that misses a planted fault, or sees one where none is, would guard nothing."""
    example = HERE / "bad" / name
    expected = {line for line in (example / "expected.txt").read_text().splitlines() if line}
    found = {fault.place() for fault in RULES[name](Tree(example, ["expected.txt"]))}
    for place in sorted(expected - found):
        print(f"{name} overlooks the planted fault at {place}")
    for place in sorted(found - expected):
        print(f"{name} complains about {place}, which is in order")
    if not expected:
        print(f"{name} has no planted fault")
    return 0 if expected and found == expected else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rule", nargs="?", choices=sorted(RULES))
    parser.add_argument("--root", default=REPOSITORY, type=pathlib.Path)
    parser.add_argument("--self-test", metavar="RULE", choices=sorted(RULES))
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--list", action="store_true")
    words_given = parser.parse_args()
    if words_given.list:
        print("\n".join(RULES))
        return 0
    if words_given.update:
        return ratchet.update(Tree(words_given.root))
    if words_given.self_test:
        return self_test(words_given.self_test)
    if not words_given.rule:
        parser.error("name a rule, --self-test RULE, --update or --list")
    return run_rule(words_given.rule, words_given.root)


if __name__ == "__main__":
    sys.exit(main())
