"""Properties of the whole engine on the shipped law: ways of asking agree, facts only settle, time is constant."""

from __future__ import annotations

import random
from datetime import date

import pytest

from brightline.law.answering import answer, answer_action
from brightline.law.corpusfiles import CORPUS, read_law
from brightline.law.errors import BrightlineError
from brightline.law.evaluate import evaluate, worlds
from brightline.law.library import Law
from brightline.law.possible import possible_values
from brightline.law.situation import situation

LAW: Law = read_law(CORPUS)
DATES = (date(2013, 5, 1), date(2018, 3, 28), date(2020, 6, 1), date(2023, 1, 1), date(2025, 6, 1), date(2026, 6, 1))
PROFILES = sorted(LAW.vocabulary.profiles)


def stacks(profile):
    seen = set()
    for on in DATES:
        stack = LAW.stack(profile, on)
        if stack.since not in seen:
            seen.add(stack.since)
            yield on, stack


def random_value(rng, fact, cuts):
    if fact.kind == "int":
        return max(0, rng.choice(cuts or (0,)) + rng.choice((-1, 0, 1)))
    return rng.choice(fact.domain)


def some_situation(rng, chart):
    """Complete values of the facts and readings a chart mentions."""
    facts, readings = {}, {}
    for variable in chart.variables:
        if variable.is_reading:
            readings[variable.name] = rng.choice(LAW.vocabulary.readings[variable.name].values)
        else:
            facts[variable.name] = random_value(rng, LAW.vocabulary.facts[variable.name], variable.cuts)
    return facts, readings


@pytest.mark.parametrize("profile", PROFILES)
def test_the_diagram_answers_as_the_naive_evaluator_does(profile):
    rng = random.Random(profile)
    for _, stack in stacks(profile):
        for action, norms in stack.by_action.items():
            chart = LAW.chart(stack, action)
            for _ in range(25):
                facts, readings = some_situation(rng, chart)
                verdict = evaluate(norms, facts, readings)
                values = [v.position(readings[v.name] if v.is_reading else facts[v.name]) for v in chart.variables]
                found = chart.outcome_at(values)
                assert found.modality == verdict.modality
                decider = set(found.norms)
                assert decider <= set(verdict.basis) and bool(decider) == bool(verdict.basis)


def test_small_charts_are_checked_in_every_situation():
    """Exhaustively: every situation of every chart that has at most 20,000 of them, each chart once."""
    from math import prod

    checked = charts = 0
    seen = set()
    for profile in PROFILES:
        for _, stack in stacks(profile):
            for action, norms in stack.by_action.items():
                chart = LAW.chart(stack, action)
                if id(chart) in seen or prod(v.size for v in chart.variables) > 20_000:
                    continue
                seen.add(id(chart))
                charts += 1
                known = {v.name: [v.example(i) for i in range(v.size)] for v in chart.variables}
                for world in worlds(known, known):
                    readings = {v.name: world[v.name] for v in chart.variables if v.is_reading}
                    values = [v.position(world[v.name]) for v in chart.variables]
                    assert chart.outcome_at(values).modality == evaluate(norms, world, readings).modality
                    checked += 1
                if checked > 150_000:
                    return
    assert charts > 20


@pytest.mark.parametrize("profile", PROFILES)
def test_with_unknown_facts_an_answer_is_given_only_if_every_completion_agrees(profile):
    rng = random.Random(profile + "?")
    on = DATES[-1]
    stack = LAW.stack(profile, on)
    for action, norms in stack.by_action.items():
        chart = LAW.chart(stack, action)
        facts, _ = some_situation(rng, chart)
        unknown = [n for n in facts if n not in LAW.vocabulary.standing_facts(profile, on)]
        rng.shuffle(unknown)
        given = {n: v for n, v in facts.items() if n not in unknown[:3] and LAW.vocabulary.facts[n].derived is None}
        try:
            found = situation(LAW, profile, given, on=on, strict=True)
        except BrightlineError:
            continue  # the random facts contradict each other
        one = answer_action(found, stack, action)
        possible = possible_values(found, chart)
        free = {v.name: [v.example(p) for p in ps] for v, ps in zip(chart.variables, possible, strict=True)}
        size = 1
        for values in free.values():
            size *= len(values)
        if size > 3000:
            continue
        words = {}
        for world in worlds(free, free):
            readings = {v.name: world[v.name] for v in chart.variables if v.is_reading}
            words.setdefault(tuple(readings.items()), set()).add(evaluate(norms, world, readings).modality)
        every = set().union(*words.values())
        is_open = any(len(found) > 1 for found in words.values())
        expected = "open" if is_open else "unsettled" if len(every) > 1 else every.pop()
        assert one.modality == expected
        assert not is_open or set(one.possible) == every


@pytest.mark.parametrize("profile", PROFILES)
def test_an_open_answer_always_has_a_question_that_is_not_yet_answered(profile):
    rng = random.Random(profile + "!")
    on = DATES[-1]
    stack = LAW.stack(profile, on)
    for action in stack.by_action:
        facts, _ = some_situation(rng, LAW.chart(stack, action))
        given = {n: v for n, v in facts.items() if rng.random() < 0.5 and LAW.vocabulary.facts[n].derived is None}
        try:
            found = situation(LAW, profile, given, on=on)
        except BrightlineError:
            continue  # the random facts contradict each other
        one = answer_action(found, stack, action)
        if one.modality == "open":
            assert one.question is not None
            assert not found.is_known(one.question.fact)


@pytest.mark.parametrize("profile", PROFILES[::4])
def test_a_further_fact_never_changes_an_answer_that_presumed_nothing(profile):
    rng = random.Random(profile + "+")
    on = DATES[-1]
    stack = LAW.stack(profile, on)
    for action in stack.by_action:
        chart = LAW.chart(stack, action)
        facts, _ = some_situation(rng, chart)
        given, before = {}, "open"
        for name, value in facts.items():
            if LAW.vocabulary.facts[name].derived is not None:
                continue
            try:
                one = answer(LAW, profile, {**given, name: value}, on=on, actions=[action], strict=True).answers[0]
            except BrightlineError:
                continue  # the random facts contradict each other
            given[name] = value
            assert before in ("open", one.modality) or name in LAW.vocabulary.standing_facts(profile, on)
            before = one.modality


def test_the_same_question_has_the_same_answer_whatever_was_asked_before():
    facts = {"request_kind": "hold", "instrument": "i247a_detainer", "requester": "ice_ero", "actor_role": "jail_staff"}
    fresh = read_law(CORPUS)
    once = answer(fresh, "us/ca/los-angeles/sheriff", facts, on=DATES[-1])
    assert answer(LAW, "us/ca/los-angeles/sheriff", facts, on=DATES[-1]) == once
