"""Small and plain: files a person reads at one sitting, functions that fit on a screen."""

from __future__ import annotations

import ast

from house_files import CODE, TREE, name, ours, python, text

FILE, A_LOT, FUNCTION = 400, 300, 60


def test_no_file_is_longer_than_400_lines() -> None:
    sizes = sorted(
        ((len(text(f).splitlines()), name(f)) for f in ours() if f.suffix in CODE),
        reverse=True,
    )
    print("\nThe ten largest files:")
    for lines, path in sizes[:10]:
        print(f"{lines:5} {path}{'  (soft limit 300)' if lines > A_LOT else ''}")
    assert not [f"{path}: {lines} lines" for lines, path in sizes if lines > FILE]


def test_no_function_is_longer_than_60_lines() -> None:
    long = [
        f"{path}: {node.name} has {length} lines"
        for path, module in python()
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION
    ]
    assert not long


def test_the_tree_is_where_it_is_thought_to_be() -> None:
    assert (TREE / "pyproject.toml").is_file()
    assert len(ours()) > 100
