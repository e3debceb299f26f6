"""Finding the schemas below paths: what is read, what is passed over, and what should have been read but could not be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from brightline.guard.schemas.content import bytes_of, decoded, refused
from brightline.guard.schemas.databasereader import is_database, is_server, read_database
from brightline.guard.schemas.djangoreader import read_django
from brightline.guard.schemas.field import Schema
from brightline.guard.schemas.htmlreader import read_html
from brightline.guard.schemas.jsonschema import is_json_schema, is_openapi, read_json_schema, read_openapi
from brightline.guard.schemas.pdfreader import read_pdf, read_pdf_list
from brightline.guard.schemas.sqlreader import read_sql
from brightline.guard.schemas.tablereader import read_csv_file, read_parquet_file
from brightline.guard.schemas.xsdreader import read_xsd
from brightline.guard.schemas.yamltext import load_structured
from brightline.law.errors import BrightlineError, shown

__all__ = ["SKIPPED_FOLDERS", "Read", "Skipped", "read_paths"]

SKIPPED_FOLDERS = (
    ".git", ".hg", ".svn", ".tox", ".venv", "venv", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache",
    ".pytest_cache", "site-packages", "dist", "build", ".eggs", ".idea", ".vscode",
)  # fmt: skip
_CSV = (".csv", ".tsv", ".csv.gz")
_HTML = (".html", ".htm", ".xhtml")
_SCHEMA_WORDS = ("openapi", "swagger", "$schema", "properties", "$defs", "definitions")
_MODEL_WORDS = ("Field(", "ForeignKey(", "OneToOneField(")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that should have been read but could not be, and why."""

    place: str
    code: str
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class Read:
    """What was found at one place: a schema, a skip, or neither if the file is none of the linter's."""

    place: str
    schema: Schema | None = None
    skipped: Skipped | None = None


def read_paths(paths: Sequence[str], exclude: Sequence[str] = (), *, is_among: bool = False) -> Iterator[Read]:
    """Everything below the paths, in order of names; `is_among`: named files may be no schema.

    Raises: BrightlineError `guard-source` for a path that is not there.
    """
    for word in paths:
        if is_server(word):
            yield _read(word, lambda address=word: read_database(address))
            continue
        path = Path(word)
        if not path.exists():
            raise BrightlineError(
                "guard-source", f"there is no {shown(word)}", "name files or folders that exist", "PATH"
            )
        if path.is_dir():
            for below in _files(path, exclude):
                yield _read(str(below), lambda file=below: _schema_of(file, is_named=False))
        elif not _is_left_out(path, exclude):
            yield _read(word, lambda file=path: _schema_of(file, is_named=not is_among))


def _files(folder: Path, exclude: Sequence[str]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if _is_left_out(path, exclude) or path.is_symlink():
            continue
        if path.is_dir():
            if path.name not in SKIPPED_FOLDERS:
                yield from _files(path, exclude)
        elif path.is_file():
            yield path


def _is_left_out(path: Path, exclude: Sequence[str]) -> bool:
    return any(fnmatchcase(path.as_posix(), glob) or fnmatchcase(path.name, glob) for glob in exclude)


def _read(place: str, reader: object) -> Read:
    try:
        schema = reader()  # type: ignore[operator]
    except BrightlineError as error:
        if error.code == "missing-extra":
            raise
        return Read(place, skipped=Skipped(error.where or place, error.code, error.message, error.help))
    except OSError as error:
        said = (error.strerror or "unknown").lower()
        return Read(place, skipped=Skipped(place, "unreadable", f"cannot be read: {said}", "check its permissions"))
    return Read(place, schema)


def _schema_of(path: Path, *, is_named: bool) -> Schema | None:
    """The schema of a file; nothing if it is of no kind that the linter reads."""
    name, place = path.name.lower(), str(path)
    if name.endswith(_CSV):
        return read_csv_file(path)
    if name.endswith(".parquet"):
        return read_parquet_file(path)
    if is_database(path):
        return read_database(place)
    if name.endswith(".pdf"):
        return read_pdf(bytes_of(path), place, path.stem)
    if name.endswith(".xsd"):
        return read_xsd(bytes_of(path), place, path.stem)
    found = _of_text(path, name, place)
    if found is None and is_named:
        raise refused("the file is no schema that can be read", place, "see docs/reference/guard-lint.md for the kinds")
    return found


def _of_text(path: Path, name: str, place: str) -> Schema | None:
    if name.endswith((".sql", ".ddl")):
        return read_sql(decoded(bytes_of(path), place), place, path.stem)
    if name.endswith(_HTML):
        return read_html(decoded(bytes_of(path), place), place, path.stem)
    if name.endswith(".py"):
        text = decoded(bytes_of(path), place)
        return read_django(text, place, path.stem) if any(word in text for word in _MODEL_WORDS) else None
    if name.endswith((".json", ".yaml", ".yml")):
        return _structured(path, place)
    if name.endswith((".fields.txt", ".fields")):
        return read_pdf_list(decoded(bytes_of(path), place), place, path.stem)
    return None


def _structured(path: Path, place: str) -> Schema | None:
    text = decoded(bytes_of(path), place)
    if not any(word in text for word in _SCHEMA_WORDS):
        return None
    value = load_structured(text, place)
    if is_openapi(value):
        return read_openapi(value, place, path.stem)
    return read_json_schema(value, place, path.stem) if is_json_schema(value) else None
