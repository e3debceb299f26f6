"""The law files' own words beside the compiled law: conditions as they are written, definitions, scenarios."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from brightline.law.corpusfiles import edge_cases, written_cases
from brightline.law.expressions import FALSE, TRUE, words
from brightline.law.library import Law, Stack
from brightline.law.norms import Authority, Norm
from brightline.law.plain import to_json
from brightline.law.scenarios import Case
from brightline.law.vocabulary import prefixes
from brightline.law.yamlfile import load_yaml

__all__ = ["NormText", "Sources", "edition"]

_HEADS = ("vocabulary.yaml", "jurisdiction.yaml")


@dataclass(frozen=True, slots=True)
class NormText:
    """A norm's conditions as its file writes them; empty where it has none."""

    binds: str
    when: str
    unless: str


class Sources:
    """What the files of a corpus folder say. A file that is not there (a bill changed the norm) is made up for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._rows: dict[str, dict[str, Mapping[str, Any]]] = {}

    def norm(self, authority: Authority, norm: Norm) -> NormText:
        """The conditions of a norm in the language of the law files."""
        row = self._norms(authority).get(norm.id.partition("#")[2])
        if row is not None:
            return NormText(*(str(row.get(key) or "") for key in ("binds", "when", "unless")))
        return NormText(
            "" if norm.binds == TRUE else words(norm.binds),
            "" if norm.when == TRUE else words(norm.when),
            "" if norm.unless == FALSE else words(norm.unless),
        )

    def _norms(self, authority: Authority) -> dict[str, Mapping[str, Any]]:
        if authority.file not in self._rows:
            path = self.root / authority.file
            content = load_yaml(path, authority.file) if authority.file and path.is_file() else {}
            rows = content.get("norms") or [] if isinstance(content, dict) else []
            self._rows[authority.file] = {str(row.get("id")): row for row in rows}
        return self._rows[authority.file]

    def cases(self, authority: Authority) -> list[Case]:
        """The scenarios that a person wrote beside an authority's file; none if there is no such file."""
        return written_cases(self.root, authority.file) if authority.file else []

    def edge_cases(self, authority: Authority) -> int:
        """How many edge cases lie beside an authority's file."""
        return len(edge_cases(self.root, authority.file)) if authority.file else 0

    def definitions(self, profile: str) -> dict[str, tuple[str, str]]:
        """The named conditions that a profile's law may use: the condition, and the folder that defines it."""
        found: dict[str, tuple[str, str]] = {}
        for folder, content in self._heads.items():
            if not folder or folder in set(prefixes(profile)):
                found.update({str(k): (str(v), folder) for k, v in (content.get("definitions") or {}).items()})
        return found

    @cached_property
    def _heads(self) -> dict[str, Mapping[str, Any]]:
        """The vocabulary and every jurisdiction file by folder, the widest first."""
        paths = [self.root / _HEADS[0], *sorted(self.root.rglob(_HEADS[1]), key=lambda p: (len(p.parts), p))]
        return {p.parent.relative_to(self.root).as_posix().removeprefix("."): load_yaml(p, p.name) for p in paths}


def edition(law: Law, stack: Stack) -> str:
    """Ten letters and digits that change whenever the law behind a book or card does, and only then."""
    content = to_json(law.vocabulary) + to_json(stack.norms) + to_json(stack.authorities)
    return hashlib.sha256(content.encode()).hexdigest()[:10]
