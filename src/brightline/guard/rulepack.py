"""Reading rule packs: `packs/<language>/*.yaml`, checked so that every fault names its file, line and rule.

Words and contexts of `any` are seen by every language. Words or contexts of one name in several files are one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from brightline.guard import edges, factors
from brightline.guard.compiled import Pattern, made
from brightline.guard.contexts import REACH, SCOPES, Context, Part
from brightline.guard.finding import LABELS
from brightline.guard.packfields import CONTEXT_FIELDS, FILE_FIELDS, Entry, names_of, one_of, texts_of, words_of
from brightline.guard.patterns import Alt, Node, PatternError, parse
from brightline.guard.ruleentry import read_rule
from brightline.guard.rules import Example, Rule, Rules
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.yamlfile import Table, load_yaml

__all__ = ["SHIPPED", "read_packs"]

SHIPPED = Path(__file__).parent / "packs"
_EVERY = "any"
_DEEP = 8  # words that name words


def read_packs(roots: Iterable[Path] = (SHIPPED,), faults: list[BrightlineError] | None = None) -> Rules:
    """The rules of all packs under some folders, in the order of their names.

    Each fault goes into `faults` if a list is given. Raises: BrightlineError, the first fault, if none is given.
    """
    reader = _Reader([] if faults is None else faults)
    paths = [(path, root) for root in roots for path in sorted(root.glob("*/*.yaml"))]
    files = list(reader.files(paths))
    if not paths:
        raise BrightlineError("no-packs", "no rule packs are there", "name a folder that holds LANGUAGE/*.yaml")
    try:
        rules = reader.read(files)
    finally:
        edges.forget()
        factors.forget()
    if faults is None and reader.faults:
        raise reader.faults[0]
    return rules


@dataclass(frozen=True, slots=True)
class _File:
    language: str
    table: Table
    digest: bytes


def _file(path: Path, root: Path) -> _File:
    label = f"{root.name}/{path.parent.name}/{path.name}"
    table = load_yaml(path, label)
    if not isinstance(table, Table):
        raise BrightlineError("pack", "a rule pack is a table", "begin with `rules:`", label)
    return _File(path.parent.name, table, hashlib.sha256(path.read_bytes()).digest())


@dataclass(slots=True)
class _Reader:
    faults: list[BrightlineError]
    words: dict[str, dict[str, list[tuple[str, str]]]] = field(default_factory=dict)
    trees: dict[tuple[str, str, bool], Node] = field(default_factory=dict)
    parts: dict[str, list[tuple[str, Part]]] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    clean: list[Example] = field(default_factory=list)
    depth: int = 0

    def files(self, paths: Iterable[tuple[Path, Path]]) -> Iterator[_File]:
        """Every file that can be read."""
        for path, root in paths:
            try:
                yield _file(path, root)
            except BrightlineError as fault:
                self.faults.append(fault)

    def read(self, files: list[_File]) -> Rules:
        for file in files:
            self.try_(self.read_words, file)
        for file in files:
            for name, table in self.tables(file, "contexts"):
                self.try_(self.read_context, file, name, table)
        for file in files:
            for entry in self.entries(file):
                self.try_(self.read_rule, file, entry)
            self.try_(self.read_clean, file)
        self.check_names()
        contexts = {
            name: Context(name, parts[0][0], tuple(part for _, part in parts)) for name, parts in self.parts.items()
        }
        digest = hashlib.sha256(b"".join(file.digest for file in files)).hexdigest()
        return Rules(tuple(self.rules.values()), contexts, tuple(self.clean), digest)

    def try_(self, read: Callable[..., None], *given: Any) -> None:
        """Goes on after a fault, so that all are told at once."""
        try:
            read(*given)
        except BrightlineError as fault:
            self.faults.append(fault)

    def tables(self, file: _File, key: str) -> Iterator[tuple[str, Table]]:
        found = file.table.get(key)
        if found is None:
            return
        if not isinstance(found, Table):
            fault = BrightlineError(
                "pack", f"`{key}` is no table", "write `name:` and its fields below it", file.table.where(key)
            )
            self.faults.append(fault)
            return
        for name, table in found.items():
            if isinstance(table, Table):
                yield name, table
            else:
                fault = BrightlineError(
                    "pack", f"{shown(name)} has no fields", "add `why`, `scope` and `find`", found.where(name)
                )
                self.faults.append(fault)

    def entries(self, file: _File) -> Iterator[Table]:
        found = file.table.get("rules") or ()
        if not isinstance(found, list | tuple):
            self.faults.append(
                BrightlineError(
                    "pack", "`rules` is no list", "begin each with `- rule: NAME`", file.table.where("rules")
                )
            )
            return
        for entry in found:
            if isinstance(entry, Table):
                yield entry
            else:
                self.faults.append(
                    BrightlineError(
                        "pack", "a rule is a table", "begin it with `- rule: NAME`", file.table.where("rules")
                    )
                )

    def read_words(self, file: _File) -> None:
        file.table.reject_unknown(FILE_FIELDS, "a rule pack")
        named = file.table.get("words")
        if not isinstance(named, Table):
            return
        for name in named:
            alternatives = words_of(named, name, named.where(name))
            self.words.setdefault(file.language, {}).setdefault(name, []).extend(alternatives)

    def tree(self, language: str, where: str) -> Callable[[str, bool], Node]:
        """What `{name}` means in a language."""

        def found(name: str, cased: bool) -> Node:
            key = (language, name, cased)
            if key not in self.trees:
                self.trees[key] = self.alternatives(language, name, cased)
            return self.trees[key]

        return found

    def alternatives(self, language: str, name: str, cased: bool) -> Node:
        own = {**self.words.get(_EVERY, {})}
        for word, more in self.words.get(language, {}).items() if language != _EVERY else ():
            own[word] = own.get(word, []) + more
        if name not in own:
            raise PatternError(f"no words are named `{name}`", near_misses(name, own, "add them under `words:`"))
        if self.depth > _DEEP:
            raise PatternError(f"the words `{name}` name themselves", "write the words out in one of them")
        self.depth += 1
        try:
            nodes = [self.word(text, where, language, cased) for text, where in own[name]]
        finally:
            self.depth -= 1
        return Alt(tuple(nodes))

    def word(self, text: str, where: str, language: str, cased: bool) -> Node:
        try:
            return parse(f"(?-i:{text})" if cased else text, self.tree(language, where))
        except PatternError as fault:
            raise BrightlineError("pattern", f"{fault.message}, in {shown(text)}", fault.help, where) from None

    def patterns(self, file: _File, entry: Entry, key: str, triggers: bool) -> tuple[Pattern, ...]:
        """The patterns of a field. Raises: BrightlineError `pattern`."""
        found = []
        for text, where in texts_of(entry, key):
            try:
                found.append(made(text, self.tree(file.language, where), entry.table.get("edges") == "open", triggers))
            except PatternError as fault:
                message = f"{fault.message}, in {shown(text)} of {entry.called}"
                raise BrightlineError("pattern", message, fault.help, where) from None
        return tuple(found)

    def read_context(self, file: _File, name: str, table: Table) -> None:
        entry = Entry(table, f"the context {shown(name)}")
        table.reject_unknown(CONTEXT_FIELDS, "a context")
        one_of(entry, "edges", ("word", "open"), "word")
        scope, reach = _scope(entry)
        find = self.patterns(file, entry, "find", triggers=False)
        if not find:
            raise BrightlineError(
                "pack", f"{entry.called} looks for nothing", "add patterns under `find:`", table.where()
            )
        part = Part(scope, reach, find, self.patterns(file, entry, "but", triggers=False), table.where())
        self.parts.setdefault(name, []).append((str(table.get("why") or ""), part))

    def read_rule(self, file: _File, table: Table) -> None:
        entry = Entry(table, f"the rule {shown(table.get('rule', '?'))}")
        rule = read_rule(entry, file.language, lambda key: self.patterns(file, entry, key, triggers=True))
        if rule.name in self.rules:
            raise BrightlineError(
                "pack",
                f"{entry.called} is written twice",
                f"rename one; the other is at {self.rules[rule.name].where}",
                rule.where,
            )
        self.rules[rule.name] = rule

    def read_clean(self, file: _File) -> None:
        entry = Entry(file.table, "the pack")
        self.clean += [Example(text, (), where) for text, where in texts_of(entry, "clean")]

    def check_names(self) -> None:
        """Every context and rule that a rule names is there; a rule that names a context in vain is left out."""
        known = {*self.rules, *LABELS}
        for rule in list(self.rules.values()):
            for name in names_of(rule):
                if name not in self.parts:
                    self.missing(rule, name, "context", self.parts)
                    self.rules.pop(rule.name, None)
            for name in rule.over:
                if name not in known:
                    self.missing(rule, name, "rule or label", known)

    def missing(self, rule: Rule, name: str, kind: str, known: Iterable[str]) -> None:
        self.faults.append(
            BrightlineError(
                "pack",
                f"the rule `{rule.name}` names {shown(name)}, which is no {kind}",
                near_misses(name, known, f"add the {kind}, or remove the name"),
                rule.where,
            )
        )


def _scope(entry: Entry) -> tuple[str, int]:
    """The scope of a context and how far it reaches. Raises: BrightlineError."""
    words = str(entry.table.get("scope", "sentence")).split()
    counted = words[0] in ("before", "after", "around") if words else False
    good = bool(words) and words[0] in SCOPES and len(words) == (2 if counted else 1)
    if good and counted:
        good = words[1].isascii() and words[1].isdecimal() and 0 < int(words[1]) <= 400
    if not good:
        advice = (
            "write match, clause, line, sentence, passage, or before N, after N, around N with at most 400 characters"
        )
        raise BrightlineError(
            "pack", f"{entry.called} has no scope {shown(' '.join(words))}", advice, entry.table.where("scope")
        )
    return words[0], int(words[1]) if counted else REACH.get(words[0], 0)
