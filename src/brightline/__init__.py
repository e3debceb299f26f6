"""Brightline: what the law requires, prohibits and permits when a federal immigration request comes in.

Not legal advice: counsel of the jurisdiction signs off every norm before it ships, and every answer says whom it cites.
"""

from brightline.law import (
    Answer,
    Answers,
    BrightlineError,
    Interview,
    Law,
    Situation,
    answer,
    ask,
    load_law,
    situation,
)

__all__ = [
    "Answer",
    "Answers",
    "BrightlineError",
    "Interview",
    "Law",
    "Situation",
    "answer",
    "ask",
    "load_law",
    "situation",
]
__version__ = "0.1.0"
