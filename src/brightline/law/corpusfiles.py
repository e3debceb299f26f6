"""Loading a corpus folder into `Law`, from its files or from the cache of them.

The cache is one JSON file in the user's cache folder, keyed by the size and time of every law file and of the
engine itself. A cache that cannot be read is ignored; one that cannot be written is not missed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from brightline.law.authorityfile import parse_authority
from brightline.law.calendarfile import calendar_from
from brightline.law.calendars import Calendar
from brightline.law.errors import BrightlineError, shown
from brightline.law.library import Law
from brightline.law.norms import Authority
from brightline.law.plain import from_json, to_json
from brightline.law.scenarios import Case, read_cases
from brightline.law.vocabulary import Vocabulary
from brightline.law.vocabularyfile import build_vocabulary
from brightline.law.yamlfile import load_yaml

__all__ = [
    "BILLS",
    "CORPUS",
    "bill_files",
    "bill_scenario_files",
    "edge_cases",
    "edges_name",
    "law_files",
    "load_law",
    "read_calendars",
    "read_law",
    "read_vocabulary",
    "relative_name",
    "scenario_files",
    "stem_of",
    "written_cases",
]

CORPUS = Path(__file__).parent.parent / "corpus"
# The folder of bills: not law, so nothing below it is read with the law.
BILLS = "bills"
_VOCABULARY = "vocabulary.yaml"
_JURISDICTION = "jurisdiction.yaml"
# Beside `X@date.yaml` lie the cases that a person wrote, and apart from them those that `law mutate` made.
_WRITTEN = ".scenarios.yaml"
_EDGES = ".edges.scenarios.yaml"


def load_law(corpus: Path | str | None = None, *, cached: bool = True) -> Law:
    """The law of a corpus folder, the shipped one if none is named.

    Raises: BrightlineError for the first law file that cannot be understood.
    """
    root = Path(corpus) if corpus else CORPUS
    fingerprint = _fingerprint(root)
    store = _cache_file(fingerprint) if cached else None
    if store:
        found = _from_cache(store, fingerprint)
        if found:
            return found
    law = read_law(root, fingerprint)
    if store:
        _into_cache(store, law, root)
    return law


def read_law(root: Path, fingerprint: str = "") -> Law:
    """The law of a corpus folder, read from its files. Raises: BrightlineError."""
    vocabulary = read_vocabulary(root)
    authorities: dict[str, list[Authority]] = {}
    for path in law_files(root):
        folder = path.parent.relative_to(root).as_posix()
        name = path.relative_to(root).as_posix()
        authorities.setdefault(folder, []).append(parse_authority(load_yaml(path, name), folder, name, vocabulary))
    return Law(vocabulary, {k: tuple(v) for k, v in authorities.items()}, read_calendars(root), fingerprint)


def read_vocabulary(root: Path) -> Vocabulary:
    """The vocabulary of a corpus folder with all its jurisdictions. Raises: BrightlineError."""
    if not (root / _VOCABULARY).is_file():
        raise BrightlineError(
            "no-corpus", f"{shown(root)} holds no {_VOCABULARY}", "name a folder of law files with --corpus"
        )
    files: list[tuple[str, Any]] = [("", load_yaml(root / _VOCABULARY, _VOCABULARY))]
    for path in sorted(_law_paths(root, _JURISDICTION)):
        files.append((path.parent.relative_to(root).as_posix(), load_yaml(path, path.relative_to(root).as_posix())))
    return build_vocabulary(files)


def read_calendars(root: Path) -> dict[str, Calendar]:
    """The calendars of a corpus folder by their id. Raises: BrightlineError."""
    found = {}
    for path in sorted((root / "calendars").glob("*.yaml")):
        name = path.relative_to(root).as_posix()
        calendar = calendar_from(load_yaml(path, name), name)
        found[calendar.id] = calendar
    return found


def law_files(root: Path) -> Iterator[Path]:
    """The files of authorities under a folder, in a stable order."""
    for path in sorted(_law_paths(root, "*@*.yaml")):
        if not path.name.endswith(_WRITTEN):
            yield path


def scenario_files(root: Path) -> Iterator[Path]:
    """The scenario files under a folder, those of edge cases too, in a stable order."""
    yield from sorted(_law_paths(root, f"*{_WRITTEN}"))


def stem_of(name: str) -> str:
    """The name of a law file, or of a scenario file beside it, without its ending: `us/mn/act@2025`."""
    return name.removesuffix(_EDGES).removesuffix(_WRITTEN).removesuffix(".yaml")


def edges_name(name: str) -> str:
    """The name of the file of edge cases beside a law file."""
    return stem_of(name) + _EDGES


def written_cases(root: Path, name: str) -> list[Case]:
    """The scenarios that a person wrote beside a law file; none if there is no such file. Raises: BrightlineError."""
    return _cases_of(root, stem_of(name) + _WRITTEN)


def edge_cases(root: Path, name: str) -> list[Case]:
    """The edge cases beside a law file; none if there is no such file. Raises: BrightlineError."""
    return _cases_of(root, edges_name(name))


def _cases_of(root: Path, name: str) -> list[Case]:
    return read_cases(root / name, name) if (root / name).is_file() else []


def bill_files(root: Path) -> Iterator[Path]:
    """The files of bills under a corpus folder, in a stable order."""
    yield from (p for p in sorted((root / BILLS).rglob("*.yaml")) if not p.name.endswith(_WRITTEN))


def bill_scenario_files(root: Path) -> Iterator[Path]:
    """The scenario files beside bills, in a stable order."""
    yield from sorted((root / BILLS).rglob("*.scenarios.yaml"))


def _law_paths(root: Path, pattern: str) -> Iterator[Path]:
    """The files of a name below a corpus folder, bills left out."""
    return (path for path in root.rglob(pattern) if path.relative_to(root).parts[0] != BILLS)


def _stamps(folder: Path | str, ending: str) -> Iterator[str]:
    """The size and time of each file below a folder that may change the law: scenarios do not."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda e: e.name):
            if entry.is_dir(follow_symlinks=False):
                yield from _stamps(entry.path, ending)
            elif entry.name.endswith(ending) and not entry.name.endswith(_WRITTEN):
                stat = entry.stat()
                yield f"{entry.path}:{stat.st_size}:{stat.st_mtime_ns}"


def _fingerprint(root: Path) -> str:
    """A digest of the size and time of every law file and engine file: what the cache depends on."""
    digest = hashlib.sha256(str(root.resolve()).encode())
    with contextlib.suppress(OSError):
        for stamp in (*_stamps(root, ".yaml"), *_stamps(Path(__file__).parent, ".py")):
            digest.update(stamp.encode())
    return digest.hexdigest()


def _cache_file(fingerprint: str) -> Path | None:
    named = os.environ.get("BRIGHTLINE_CACHE")
    if named == "":
        return None
    base = os.environ.get("XDG_CACHE_HOME")
    home = Path(named) if named else (Path(base) if base else Path("~/.cache").expanduser()) / "brightline"
    return home / f"law-{fingerprint[:16]}.json"


def _from_cache(store: Path, fingerprint: str) -> Law | None:
    try:
        kept = json.loads(store.read_bytes())
        if kept["fingerprint"] != fingerprint:
            return None
        calendars = [calendar_from(content, name) for name, content in kept["calendars"].items()]
        return Law(
            from_json(kept["vocabulary"]), _Folders(kept["authorities"]), {c.id: c for c in calendars}, fingerprint
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, BrightlineError):
        return None


def _into_cache(store: Path, law: Law, root: Path) -> None:
    content = {
        "fingerprint": law.fingerprint,
        "vocabulary": to_json(law.vocabulary),
        "authorities": {folder: to_json(found) for folder, found in law.authorities.items()},
        "calendars": {
            str(p.relative_to(root)): _simple(load_yaml(p)) for p in sorted((root / "calendars").glob("*.yaml"))
        },
    }
    with contextlib.suppress(OSError):
        store.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=store.parent, delete=False, encoding="utf-8") as stream:
            json.dump(content, stream, ensure_ascii=False)
        Path(stream.name).replace(store)
        for old in sorted(store.parent.glob("law-*.json"), key=lambda p: p.stat().st_mtime)[:-4]:
            old.unlink()


def _simple(value: Any) -> Any:
    """A parsed YAML value with its dates as text, so that JSON can hold it."""
    if isinstance(value, Mapping):
        return {key: _simple(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_simple(part) for part in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


class _Folders(Mapping[str, tuple[Authority, ...]]):
    """Authorities by folder, each folder decoded when it is first asked for."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._decoded: dict[str, tuple[Authority, ...]] = {}

    def __getitem__(self, folder: str) -> tuple[Authority, ...]:
        if folder not in self._decoded:
            self._decoded[folder] = from_json(self._texts[folder])
        return self._decoded[folder]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


def relative_name(path: Path, roots: Iterable[Path]) -> str:
    """A path as errors should show it: below the first root that holds it."""
    for root in roots:
        with contextlib.suppress(ValueError):
            return path.resolve().relative_to(root.resolve()).as_posix()
    return str(path)
