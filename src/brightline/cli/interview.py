"""`brightline ask`: the interview on the terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from brightline.cli.layout import Page
from brightline.cli.request import read_request
from brightline.law.corpusfiles import load_law
from brightline.law.errors import BrightlineError
from brightline.law.interview import Interview
from brightline.law.question import Question
from brightline.law.vocabulary import Value

__all__ = ["ask_command"]

_STOP, _BACK, _NOT_SURE = ("q", "quit", "stop"), ("<", "b", "back"), ("?", "not sure", "unsure", "skip", "")


Reply = Callable[[Question], str | None]


def ask_command(args: argparse.Namespace, reply: Reply | None = None) -> int:
    """Ask until the answers are settled, then print them; nothing is kept.

    `reply` answers in place of the keyboard; None as a reply ends the interview.
    """
    law = load_law(args.corpus)
    interview = Interview(read_request(law, args), tuple(args.action) if args.action else None)
    page = Page.for_output()
    print(" Answer with a number or a word.  ? not sure   < back   q stop\n")
    while question := interview.question:
        print(_asked(page, question, len(interview.asked) + 1))
        word = _echoed(question, reply(question)) if reply else _read(question)
        if word is None or word.lower() in _STOP:
            print("\n Stopped: these are the answers as far as the facts go.\n")
            break
        interview = _step(interview, question, word)
    print(page.answers(law, interview.found, interview.answers))
    return 0


def _asked(page: Page, question: Question, number: int) -> str:
    lines = [page.wrapped(f"{number}.", page.paint(question.asks, "1"), 1, 4)]
    if question.is_transient:
        lines.append(page.wrapped("", "Used only to answer; never stored.", 5, 0))
    if question.why:
        lines.append(page.wrapped("", f"Presumed so far: {question.why}", 5, 0))
    for i, value in enumerate(_choices(question), 1):
        note = question.notes.get(str(value), "")
        lines.append(page.wrapped(f"{i:>2}", _words(value) + (f" - {note}" if note else ""), 5, 4))
    if not question.values:
        hint = {
            "int": f"a whole number of {question.unit}",
            "datetime": "such as 2026-01-16T18:05",
            "date": "such as 2026-01-16",
        }[question.kind]
        lines.append(page.wrapped("", f"({hint})", 5, 0))
    return "\n".join(lines)


def _choices(question: Question) -> Sequence[Value]:
    return (True, False) if question.kind == "bool" else question.values


def _words(value: Value) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value).replace("_", " ")


def _read(question: Question) -> str | None:
    sys.stdout.write(" > ")
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        return None
    if not sys.stdin.isatty():
        # A script's answers are echoed, except what must never be shown.
        print("(not shown)" if question.is_transient else line.strip())
    print()
    return line.strip()


def _echoed(question: Question, word: str | None) -> str | None:
    if word is not None:
        print(f" > {'(not shown)' if question.is_transient else word}\n")
    return word


def _step(interview: Interview, question: Question, word: str) -> Interview:
    if word.lower() in _BACK:
        return interview.back()
    if word.lower() in _NOT_SURE:
        return interview.pass_over(question.fact)
    choices = _choices(question)
    value: object = word
    if choices and word.isdigit() and 1 <= int(word) <= len(choices):
        value = choices[int(word) - 1]
    elif question.kind == "enum":
        value = word.strip().lower().replace(" ", "_")
    try:
        return interview.tell(question.fact, value)
    except BrightlineError as error:
        print(f"   {error.message}. {error.help}\n")
        return interview
