"""C++ is laid out by clang-format 19 with the repository's .clang-format."""

import re
import shutil
import subprocess

from source import Fault

PROGRAM = "clang-format-19"
_REPORT = re.compile(r"^(.+?):(\d+):\d+: error: ", re.M)


def check(tree):
    if not shutil.which(PROGRAM):
        yield Fault("tests/style/rules/clang_format.py", 1, f"{PROGRAM} is absent: run deploy/install-packages test")
        return
    files = tree.cpp()
    for start in range(0, len(files), 100):
        run = subprocess.run([PROGRAM, "--style=file", "--dry-run", "-Werror", *files[start:start + 100]], cwd=tree.root,
                             capture_output=True, text=True, check=False)
        for path, line in _REPORT.findall(run.stderr):
            yield Fault(path, int(line), f"not laid out as {PROGRAM} does: run {PROGRAM} -i {path}")
        if run.returncode and not _REPORT.search(run.stderr):
            yield Fault("tests/style/rules/clang_format.py", 1, run.stderr.strip().splitlines()[-1])
