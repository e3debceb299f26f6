"""HTML: what a page shows, and what it holds besides: attributes, comments, scripts, styles and hidden fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from brightline.guard.extras import needs
from brightline.guard.files.decoding import SAMPLE_BYTES, decode, encoding_of
from brightline.guard.files.done import Done
from brightline.guard.files.judging import Judge
from brightline.guard.files.runs import Passage, Run, judge_passages
from brightline.law.errors import BrightlineError

__all__ = ["rewrite"]

_SPOKEN = frozenset(
    [
        "alt",
        "title",
        "value",
        "placeholder",
        "content",
        "label",
        "summary",
        "aria-label",
        "aria-description",
        "aria-placeholder",
        "aria-valuetext",
        "href",
        "src",
        "action",
        "srcdoc",
        "abbr",
        "download",
    ]
)
# What stands within a line; every other element begins a passage of its own.
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_RAW = ("script", "style")
_CHARSET = re.compile(
    rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)|<\?xml[^>]+encoding=[\"']([A-Za-z0-9_-]+)", re.I
)


def rewrite(data: bytes, file: str, judge: Judge, done: Done, place: str = "") -> bytes:
    """A page redacted, as UTF-8. Raises: BrightlineError `missing-extra`."""
    html, etree = needs("lxml.html"), needs("lxml.etree")
    part = Done(file, within=place)
    text = part.counting(lambda raw: decode(raw, _encoding(raw)), data)
    if text.strip():
        root = _tree(text, html, file)
        judge_passages(list(_passages(root, etree)), judge, part)
        data = _bytes(root, html, text)
    done.take(part)
    return data


def _encoding(data: bytes) -> str:
    """The mark of the file, then what the page says of itself, then what it looks like."""
    guessed = encoding_of(data[:SAMPLE_BYTES])
    said = _CHARSET.search(data[:4096])
    if guessed != "cp1252" or not said:
        return guessed
    name = (said[1] or said[2]).decode("ascii").lower()
    try:
        b"".decode(name)
    except LookupError:
        return guessed
    return guessed if name.startswith(("utf", "iso-8859-1", "ascii", "us-ascii")) else name


def _tree(text: str, html: Any, file: str) -> Any:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_blank_text=False)
    clean = text.replace("\0", "\ufffd").encode("utf-8", "replace")
    try:
        root = html.document_fromstring(clean, parser=parser, ensure_head_body=False)
    except Exception:
        raise BrightlineError(
            "guard-unreadable", "the page cannot be read as HTML", "scan it as plain text: name it .txt", file
        ) from None
    return root.getroottree()


def _bytes(tree: Any, html: Any, text: str) -> bytes:
    for meta in tree.getroot().iter("meta"):
        if meta.get("charset"):
            meta.set("charset", "utf-8")
        elif "charset" in (meta.get("content") or "").lower():
            meta.set("content", "text/html; charset=utf-8")
    # Comments before the first element and the document type are part of the tree, not of its root.
    return bytes(
        html.tostring(
            tree, encoding="utf-8", doctype=tree.docinfo.doctype if "<!doctype" in text[:4096].lower() else None
        )
    )


def _passages(tree: Any, etree: Any) -> Iterator[Passage]:
    root = tree.getroot()
    before = [*root.itersiblings(preceding=True)]
    yield from (_raw(node, "comment") for node in (*before, *root.itersiblings()))
    for number, runs in enumerate(_blocks(root, etree), 1):
        yield Passage(runs, f"passage {number}")
    yield from _rows(root, etree)
    for node in root.iter():
        yield from _of_node(node, etree)


def _of_node(node: Any, etree: Any) -> Iterator[Passage]:
    """What stands in an element but is not shown as text."""
    line = node.sourceline or 0
    if not isinstance(node.tag, str):
        yield _raw(node, f"line {line}, comment")
        return
    if node.tag in _RAW:
        yield _raw(node, f"line {line}, {node.tag}")
    for key in node.attrib:
        name = str(key)
        if name in _SPOKEN or name.startswith(("data-", "aria-", "on")):
            label = _field_name(node) if name in ("value", "content") else ""
            yield Passage([Run.of_attribute(node, key)], f"line {line}, attribute {name[:40]}", label)


def _field_name(node: Any) -> str:
    return (node.get("aria-label") or node.get("name") or "").replace("_", " ").replace("-", " ")[:60]


def _raw(node: Any, place: str) -> Passage:
    return Passage([Run.of(node, "text")], place)


def _blocks(root: Any, etree: Any) -> Iterator[list[Run]]:
    """The runs of each block of a page: what is read as one text."""
    held: list[Run] = []
    for run in _flow(root):
        if run is None:
            if any(one.text.strip() for one in held):
                yield held
            held = []
        else:
            held.append(run)
    if any(one.text.strip() for one in held):
        yield held


def _flow(node: Any) -> Iterator[Run | None]:
    """The runs of an element in the order of the page, and None where a block begins or ends.

    Kept on a list, not by recursion: a page may nest deeper than Python does.
    """
    waiting: list[tuple[str, Any]] = [("node", node)]
    while waiting:
        kind, one = waiting.pop()
        if kind == "tail":
            if one.tail:
                yield Run.of(one, "tail")
            continue
        if kind == "edge":
            yield None
            continue
        is_element = isinstance(one.tag, str)
        is_block = is_element and one.tag not in _INLINE and one.tag != "br"
        if is_block:
            yield None
        if is_element and one.tag == "br":
            yield Run("\n")
        elif is_element and one.tag not in _RAW and one.text:
            yield Run.of(one, "text")
        waiting += [("edge", None)] if is_block else []
        if is_element and one.tag not in _RAW:
            waiting += [pair for child in reversed(one) for pair in (("tail", child), ("node", child))]


def _rows(root: Any, etree: Any) -> Iterator[Passage]:
    """Each cell of a table, and each description of a list, after what names it."""
    for table in root.iter("table"):
        rows = [[c for c in row if c.tag in ("td", "th")] for row in table.iter("tr")]
        heads = [_words(c) for c in rows[0]] if rows and all(c.tag == "th" for c in rows[0]) else []
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                labels = [_words(row[column - 1])] if column else []
                labels += [heads[column]] if column < len(heads) and number > 1 else []
                yield from _labelled(
                    cell, labels if cell.tag == "td" else [], f"line {cell.sourceline or 0}, table row {number}"
                )
    for term in root.iter("dt", "label"):
        after = term.getnext()
        if after is not None and isinstance(after.tag, str):
            yield from _labelled(after, [_words(term)], f"line {after.sourceline or 0}, {after.tag}")


def _labelled(node: Any, labels: list[str], place: str) -> Iterator[Passage]:
    for label in dict.fromkeys(one.strip().rstrip(":") for one in labels):
        if 1 < len(label) <= 60 and any(map(str.isalpha, label)) and "." not in label:
            yield Passage(list(_live(node)), place, label)


def _live(node: Any) -> Iterator[Run]:
    """The runs within an element, without the empty lines at its beginning."""
    has_begun = False
    for run in _flow(node):
        if run is not None or has_begun:
            yield run or Run("\n")
        has_begun = has_begun or run is not None


def _words(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())
