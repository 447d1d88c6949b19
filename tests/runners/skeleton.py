"""The shape of Python files without names and texts; argument: a folder. One JSON line a file: its path, and the shape of each statement."""

import ast
import json
import pathlib
import sys


def shape(node):
    if isinstance(node, ast.Constant):
        return type(node.value).__name__
    if isinstance(node, list):
        return "[" + ",".join(shape(item) for item in node if not is_docstring(item)) + "]"
    if not isinstance(node, ast.AST):
        return "_" if isinstance(node, str) else repr(node)
    parts = ",".join(shape(getattr(node, field, None)) for field in node._fields)
    return f"{type(node).__name__}({parts})"


def is_docstring(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


folder = pathlib.Path(sys.argv[1])
for path in sorted(folder.rglob("*.py")):
    body = ast.parse(path.read_bytes()).body
    print(json.dumps([str(path.relative_to(folder)), [shape(node) for node in body if not is_docstring(node)]]))
