"""The engine: reading the law, compiling it, answering, explaining, asking. It names no law, place or action."""

from brightline.law.answering import Answer, Answers, Basis, answer, answer_situation
from brightline.law.corpusfiles import CORPUS, load_law
from brightline.law.duties import Duty
from brightline.law.errors import BrightlineError
from brightline.law.evaluate import Defeat, Verdict, evaluate
from brightline.law.interview import Interview, ask
from brightline.law.library import Law, Stack
from brightline.law.question import Question
from brightline.law.sensitivity import Change, Contest, Presumed
from brightline.law.situation import Situation, Transient, parse_value, situation

__all__ = [
    "CORPUS",
    "Answer",
    "Answers",
    "Basis",
    "BrightlineError",
    "Change",
    "Contest",
    "Defeat",
    "Duty",
    "Interview",
    "Law",
    "Presumed",
    "Question",
    "Situation",
    "Stack",
    "Transient",
    "Verdict",
    "answer",
    "answer_situation",
    "ask",
    "evaluate",
    "load_law",
    "parse_value",
    "situation",
]
