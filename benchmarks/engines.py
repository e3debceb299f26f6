"""The same policy in five engines. Each answers one case (`one`) and many (`many`): modality and deciding norm.

What is fair: each engine is used in the fastest way its public interface offers for this question, prepared
once before the clock starts (policies parsed, tables compiled, systems built), and gets facts as a plain dict. Where
an engine has no notion of the norm that decides, the cheapest way to have it name one is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks import ifchain
from benchmarks.policy import ACTION, BOOLS, ENUMS, INTS, ON, PROFILE, Facts, Short, ordered_norms
from brightline.law.library import Law
from brightline.law.straight import Answerers
from brightline.law.vocabulary import Expression


class IfChain:
    """Plain Python, written by hand: what a programmer gets without any engine."""

    name = "if-chain by hand"

    def __init__(self, law: Law) -> None:
        self.one = ifchain.decide

    def many(self, cases: Sequence[Facts]) -> list[Short]:
        return [self.one(case) for case in cases]


class Brightline:
    """One warm answer: the diagram as straight-line Python."""

    name = "Brightline"

    def __init__(self, law: Law) -> None:
        self.one = Answerers(law).on_action(PROFILE, ON, ACTION).modality_and_norm

    def many(self, cases: Sequence[Facts]) -> list[Short]:
        return [self.one(case) for case in cases]


class Cedar:
    """Cedar through cedarpy, with handles parsed once and facts in the request's context.

    Cedar has no ranks. All norms are `permit` policies, so one request gives the ids of all that apply, and the first
    of them in the policy's order decides: one evaluation for each case, and no entities to load. Without a
    schema, which would add validation to every call.
    """

    name = "Cedar"

    def __init__(self, law: Law) -> None:
        import cedarpy

        norms = ordered_norms(law)
        text = "\n".join(f"permit(principal, action, resource) when {{ {cedar(norm.condition)} }};" for norm in norms)
        self.cedar, self.policies, self.entities = (
            cedarpy,
            cedarpy.PolicySet.from_str(text),
            cedarpy.Entities.from_json_str("[]"),
        )
        self.answers: list[Short] = [(norm.modality, norm.id) for norm in norms]
        self.base = {"principal": 'Reader::"r"', "action": f'Action::"{ACTION}"', "resource": 'Item::"i"'}

    def _short(self, result: Any) -> Short:
        reasons = result.diagnostics.reasons
        return self.answers[min(int(reason[6:]) for reason in reasons)] if reasons else ("permitted", "")

    def one(self, facts: Facts) -> Short:
        return self._short(self.cedar.is_authorized({**self.base, "context": facts}, self.policies, self.entities))

    def many(self, cases: Sequence[Facts]) -> list[Short]:
        requests = [{**self.base, "context": case} for case in cases]
        return [
            self._short(result) for result in self.cedar.is_authorized_batch(requests, self.policies, self.entities)
        ]


class OpenFisca:
    """OpenFisca-core: 27 input variables and one formula that names the first norm that takes part.

    One formula over all norms is faster than a variable for each. Simulations are built from arrays, which skips
    the parsing of situations, and enum facts are given as small numbers. It is made for many cases at once.
    """

    name = "OpenFisca"

    def __init__(self, law: Law) -> None:
        from openfisca_core import entities, periods, taxbenefitsystems, variables
        from openfisca_core.simulations import SimulationBuilder

        norms = ordered_norms(law)
        person = entities.Entity("person", "persons", "A request", "")
        self.system = taxbenefitsystems.TaxBenefitSystem([person])
        self.builder, self.period = SimulationBuilder, "2026-06"
        base = {"entity": person, "definition_period": periods.DateUnit.MONTH}
        for name in (*BOOLS, *ENUMS, *INTS):
            self.system.add_variable(
                type(name, (variables.Variable,), {**base, "value_type": bool if name in BOOLS else int})
            )
        space: dict[str, Any] = {}
        names = "".join(f"    {name} = person({name!r}, period)\n" for name in (*BOOLS, *ENUMS, *INTS))
        conditions = "".join(f"        {arrays(norm.condition)},\n" for norm in norms)
        source = f"import numpy\ndef formula(person, period):\n{names}    return numpy.select([\n{conditions}    ], range({len(norms)}), {len(norms)})\n"
        exec(compile(source, "<the policy for OpenFisca>", "exec"), space)
        self.system.add_variable(
            type("decides", (variables.Variable,), {**base, "value_type": int, "formula": space["formula"]})
        )
        self.answers: list[Short] = [*((norm.modality, norm.id) for norm in norms), ("permitted", "")]
        self.codes = {name: {value: i for i, value in enumerate(values)} for name, values in ENUMS.items()}

    def many(self, cases: Sequence[Facts]) -> list[Short]:
        import numpy

        simulation = self.builder().build_default_simulation(self.system, count=len(cases))
        for name in (*BOOLS, *INTS):
            simulation.set_input(name, self.period, numpy.array([case[name] for case in cases]))
        for name, codes in self.codes.items():
            simulation.set_input(name, self.period, numpy.array([codes[case[name]] for case in cases]))  # type: ignore[index]
        return [self.answers[i] for i in simulation.calculate("decides", self.period)]

    def one(self, facts: Facts) -> Short:
        return self.many([facts])[0]


class Zen:
    """GoRules Zen: one decision table with one row for each norm, first hit, the decision loaded once."""

    name = "Zen"

    def __init__(self, law: Law) -> None:
        import json

        import zen

        rules = [
            {"_id": f"r{i}", "in": zen_words(norm.condition), "out": json.dumps(f"{norm.modality} {norm.id}")}
            for i, norm in enumerate(ordered_norms(law))
        ]
        table = {
            "hitPolicy": "first",
            "inputs": [{"id": "in", "name": "In", "type": "expression"}],
            "outputs": [{"id": "out", "field": "out", "name": "Out", "type": "expression"}],
            "rules": [*rules, {"_id": "else", "in": "", "out": '"permitted "'}],
        }
        nodes = [
            {"id": "a", "name": "In", "type": "inputNode", "position": {"x": 0, "y": 0}},
            {"id": "b", "name": "Table", "type": "decisionTableNode", "position": {"x": 0, "y": 0}, "content": table},
            {"id": "c", "name": "Out", "type": "outputNode", "position": {"x": 0, "y": 0}},
        ]
        edges = [{"id": f"{s}{t}", "sourceId": s, "targetId": t, "type": "edge"} for s, t in ("ab", "bc")]
        self.decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def one(self, facts: Facts) -> Short:
        modality, _, norm = self.decision.evaluate(facts)["result"]["out"].partition(" ")
        return modality, norm

    def many(self, cases: Sequence[Facts]) -> list[Short]:
        return [self.one(case) for case in cases]


ENGINES = (IfChain, Brightline, Cedar, Zen, OpenFisca)


def _joined(expression: Expression, write: Any, both: str, either: str) -> str:
    return "(" + (both if expression[0] == "and" else either).join(write(part) for part in expression[1:]) + ")"


def cedar(expression: Expression) -> str:
    """A condition in Cedar's language."""
    word = expression[0]
    if word in ("and", "or"):
        return _joined(expression, cedar, " && ", " || ")
    if word == "not":
        return f"!({cedar(expression[1])})"  # type: ignore[arg-type]
    name = f"context.{expression[1]}"
    if word == "lt":
        return f"{name} < {expression[2]}"
    if expression[2] == (True,):
        return name
    values = [f'"{value}"' for value in expression[2]]  # type: ignore[attr-defined]
    return f"{name} == {values[0]}" if len(values) == 1 else f"[{', '.join(values)}].contains({name})"


def zen_words(expression: Expression) -> str:
    """A condition in Zen's language."""
    word = expression[0]
    if word in ("and", "or"):
        return _joined(expression, zen_words, " and ", " or ")
    if word == "not":
        return f"not ({zen_words(expression[1])})"  # type: ignore[arg-type]
    if word == "lt":
        return f"{expression[1]} < {expression[2]}"
    if expression[2] == (True,):
        return str(expression[1])
    values = [f"'{value}'" for value in expression[2]]  # type: ignore[attr-defined]
    return f"{expression[1]} == {values[0]}" if len(values) == 1 else f"{expression[1]} in [{', '.join(values)}]"


def arrays(expression: Expression) -> str:
    """A condition over NumPy arrays, with enum values as their place in the list of values."""
    word = expression[0]
    if word in ("and", "or"):
        return _joined(expression, arrays, " & ", " | ")
    if word == "not":
        return f"~({arrays(expression[1])})"  # type: ignore[arg-type]
    name = str(expression[1])
    if word == "lt":
        return f"({name} < {expression[2]})"
    if expression[2] == (True,):
        return name
    return "(" + " | ".join(f"({name} == {ENUMS[name].index(value)})" for value in expression[2]) + ")"  # type: ignore[attr-defined]
