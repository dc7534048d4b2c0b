"""Most files stay under 350 lines and most functions under 35. How many do not is written in ratchet.json, per
area; the counts may only fall. `check.py --update` lowers them after a clean-up."""

import json
import re

from source import Fault, code_only, line_at

FILE_LINES_MAX = 350
FUNCTION_LINES_MAX = 35
AREAS = ("server/", "clients/", "tests/")
COUNTED = (".h", ".cpp", ".py", ".proto")
RECORD = "tests/style/ratchet.json"
_NOT_A_FUNCTION = re.compile(r"\b(?:class|struct|union|enum|namespace|concept)\b(?![^()]*\()|\bextern\s*$|=\s*$")


def functions(text):
    """(first line, lines) of each outermost function body in text laid out by clang-format; lambdas count with
    the function that holds them, and a control statement's braces never stand outside one."""
    code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), code_only(text), flags=re.M)
    depth_inside, head_start, opened = 0, 0, None
    for at, sign in enumerate(code):
        if sign == "{":
            if depth_inside:
                depth_inside += 1
            elif _opens_function(code[head_start:at]):
                depth_inside = 1
                opened = head_start + len(code[head_start:at]) - len(code[head_start:at].lstrip())
            else:
                head_start = at + 1
        elif sign == "}":
            if depth_inside:
                depth_inside -= 1
                if depth_inside == 0:
                    first, last = line_at(code, opened), line_at(code, at)
                    yield first, last - first + 1
            head_start = at + 1 if not depth_inside else head_start
        elif sign == ";" and not depth_inside:
            head_start = at + 1


def _opens_function(head):
    head = re.sub(r"\b(?:public|private|protected)\s*:", " ", head)
    return "(" in head and not _NOT_A_FUNCTION.search(head)


def measure(tree):
    """area -> {"files": faults, "functions": faults}"""
    found = {area.rstrip("/"): {"files": [], "functions": []} for area in AREAS}
    for path in tree.paths:
        area = path.split("/")[0]
        if area not in found or not path.endswith(COUNTED):
            continue
        text = tree.read(path)
        lines = text.count("\n")
        if lines > FILE_LINES_MAX:
            found[area]["files"].append(Fault(path, 1, f"{lines} lines, more than {FILE_LINES_MAX}"))
        if path.endswith((".h", ".cpp")):
            for line, length in functions(text):
                if length > FUNCTION_LINES_MAX:
                    found[area]["functions"].append(
                        Fault(path, line, f"a function of {length} lines, more than {FUNCTION_LINES_MAX}"))
    return found


def _recorded(tree):
    try:
        return json.loads(tree.read(RECORD))
    except FileNotFoundError:
        return {}


def check(tree):
    recorded = _recorded(tree)
    for area, kinds in measure(tree).items():
        for kind, faults in kinds.items():
            allowed = recorded.get(area, {}).get(kind, 0)
            if len(faults) > allowed:
                print(f"{area}: {len(faults)} {kind} are too long, {allowed} were; shorten one of these")
                yield from faults
            elif len(faults) < allowed:
                print(f"{area}: {kind} too long fell from {allowed} to {len(faults)}; run tests/style/check.py --update")


def update(tree):
    recorded = _recorded(tree)
    now = {area: {kind: len(faults) for kind, faults in kinds.items()} for area, kinds in measure(tree).items()}
    for area, kinds in now.items():
        for kind, count in kinds.items():
            before = recorded.get(area, {}).get(kind, count)
            if count > before:
                print(f"{area}: {count} {kind} are too long, {before} were; the record is not raised")
            kinds[kind] = min(count, before)
    (tree.root / RECORD).write_text(json.dumps(now, indent=2) + "\n")
    return 0
