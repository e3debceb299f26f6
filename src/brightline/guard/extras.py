"""The packages that the guard reads files with: imported only when a file needs one."""

from __future__ import annotations

from types import ModuleType

from brightline.law import extras

__all__ = ["needs"]


def needs(module: str, extra: str = "guard", where: str = "IN") -> ModuleType:
    """The module, imported. Raises: BrightlineError `missing-extra`."""
    return extras.needs(module, extra, where)
