"""Mutants of the law: an authority with one thing that is written in it changed, such as a condition or a date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from brightline.law.duties import time_words
from brightline.law.evaluate import answer_word
from brightline.law.expressions import FALSE, TRUE, Scope, all_of, any_of, negate, parse, words
from brightline.law.norms import Authority, InForce, Norm, Overrides, Within
from brightline.law.vocabulary import Expression, Vocabulary
from brightline.law.vocabularyfile import scope_at
from brightline.law.yamlfile import Table

__all__ = ["DatedMutant", "Mutant", "Written", "dated_mutants", "norm_mutants", "written"]

_PARTS = ("binds", "when", "unless")
_COMMANDS = ("required", "prohibited", "permitted")
_UNITS = {"minutes": "hours", "hours": "days", "days": "business_days", "business_days": "days", "months": "days"}
_DAY = timedelta(days=1)
Variant = tuple[str, Expression]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A norm with one thing changed; `changed` is None where the norm is dropped. `words` say what was changed."""

    norm: Norm
    changed: Norm | None
    words: str

    @property
    def region(self) -> Expression:
        """Where the mutant can change anything: where it takes part and the norm does not or the other way round.

        Where its condition is the norm's own, that is wherever the norm takes part.
        """
        before = self.norm.condition
        if self.changed is None or self.changed.condition == before:
            return before
        after = self.changed.condition
        return all_of(any_of(before, after), negate(all_of(before, after)))

    @property
    def decides_nothing(self) -> bool:
        """Whether the norm only allows, beats no other and sets no time, before and after: no answer turns on it."""
        return all(norm is None or _decides_nothing(norm) for norm in (self.norm, self.changed))


def _decides_nothing(norm: Norm) -> bool:
    only_allows = answer_word(norm.modality) == "permitted" and norm.overrides is None and not norm.derogates
    return only_allows and norm.within is None


@dataclass(frozen=True, slots=True)
class DatedMutant:
    """A version whose dates in force begin or end a day earlier or later; only on `day` does that change anything."""

    changed: Authority
    norms: tuple[Norm, ...]
    day: date
    words: str


@dataclass(frozen=True, slots=True)
class Written:
    """The conditions of a law file as they are written: a definition or a set of another file is one word.

    `parts` holds `binds`, `when` and `unless` by the norm's full name; the file's own definitions are opened up.
    """

    scope: Scope
    parts: Mapping[str, Mapping[str, Expression]]

    def opened(self, expression: Expression) -> Expression:
        """A condition with its definitions in place of their names."""
        word = expression[0]
        if word == "in" and str(expression[1]) in self.scope.definitions:
            return self.scope.definitions[str(expression[1])]
        if word == "not":
            return negate(self.opened(expression[1]))  # type: ignore[arg-type]
        if word in ("and", "or"):
            join = all_of if word == "and" else any_of
            return join(*(self.opened(part) for part in expression[1:]))  # type: ignore[arg-type]
        return expression

    def is_named_set(self, fact: str, values: Iterable[object]) -> bool:
        """Whether a set of values of a fact has a name in the vocabulary."""
        held, domain = set(values), set(self.scope.facts[fact].domain)
        return any(fact in of and set(members) & domain == held for of, members in self.scope.value_sets.values())


def written(content: Table, authority: Authority, vocabulary: Vocabulary) -> Written:
    """The conditions in the parsed content of an authority's file. Raises: BrightlineError as `parse` does."""
    scope = scope_at(vocabulary, authority.path)
    names: dict[str, Expression] = {name: ("in", name, (True,)) for name in scope.definitions}
    for name, text in authority.definitions.items():
        names[name] = parse(text, Scope(scope.facts, names, scope.value_sets), authority.file)
    closed = Scope(scope.facts, names, scope.value_sets)
    parts = {f"{authority.id}#{row['id']}": _parts(row, closed) for row in content.get("norms") or ()}
    return Written(scope, parts)


def _parts(row: Mapping[str, Any], scope: Scope) -> dict[str, Expression]:
    return {key: parse(str(row[key]), scope) for key in _PARTS if row.get(key) is not None}


def norm_mutants(norm: Norm, conditions: Written, vocabulary: Vocabulary) -> list[Mutant]:
    """Every mutant of one norm but those of its dates, each different from the norm and from the others."""
    found: dict[object, Mutant] = {_shape(norm): Mutant(norm, norm, "")}
    for words_, changed in (*_conditions(norm, conditions), *_standing(norm, vocabulary), *_times(norm)):
        found.setdefault(_shape(changed), Mutant(norm, changed, words_))
    return [*list(found.values())[1:], Mutant(norm, None, "the norm dropped")]


def _shape(norm: Norm) -> object:
    """What of a norm decides anything; equal shapes are the same law."""
    reading = tuple(sorted(norm.reading.items()))
    return norm.condition, reading, norm.modality, norm.level, norm.overrides, norm.derogates, norm.within, norm.extends


def _conditions(norm: Norm, conditions: Written) -> Iterator[tuple[str, Norm]]:
    for part, expression in conditions.parts[norm.id].items():
        for words_, variant in (*_variants(expression, conditions), *_dropped(part, expression)):
            yield f"`{part}`: {words_}", replace(norm, **{part: conditions.opened(variant)})  # type: ignore[arg-type]
    for name in norm.reading:
        yield (
            f"`reading`: `{name}` dropped",
            replace(norm, reading={k: v for k, v in norm.reading.items() if k != name}),
        )


def _dropped(part: str, expression: Expression) -> Iterator[Variant]:
    if part == "unless":
        yield "the exception dropped", FALSE
    elif expression[0] != "and":
        yield f"`{words(expression)}` dropped", TRUE


def _variants(expression: Expression, conditions: Written) -> Iterator[Variant]:
    """The condition with one comparison negated, moved or narrowed, one part dropped, or `and` and `or` swapped."""
    word = expression[0]
    if word == "not":
        for words_, variant in _variants(expression[1], conditions):  # type: ignore[arg-type]
            yield words_, negate(variant)
    elif word in ("and", "or"):
        yield from _of_several(word, list(expression[1:]), conditions)  # type: ignore[arg-type]
    elif word in ("in", "lt"):
        yield f"`{words(expression)}` negated", negate(expression)
        yield from _moved(expression) if word == "lt" else _narrowed(expression, conditions)


def _of_several(word: str, parts: list[Expression], conditions: Written) -> Iterator[Variant]:
    join, other = (all_of, any_of) if word == "and" else (any_of, all_of)
    yield f"`{'or' if word == 'and' else 'and'}` for `{word}` in `{words((word, *parts))}`", other(*parts)
    for i, part in enumerate(parts):
        yield f"`{words(part)}` dropped", join(*parts[:i], *parts[i + 1 :])
        for words_, variant in _variants(part, conditions):
            yield words_, join(*parts[:i], variant, *parts[i + 1 :])


def _moved(expression: Expression) -> Iterator[Variant]:
    _, fact, cut = expression
    for moved in (int(cut) + 1, int(cut) - 1):  # type: ignore[call-overload]
        if moved > 0:
            yield f"the cut of `{fact}` at {cut} moved to {moved}", ("lt", fact, moved)


def _narrowed(expression: Expression, conditions: Written) -> Iterator[Variant]:
    _, fact, values = expression
    if len(values) > 1 and not conditions.is_named_set(str(fact), values):  # type: ignore[arg-type]
        for value in values:  # type: ignore[attr-defined]
            yield f"`{value}` dropped from the list of `{fact}`", ("in", fact, tuple(v for v in values if v != value))  # type: ignore[attr-defined]


def _standing(norm: Norm, vocabulary: Vocabulary) -> Iterator[tuple[str, Norm]]:
    """Another modality, another rank, and the norm without the means to beat another."""
    is_implied = norm.modality == "may_not_restrict" and norm.overrides == Overrides(("prohibited",))
    for modality in _COMMANDS:
        if modality != norm.modality and (modality != "permitted" or norm.modality in (*_COMMANDS, "may_not_restrict")):
            yield (
                f"`modality`: {modality}",
                replace(norm, modality=modality, overrides=None if is_implied else norm.overrides),
            )
    ranks = sorted(vocabulary.ranks.values(), key=lambda rank: rank.level)
    place = next(i for i, rank in enumerate(ranks) if rank.level == norm.level)
    for rank in (*ranks[place + 1 : place + 2], *ranks[max(0, place - 1) : place]):
        yield f"`rank`: {rank.name}", replace(norm, rank=rank.name, level=rank.level)
    if norm.overrides and not is_implied:
        yield "`overrides` dropped", replace(norm, overrides=None)
    for beaten in norm.derogates:
        yield (
            f"`derogates`: `{beaten}` dropped",
            replace(norm, derogates=tuple(n for n in norm.derogates if n != beaten)),
        )


def _times(norm: Norm) -> Iterator[tuple[str, Norm]]:
    if norm.within:
        yield "`within` dropped", replace(norm, within=None)
        for within in _other_times(norm.within):
            yield f"`within`: {time_words(within)}", replace(norm, within=within)
    if norm.extends:
        yield "`extends` dropped", replace(norm, extends=None)
        for within in _other_times(norm.extends.within):
            yield f"`extends`: {time_words(within)}", replace(norm, extends=replace(norm.extends, within=within))


def _other_times(within: Within) -> Iterator[Within]:
    if within.unit in _UNITS:
        yield replace(within, amount=within.amount + 1)
        if within.amount > 1:
            yield replace(within, amount=within.amount - 1)
        yield replace(within, unit=_UNITS[within.unit])
    for word in within.excludes:
        yield replace(within, excludes=tuple(e for e in within.excludes if e != word))
    if within.rolls:
        yield replace(within, rolls=None)
        if len(within.rolls.over) > 1:
            for word in within.rolls.over:
                yield replace(
                    within, rolls=replace(within.rolls, over=tuple(d for d in within.rolls.over if d != word))
                )


def dated_mutants(authority: Authority) -> list[DatedMutant]:
    """The authority with a date in force moved by one day: its own for all its norms, or that of a norm that has one."""
    groups: dict[InForce, list[Norm]] = {}
    for norm in authority.norms:
        groups.setdefault(norm.in_force, []).append(norm)
    return [mutant for interval, norms in groups.items() for mutant in _moved_dates(authority, interval, tuple(norms))]


def _moved_dates(authority: Authority, interval: InForce, norms: tuple[Norm, ...]) -> Iterator[DatedMutant]:
    start, to = interval.start, interval.to
    moved = [("begins a day later", InForce(start + _DAY, to), start)]
    if start > date.min:
        moved.append(("begins a day earlier", InForce(start - _DAY, to), start - _DAY))
    if to is not None:
        moved.append(("ends a day earlier", InForce(start, to - _DAY), to))
    if to is not None and to < date.max:
        moved.append(("ends a day later", InForce(start, to + _DAY), to + _DAY))
    for words_, other, day in moved:
        changed = tuple(replace(n, in_force=other) if n.in_force == interval else n for n in authority.norms)
        in_force = other if interval == authority.in_force else authority.in_force
        yield DatedMutant(replace(authority, norms=changed, in_force=in_force), norms, day, f"`in_force` {words_}")
