"""Real requests that are shipped with the program, for a first look and for the pages: see NOTICE.md beside them."""

from pathlib import Path

__all__ = ["EXTRACTS"]

EXTRACTS = Path(__file__).parent
