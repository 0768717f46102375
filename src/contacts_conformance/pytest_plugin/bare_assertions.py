"""Whether a check that ends has passed an `assert` statement of its own, whatever the answers were."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any


def certain(function: Callable[..., Any] | None) -> bool:
    """Whether every way through a function that ends without an exception passes a bare `assert`.

    One counts that stands outside loops, conditions and `try`, and before any `return`. False where the source cannot
    be read.
    """
    try:
        source = textwrap.dedent(inspect.getsource(function)) if function is not None else ""
        definition = ast.parse(source).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):
        return False
    return isinstance(definition, ast.FunctionDef) and _passes(definition.body)


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
