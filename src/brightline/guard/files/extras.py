"""Packages that not everybody installs: imported when they are needed, and named with the line that installs them."""

from __future__ import annotations

import importlib
from types import ModuleType

from brightline.law.errors import BrightlineError

__all__ = ["needs"]

_NAMES = {"pyarrow.parquet": "Apache Arrow", "duckdb": "DuckDB", "psycopg": "psycopg", "lxml.etree": "lxml"}


def needs(module: str, extra: str = "guard", where: str = "IN") -> ModuleType:
    """The module, imported. Raises: BrightlineError `missing-extra`."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise BrightlineError(
            "missing-extra",
            f"this needs {_NAMES.get(module, module)}",
            f"install it: pip install 'brightline[{extra}]'",
            where,
        ) from None
