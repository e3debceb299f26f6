"""`brightline replay map suggest`: a proposal for a map, printed for a person to read and correct."""

from __future__ import annotations

import argparse
from pathlib import Path

from brightline.law.corpusfiles import load_law
from brightline.replay.maps.suggest import suggest_map

__all__ = ["suggest_command"]


def suggest_command(args: argparse.Namespace) -> int:
    """Print the proposal. Raises: BrightlineError."""
    print(suggest_map(Path(args.path), load_law(args.corpus).vocabulary), end="")
    return 0
