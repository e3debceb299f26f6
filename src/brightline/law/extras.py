"""Packages that not everybody installs: imported when they are needed, and named with the line that installs them."""

from __future__ import annotations

import importlib
from types import ModuleType

from brightline.law.errors import BrightlineError

__all__ = ["needs"]

_NAMES = {
    "altair": "Altair",
    "charset_normalizer": "charset-normalizer",
    "docx": "python-docx",
    "duckdb": "DuckDB",
    "lxml": "lxml",
    "pyarrow": "Apache Arrow",
    "pyspark": "PySpark",
}


def needs(module: str, extra: str, where: str = "IN") -> ModuleType:
    """The module, imported. Raises: BrightlineError `missing-extra`."""
    try:
        return importlib.import_module(module)
    except ImportError:
        root = module.partition(".")[0]
        raise BrightlineError(
            "missing-extra",
            f"this needs {_NAMES.get(root, root)}",
            f"install it: pip install 'brightline[{extra}]'",
            where,
        ) from None
