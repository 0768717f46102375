"""Whether a check that ends has passed an `assert` statement of its own, whatever the answers were."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any


def certain(function: Callable[..., Any] | None) -> bool:
    """Whether every way through a function that ends without an exception passes a bare `assert`.

    One counts that stands outside loops, conditions and `try`, and before any `return`. False where the source cannot
    be read.
    """
    code = getattr(inspect.unwrap(function), "__code__", None) if function is not None else None
    try:
        source = Path(code.co_filename).read_bytes() if code is not None else b""
        return code is not None and _functions(source).get(code.co_firstlineno, False)
    except (OSError, SyntaxError, ValueError):
        return False


@lru_cache(maxsize=8)  # checks come file by file
def _functions(source: bytes) -> dict[int, bool]:
    """Whether each function of a file, and of its classes, passes an assertion whenever it ends, by its first line,
    which is that of its first decorator."""
    body = ast.parse(source).body
    inside = [node for each in body if isinstance(each, ast.ClassDef) for node in each.body]
    found = [node for node in (*body, *inside) if isinstance(node, ast.FunctionDef)]
    return {min([f.lineno, *(d.lineno for d in f.decorator_list)]): _passes(f.body) for f in found}


def _passes(statements: list[ast.stmt]) -> bool:
    for statement in statements:
        if isinstance(statement, ast.Assert):
            return True
        if isinstance(statement, ast.With):
            if not _names_a_requirement(statement) and _passes(statement.body):
                return True
        elif any(isinstance(node, ast.Return) for node in ast.walk(statement)):
            return False
    return False


def _names_a_requirement(statement: ast.With) -> bool:
    """Whether it is a `with judge(...)`, whose assertions are about that one requirement."""
    called = [i.context_expr.func for i in statement.items if isinstance(i.context_expr, ast.Call)]
    return any(isinstance(f, ast.Name) and f.id == "judge" for f in called)
