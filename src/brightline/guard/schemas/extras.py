"""The packages that read schemas, imported only when a file needs one."""

from __future__ import annotations

import importlib
from typing import Any

from brightline.law.errors import BrightlineError

__all__ = ["needed"]


def needed(module: str, what: str) -> Any:
    """A module of the extra `guard`. Raises: BrightlineError `missing-extra`."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise BrightlineError(
            "missing-extra",
            f"{what} needs the package `{module.partition('.')[0]}`, which is not installed",
            "pip install 'brightline[guard]'",
        ) from None
