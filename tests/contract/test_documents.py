"""The pages say what the software does: commands, options, codes, fields, links, and every example that a page shows."""

from __future__ import annotations

import argparse
import ast
import io
import json
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from brightline.cli.main import build_parser, main
from brightline.law.answering import answer
from brightline.law.answerjson import answers_to_json
from brightline.law.authorityfile import AUTHORITY_FIELDS, NORM_FIELDS
from brightline.law.corpusfiles import CORPUS

ROOT = Path(__file__).parent.parent.parent
DOCS, SOURCE = ROOT / "docs", ROOT / "src" / "brightline"
PAGES = [path for path in (*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md") if path.exists()]
ON = date(2026, 1, 16)
DETAINER = {
    "actor_role": "jail_staff", "requester": "ice_ero", "request_kind": "hold", "instrument": "i247a_detainer",
    "accompanying_instrument": "i200_warrant", "purpose": "civil_immigration", "custody_state": "jail", "release_due": True,
}  # fmt: skip
# A fenced block: its kind, a file it is to be saved as (named after the kind or in its first comment), its text.
FENCE = re.compile(r"^```(?P<kind>\w*)(?: (?P<file>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^(?:\$ )?(?:printf (?P<stdin>'[^']*') \| )?\.venv/bin/brightline (?P<words>.*)$")


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for sub in action.choices.values():
                yield from parsers(sub)


@pytest.mark.parametrize("parser", list(parsers(build_parser())), ids=lambda parser: parser.prog)
def test_every_command_and_option_is_in_the_command_reference(parser):
    page = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    section = re.search(rf"^#+ {re.escape(parser.prog)}\n(.*?)(?=^#|\Z)", page, re.MULTILINE | re.DOTALL)
    assert section, f"{parser.prog} has no section"
    listed = " ".join(line for line in section[1].splitlines() if line.lstrip().startswith("-"))
    options = [word for action in parser._actions for word in action.option_strings]
    assert not [word for word in options if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", listed)]


def codes_in(tree: ast.AST) -> Iterator[str]:
    """The codes of errors and findings: the first argument of the calls that make them."""
    calls = {"BrightlineError", "Finding", "fail", "_fail"} - set(finds_status(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in calls:
                yield from _codes(node.args[0], name)


def finds_status(tree: ast.AST) -> Iterator[str]:
    """`Finding`, where it is the guard's, which has no code: a stretch of a text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "brightline.guard.finding":
            yield from {"Finding"} & {each.name for each in node.names}


def _codes(first: ast.expr, name: str) -> Iterator[str]:
    texts = [part.value for part in ast.walk(first) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    if name == "_fail":
        yield from (code for text in texts for code in re.findall(r"\[([a-z-]+)\]", text))
        return
    yield from texts
    # Elsewhere the code is handed on: from `fail`, from another error, or beside an event of the YAML parser.
    assert texts or ast.unparse(first) in ("code", "error.code", "event", "after"), (
        f"a code that this test cannot see: {ast.unparse(first)}"
    )


def test_every_code_of_an_error_or_finding_is_documented_and_every_documented_code_is_used():
    used = {code for path in SOURCE.rglob("*.py") for code in codes_in(ast.parse(path.read_text(encoding="utf-8")))}
    documented = re.findall(
        r"^\| `([a-z-]+)` \|", (DOCS / "reference" / "errors.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(used) > 40
    assert sorted(documented) == sorted(used)


def keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(keys(part) for part in value.values()))
    return set().union(*(keys(part) for part in value)) if isinstance(value, list) else set()


def documented_fields() -> set[str]:
    rows = re.findall(
        r"^\| (`[^|]*) \|", (DOCS / "reference" / "answer-json.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    return {field for row in rows for field in re.findall(r"`(\w+)`", row)}


def test_every_field_of_the_json_of_an_answer_is_documented(law):
    asked = [
        answer(law, "us/mn/hennepin/sheriff", DETAINER, on=ON),
        answer(law, "us/tx/dallas/sheriff", DETAINER, on=ON),
        answer(
            law,
            "us/tx/dallas/sheriff",
            {**DETAINER, "lawful_status_claim": "none", "release_due_at": "2026-01-16T18:05:00-06:00"},
            on=ON,
        ),
        answer(law, "us/mn/minneapolis/police", {"purpose": "civil_immigration"}, on=ON),
    ]
    found = set().union(*(keys(answers_to_json(one)) for one in asked))
    assert {"together", "or_like", "asks", "due_at", "because", "why", "value"} <= found, (
        "the answers asked for here no longer show every field"
    )
    assert found <= documented_fields()


def holds_all_of(whole: object, part: object) -> bool:
    """Whether a part of a JSON value is in the whole: fields may be left out, and entries of lists."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            key in whole and holds_all_of(whole[key], value) for key, value in part.items()
        )
    if isinstance(part, list):
        return isinstance(whole, list) and all(any(holds_all_of(one, wanted) for one in whole) for wanted in part)
    return whole == part


def test_the_excerpt_of_an_answer_is_a_part_of_the_example():
    (excerpt,) = (
        block["text"]
        for block in FENCE.finditer((DOCS / "reference" / "answer-json.md").read_text(encoding="utf-8"))
        if block["kind"] == "json"
    )
    whole = json.loads((DOCS / "reference" / "answer-example.json").read_text(encoding="utf-8"))
    assert holds_all_of(whole, json.loads(excerpt))


def test_every_field_of_the_json_of_checks_tests_and_replays_is_documented(small, capsys, tmp_path):
    norm = "- {id: shut, action: open_gate, modality: prohibited, cites: § 1, says: A rule.}\n"
    small.authority("act", norm)
    cases = small.root / "cases.yaml"
    cases.write_text("- {id: one, profile: land, as_of: 2024-06-01, facts: {}, action: open_gate, expect: required}\n")
    shown = []
    for words in (
        ["law", "check", "--json", "--corpus", str(small.root)],
        ["law", "test", "--json", "--corpus", str(small.root), str(cases)],
        ["replay", "--profile", "us/tx/dallas/sheriff", "--json"],
    ):
        main(words)
        shown.append(json.loads(capsys.readouterr().out))
    findings, tested, replayed = shown
    assert findings and tested["cases"] and replayed["years"]
    found = keys(findings) | set(tested) | keys(tested["cases"]) | set(replayed) | set(replayed["years"][0])
    page = (DOCS / "reference" / "answer-json.md").read_text(encoding="utf-8")
    assert not [field for field in found if f"`{field}`" not in page]


@pytest.mark.parametrize("field", sorted({*AUTHORITY_FIELDS, *NORM_FIELDS}))
def test_every_field_of_a_law_file_is_documented(field):
    page = (DOCS / "reference" / "law-files.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]*) \|", page, re.MULTILINE)
    assert any(f"`{field}`" in row for row in rows)


def slug(heading: str) -> str:
    """The anchor that a heading gets: small letters, without punctuation, spaces as hyphens."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {slug(heading) for heading in re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_within_the_project_leads_somewhere(page):
    lost = []
    for target in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            lost.append(target)
    assert not lost


def test_the_front_page_of_the_documents_leads_to_every_page():
    front = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = [
        path.relative_to(DOCS).as_posix()
        for folder in ("tutorial", "how-to", "explanation", "reference")
        for path in sorted((DOCS / folder).glob("*.md"))
    ]
    assert not [path for path in pages if f"({path})" not in front]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_page_tells_the_reader_that_it_is_easy(page):
    words = re.sub(r"`[^`]*`", "", FENCE.sub("", page.read_text(encoding="utf-8")))
    assert not re.findall(r"\b(simply|just|obviously)\b", words, re.IGNORECASE)


@pytest.mark.parametrize(
    "page", [p for p in PAGES if p.parent.name in ("tutorial", "how-to", "explanation")], ids=named
)
def test_every_page_that_shows_answers_says_that_they_are_not_advice(page):
    text = " ".join(page.read_text(encoding="utf-8").split()).lower()
    if "required" in text or "prohibited" in text:
        assert re.search(r"(not|no answer is|does not give) legal advice", text)


def test_no_page_or_source_names_a_place_on_somebodys_machine():
    place = re.compile(r"(?<![\w.~}])/(?:work|root|home|Users)/")
    files = [
        *PAGES,
        *(p for p in SOURCE.rglob("*") if p.suffix in (".py", ".yaml", ".csv")),
        *(p for p in (ROOT / "tests").rglob("*.py") if p != Path(__file__)),
    ]
    assert not [named(path) for path in files if place.search(path.read_text(encoding="utf-8"))]


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """The commands in a block of a page: what goes into standard input, and the words."""
    for line in text.splitlines():
        if found := COMMAND.match(line):
            yield found["stdin"] or "", shlex.split(found["words"])


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_that_a_page_shows_is_one_that_exists(page, law, capsys):
    for block in FENCE.finditer(page.read_text(encoding="utf-8")):
        for _, words in commands(block["text"]):
            if words == ["--version"] or "FILE..." in words:
                continue
            args = build_parser().parse_args(words)
            facts = [pair.partition("=")[0] for pair in getattr(args, "fact", None) or []]
            actions = args.action if isinstance(getattr(args, "action", None), list) else []
            assert not [name for name in facts if name not in law.vocabulary.facts]
            assert not [name for name in actions if name not in law.vocabulary.actions]
            if getattr(args, "profile", None) and not args.corpus:
                law.profile(args.profile)


WORKED = [page for page in PAGES if page.parent.name in ("tutorial", "how-to")]


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder like a reader's, with the copy of the corpus that some pages ask for."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BRIGHTLINE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "96")
    return tmp_path


def save(block: re.Match[str]) -> None:
    """Save a block that names its file, as the page tells the reader to."""
    first = re.match(r"# (\S+\.(?:yaml|json|csv))\n", block["text"])
    name = block["file"] or (first[1] if first else "")
    if not name:
        return
    if name.startswith("practice/") and not Path("practice").exists():
        shutil.copytree(CORPUS, "practice")
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(block["text"], encoding="utf-8")


def sessions(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block with the lines that the page shows under it."""
    for part in re.split(r"^(?=\$ )", text, flags=re.MULTILINE):
        if part.startswith("$ "):
            line, _, shown = part.partition("\n")
            yield line, shown.splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("page", WORKED, ids=named)
def test_every_example_of_a_page_gives_what_the_page_shows(page, desk, monkeypatch, capsys):
    """Lines must come in the page's order; `...` stands for lines that are left out, and ` > ` for what a person types."""
    for block in FENCE.finditer(page.read_text(encoding="utf-8")):
        save(block)
        if block["kind"] != "console":
            continue
        for line, shown in sessions(block["text"]):
            ((stdin, words),) = commands(line)
            typed = "".join(f"{text[3:]}\n" for text in shown if text.startswith(" > "))
            given = shlex.split(stdin)[0].replace("\\n", "\n") if stdin else typed
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode()), encoding="utf-8"))
            try:
                code = main(words)
            except SystemExit as end:
                code = end.code
            run = capsys.readouterr()
            assert code == 0, f"{line}\n{run.err}"
            left = iter(run.out.splitlines())
            for wanted in (text.rstrip() for text in shown if text.strip() not in ("...", "")):
                assert any(wanted == text.rstrip() for text in left), (
                    f"{line}\ndoes not show, in this order:\n{wanted}\n\nbut\n{run.out}"
                )
