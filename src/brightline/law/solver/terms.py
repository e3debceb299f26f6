"""Facts, readings and conditions as Z3 terms, and the questions put to Z3 about them.

A yes-or-no fact is one Boolean constant, an enum or a reading one for each of its values, of which exactly one is
true, and a number one for each point with which the law compares it, true below that point. Everything is thus
propositional, and Z3 decides it or reaches its limit of work: it never guesses.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from brightline.law.chart import Variable
from brightline.law.errors import BrightlineError
from brightline.law.vocabulary import Expression, Value, Vocabulary

__all__ = ["HOW_TO_INSTALL", "NOT_COUNTED", "Asker", "Term", "Terms", "has_solver", "refused_words"]

# A term, a model or a solver of Z3; the package has no types, and is loaded only when a diagram outgrew its budget.
Term = Any
NOT_COUNTED = "decided by Z3, which finds situations and does not count them"
HOW_TO_INSTALL = "run `pip install 'brightline[solver]'`, so that Z3 decides what a diagram cannot hold"
# Z3's own unit of work, the same on every machine: for all questions about one action, some minutes together.
MOST_WORK = 200_000_000


def refused_words(why: str, error: BrightlineError) -> str:
    """Why an action is refused: its diagram outgrew the budget, and Z3 is not there or reached its limit.

    Raises: the error, if it is another.
    """
    if error.code not in ("missing-extra", "solver-limit"):
        raise error
    return f"{why}; {error.help if error.code == 'missing-extra' else error.message}"


def has_solver() -> bool:
    """Whether Z3 is installed."""
    return find_spec("z3") is not None


class Terms:
    """The constants of one question and the terms over them, in a context of their own, so that answers repeat.

    A constant belongs to a name and a `tag`: another tag is another copy of the same fact or reading. `axioms` say which
    constants cannot be true together; they grow as constants are made.

    Raises: BrightlineError `missing-extra` if Z3 is not installed.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        if not has_solver():
            raise BrightlineError("missing-extra", "the solver needs Z3", HOW_TO_INSTALL)
        self.z3 = import_module("z3")
        self.context = self.z3.Context()
        self.axioms: list[Term] = []
        self._vocabulary = vocabulary
        self._choices: dict[tuple[str, str], dict[Value, Term]] = {}
        self._points: dict[tuple[str, str], dict[int, Term]] = {}
        self._order: dict[tuple[str, str], list[int]] = {}
        self._conditions: dict[Expression, Term] = {}
        self._classes: dict[tuple[str, tuple[int, ...]], Term] = {}

    # Words ---------------------------------------------------------------------------------------
    def truth(self, value: bool) -> Term:
        """The constant true or false."""
        return self.z3.BoolVal(value, self.context)

    def every(self, parts: Iterable[Term]) -> Term:
        """All of some terms; true if there are none."""
        listed = list(parts)
        return self.z3.And(listed) if len(listed) > 1 else listed[0] if listed else self.truth(True)

    def some(self, parts: Iterable[Term]) -> Term:
        """One of some terms; false if there are none."""
        listed = list(parts)
        return self.z3.Or(listed) if len(listed) > 1 else listed[0] if listed else self.truth(False)

    def no(self, part: Term) -> Term:
        """The opposite of a term."""
        return self.z3.Not(part)

    # Constants -----------------------------------------------------------------------------------
    def choice(self, name: str, tag: str = "") -> Mapping[Value, Term]:
        """What says that an enum, a yes-or-no fact or a reading has each of its values."""
        if (name, tag) not in self._choices:
            self._choices[name, tag] = self._chosen(name, tag)
        return self._choices[name, tag]

    def _chosen(self, name: str, tag: str) -> dict[Value, Term]:
        reading = self._vocabulary.readings.get(name)
        domain: Sequence[Value] = reading.values if reading else self._vocabulary.facts[name].domain
        if tuple(domain) == (False, True):
            constant = self.z3.Bool(f"{name}{tag}", self.context)
            return {True: constant, False: self.no(constant)}
        found = {value: self.z3.Bool(f"{name}{tag}={value}", self.context) for value in domain}
        self.axioms.append(self.z3.PbEq([(constant, 1) for constant in found.values()], 1))
        return found

    def below(self, name: str, point: int, tag: str = "") -> Term:
        """What says that a number is below a point."""
        points = self._points.setdefault((name, tag), {})
        if point not in points:
            points[point] = self.z3.Bool(f"{name}{tag}<{point}", self.context)
            order = self._order.setdefault((name, tag), [])
            at = bisect_left(order, point)
            for lower, higher in zip((*order[at - 1 : at], point), (point, *order[at : at + 1]), strict=False):
                if lower != higher:
                    self.axioms.append(self.z3.Implies(points[lower], points[higher]))
            insort(order, point)
        return points[point]

    def is_number(self, name: str) -> bool:
        """Whether a name is that of a number."""
        return name in self._vocabulary.facts and self._vocabulary.facts[name].kind == "int"

    def constants(self, name: str, tag: str = "") -> list[Term]:
        """The constants of a name that have been made; for a tag, those that its first copy has."""
        if self.is_number(name):
            return [self.below(name, point, tag) for point in self._order.get((name, ""), ())]
        chosen = self.choice(name, tag)
        return [chosen[True]] if True in chosen else list(chosen.values())

    # Terms ---------------------------------------------------------------------------------------
    def condition(self, expression: Expression) -> Term:
        """A condition in normal form as a term, each made once."""
        if expression not in self._conditions:
            self._conditions[expression] = self._made(expression)
        return self._conditions[expression]

    def _made(self, expression: Expression) -> Term:
        word, *parts = expression
        if word in ("true", "false"):
            return self.truth(word == "true")
        if word == "not":
            return self.no(self.condition(parts[0]))  # type: ignore[arg-type]
        if word in ("and", "or"):
            return (self.every if word == "and" else self.some)(map(self.condition, parts))  # type: ignore[arg-type]
        if word == "lt":
            return self.below(str(parts[0]), parts[1])  # type: ignore[arg-type]
        return self.one_of(str(parts[0]), parts[1])  # type: ignore[arg-type]

    def one_of(self, name: str, values: Iterable[Value]) -> Term:
        """That a fact or reading has one of some values."""
        chosen = self.choice(name)
        return self.some(chosen[value] for value in values)

    def inside(self, variable: Variable, positions: Iterable[int]) -> Term:
        """That a fact or reading has a value of one of some classes. Variables of one name have the same classes."""
        key = (variable.name, tuple(positions))
        if key not in self._classes:
            self._classes[key] = self._inside(variable, key[1])
        return self._classes[key]

    def _inside(self, variable: Variable, positions: Sequence[int]) -> Term:
        if variable.cuts:
            return self.some(self._between(variable, position) for position in positions)
        return self.one_of(variable.name, (value for p in positions for value in variable.classes[p]))

    def _between(self, variable: Variable, position: int) -> Term:
        cuts, name = variable.cuts, variable.name
        low = [self.no(self.below(name, cuts[position - 1]))] if position else []
        return self.every([*low, *([self.below(name, cuts[position])] if position < len(cuts) else [])])

    def at(self, term: Term, known: Mapping[str, Value]) -> Term:
        """A term with some facts or readings known."""
        pairs = [pair for name, value in known.items() for pair in self._known(name, value)]
        return self.z3.substitute(term, *pairs) if pairs else term

    def _known(self, name: str, value: Value) -> list[tuple[Term, Term]]:
        """The constants of a name, and whether each is true of a value."""
        points = self._points.get((name, ""), {})
        chosen = self._choices.get((name, ""), {})
        found = [(constant, self.truth(int(value) < point)) for point, constant in points.items()]
        return found + [(c, self.truth(v == value)) for v, c in chosen.items() if v is not False]

    def copied(self, term: Term, names: Iterable[str], tag: str) -> Term:
        """A term over another copy of some facts or readings."""
        pairs = [pair for name in names for pair in zip(self.constants(name), self.constants(name, tag), strict=True)]
        return self.z3.substitute(term, *pairs) if pairs else term

    def as_in(self, term: Term, model: Term, constants: Iterable[Term]) -> Term:
        """A term with some constants as they are in a model."""
        pairs = [(constant, self.truth(self.holds(constant, model))) for constant in constants]
        return self.z3.substitute(term, *pairs) if pairs else term

    def holds(self, term: Term, model: Term) -> bool:
        """Whether a term is true in a model."""
        return bool(self.z3.is_true(model.eval(term, model_completion=True)))

    def position(self, variable: Variable, model: Term) -> int:
        """The class that a fact or reading has in a model."""
        return next(p for p in range(variable.size) if self.holds(self.inside(variable, (p,)), model))


class Asker:
    """Puts questions to Z3 about terms that are assumed together, with a limit of work for all of them."""

    def __init__(self, terms: Terms, most_work: int | None = None) -> None:
        self.terms = terms
        self.asked = 0
        self._solver = terms.z3.SimpleSolver(ctx=terms.context)
        self._most_work = MOST_WORK if most_work is None else most_work
        self._told = 0
        self._names: dict[int, tuple[Term, Term]] = {}

    def named(self, term: Term) -> Term:
        """A literal that is true where a term is. Equal parts of terms have one literal, so that Z3 learns of each once."""
        z3 = self.terms.z3
        if z3.is_not(term):
            return self.terms.no(self.named(term.arg(0)))
        if term.num_args() == 0:
            return term
        key = term.get_id()
        if key not in self._names:
            is_joined = z3.is_and(term) or z3.is_or(term)
            joined = (
                (self.terms.every if z3.is_and(term) else self.terms.some)(map(self.named, term.children()))
                if is_joined
                else term
            )
            literal = z3.Bool(f"?{len(self._names)}", self.terms.context)
            self._solver.add(literal == joined)
            # The term is kept, so that no other gets its number.
            self._names[key] = (term, literal)
        return self._names[key][1]

    def model(self, *assumed: Term) -> Term | None:
        """A model in which all the terms are true; None if there is none. Raises: BrightlineError `solver-limit`."""
        return self._solver.model() if self.is_possible(*assumed) else None

    def is_possible(self, *assumed: Term) -> bool:
        """Whether all the terms can be true. Raises: BrightlineError `solver-limit`."""
        literals = [self.named(term) for term in assumed]
        self._solver.add(self.terms.axioms[self._told :])
        self._told = len(self.terms.axioms)
        self.asked += 1
        # Zero would be no limit.
        self._solver.set("rlimit", max(1, self._most_work - self._worked()))
        found = self._solver.check(literals)
        if found == self.terms.z3.unknown:
            raise BrightlineError(
                "solver-limit",
                "Z3 reached its limit of work",
                "split the action, or name fewer facts in one norm; the answer is refused, never approximated",
            )
        return bool(found == self.terms.z3.sat)

    def _worked(self) -> int:
        counted = self._solver.statistics()
        return int(counted.get_key_value("rlimit count")) if self.asked > 1 else 0

    def blamed(self, assumed: Sequence[Term]) -> set[int]:
        """Which of the terms, by place, the last question showed to be impossible together."""
        core = {literal.get_id() for literal in self._solver.unsat_core()}
        return {place for place, term in enumerate(assumed) if self.named(term).get_id() in core}
