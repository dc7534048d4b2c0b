"""Coroutine shapes that some compilers get wrong or that outlive their captures: nothing but names and plain
strings inside a co_await expression, no co_await in ?:, no captures in a lambda that is a coroutine."""

import re

from source import Fault, code_only, line_at

_OPEN, _CLOSE = "([{", ")]}"
_CAPTURING_COROUTINE = re.compile(
    r"(?<![\w\])])\[(?!\s*\])[^\[\]]*\]\s*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)\s*)?(?:mutable\s*)?(?:noexcept\s*)?"
    r"->\s*[\w:]*\bawaitable\s*<")


def expression_end(code, start):
    """Where the expression that begins at `start` ends: at ; or , or a bracket that closes what came before."""
    depth = 0
    for at in range(start, len(code)):
        sign = code[at]
        if sign in _OPEN:
            depth += 1
        elif sign in _CLOSE:
            depth -= 1
            if depth < 0:
                return at
        elif sign in ";," and depth == 0:
            return at
    return len(code)


def statement_around(code, at):
    start = max(code.rfind(sign, 0, at) for sign in ";{}") + 1
    ends = [end for end in (code.find(sign, at) for sign in ";{}") if end >= 0]
    return code[start:min(ends, default=len(code))]


def stands_in_braced_list(code, at):
    """`f({co_await x})`, `v = {co_await x}`: the innermost open bracket is a brace that no block opens."""
    depth = 0
    for back in range(at - 1, -1, -1):
        sign = code[back]
        if sign in _CLOSE:
            depth += 1
        elif sign in _OPEN:
            if depth:
                depth -= 1
                continue
            before = code[:back].rstrip()
            return sign == "{" and (before.endswith(("=", "(", ",")) or bool(re.search(r"\breturn$", before)))
        elif sign == ";" and depth == 0:
            return False
    return False


def spawned_lambda_captures(code, at):
    """The second argument of co_spawn( at `at` is a lambda with captures."""
    comma = expression_end(code, at)
    argument = code[comma + 1:comma + 200].lstrip() if code[comma:comma + 1] == "," else ""
    return bool(re.match(r"\[(?!\s*\])[^\[\]]*\]", argument))


def check(tree):
    for path in tree.cpp():
        code = code_only(tree.read(path))
        for match in re.finditer(r"\bco_await\b", code):
            line = line_at(code, match.start())
            expression = code[match.end():expression_end(code, match.end())]
            if "{" in expression:
                yield Fault(path, line, "braces or a lambda inside a co_await expression: bind them to a named local first")
            if re.search(r"\?[^?]*:", statement_around(code, match.start())):
                yield Fault(path, line, "co_await in ?: is destroyed twice by some compilers: write an if")
            if stands_in_braced_list(code, match.start()):
                yield Fault(path, line, "co_await in a braced list: await into a named local first")
        for match in re.finditer(r"\bco_spawn\s*\(", code):
            if spawned_lambda_captures(code, match.end()):
                yield Fault(path, line_at(code, match.start()), "a spawned lambda may not capture: pass parameters")
        for match in _CAPTURING_COROUTINE.finditer(code):
            yield Fault(path, line_at(code, match.start()), "a coroutine lambda's captures die with it: pass parameters")
