"""Every public class, function and method says in a sentence what it is for."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

import kittiwake

# Declared for Django, which asks for the class and calls it by its own rules.
DECLARED = ("apps", "migrations", "__main__", "wsgi")


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(kittiwake.__path__, "kittiwake."):
        if not set(found.name.split(".")) & {*DECLARED, "tests"}:
            yield importlib.import_module(found.name)


def public(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """What a module offers of its own: its classes and functions, and the methods of classes."""
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", "") != module.__name__:
            continue
        if inspect.isclass(thing):
            yield f"{module.__name__}.{name}", thing
            yield from methods(thing)
        elif isinstance(thing, FunctionType) and thing.__name__ == name:
            yield f"{module.__name__}.{name}", thing


def methods(cls: type[Any]) -> Iterator[tuple[str, Any]]:
    """Its own methods, but those that do for this class what a base says they are for."""
    for name, thing in vars(cls).items():
        inherited = any(name in vars(base) for base in cls.__mro__[1:])
        function = thing.fget if isinstance(thing, property) else inspect.unwrap(thing)
        is_ours = isinstance(function, FunctionType | classmethod | staticmethod)
        if is_ours and not name.startswith("_") and not inherited:
            yield f"{cls.__module__}.{cls.__qualname__}.{name}", function


def test_everything_public_says_what_it_is_for() -> None:
    silent = [
        where for m in modules() for where, thing in public(m) if not (thing.__doc__ or "").strip()
    ]
    assert not silent
