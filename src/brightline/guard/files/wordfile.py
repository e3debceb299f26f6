"""Word files: paragraphs, tables, headers, footers, notes, comments, text boxes, tracked deletions and properties.

Every XML part of the file is read, so a part that Word adds is not overlooked. Runs keep their formatting.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from brightline.guard.extras import needs
from brightline.guard.files.archive import read_archive, write_archive
from brightline.guard.files.done import PICTURES, Done
from brightline.guard.files.judging import Judge
from brightline.guard.files.runs import Passage, Run, judge_passages
from brightline.law.errors import BrightlineError

__all__ = ["rewrite"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_SPOKEN = ("descr", "title", "tooltip", "alias", "author", "initials", "fullDate")
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_TEXTS = ("t", "delText", "instrText", "delInstrText")
_NAMES = {
    "document": "", "header": "header, ", "footer": "footer, ", "footnotes": "footnote, ", "endnotes": "endnote, ",
    "comments": "comment, ",
}  # fmt: skip
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg", ".webp")
# Parts without words of a person; they are kept as they are.
_QUIET = (".odttf", ".ttf", ".otf", ".bin.rels")


def rewrite(data: bytes, file: str, judge: Judge, done: Done, place: str = "") -> bytes:
    """A Word file redacted. Raises: BrightlineError `guard-unreadable`, `guard-too-large`, `missing-extra`."""
    part = Done(file, within=place)
    files = read_archive(data, file)
    if "[Content_Types].xml" not in files:
        raise BrightlineError(
            "guard-unreadable", "the file is not a Word file", "save it again as .docx, or name it after its kind", file
        )
    for name in list(files):
        _part(name, files, judge, part)
    done.take(part)
    return write_archive(files) if judge.setting.writes else data


def _part(name: str, files: dict[str, bytes], judge: Judge, done: Done) -> None:
    """Judge one part of the archive."""
    low = name.lower()
    if "thumbnail" in low and not low.endswith((".xml", ".rels")):
        files[name] = b""
        done.notes["preview pictures, which are taken out"] += 1
    elif low.endswith((".xml", ".rels")):
        files[name] = _xml(name, files[name], judge, done)
    elif low.endswith(_PICTURES):
        done.notes[PICTURES] += 1
    elif not low.endswith(_QUIET) and not low.startswith("word/printersettings"):
        _embedded(name, files, judge, done)


def _embedded(name: str, files: dict[str, bytes], judge: Judge, done: Done) -> None:
    from brightline.guard.files.documents import rewritten

    again = rewritten(name, files[name], judge, done, f"{done.within}{name}, ")
    if again is None:
        done.skip(name, "an embedded file of a kind that is not read")
    files[name] = b"" if again is None else again


def _xml(name: str, data: bytes, judge: Judge, done: Done) -> bytes:
    etree = needs("lxml.etree")
    if not data.strip():
        return data
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        done.skip(name, "a part that is broken, or defines words of its own")
        return b"<broken/>"
    judge_passages(list(_passages(root, name)), judge, done)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _passages(root: Any, name: str) -> Iterator[Passage]:
    stem = name.rsplit("/", 1)[-1].removesuffix(".xml").rstrip("0123456789")
    where = _NAMES.get(stem, f"{name}, ")
    paragraphs = list(root.iter("{*}p"))
    for number, paragraph in enumerate(paragraphs, 1):
        yield from _paragraph(paragraph, f"{where}paragraph {number}")
    yield from _cells(root, where)
    yield from _attributes(root, where)
    if not paragraphs:
        yield from _fields(root, where, name)


def _paragraph(paragraph: Any, place: str) -> Iterator[Passage]:
    """What is seen; and, where something was deleted but kept, what was seen before."""
    nodes = list(_own(paragraph))
    if any(_local(node) in ("delText", "delInstrText") for node in nodes):
        yield Passage([_run(node) for node in nodes if not _local(node).startswith("del")], place)
        yield Passage([_run(node) for node in nodes if not _in(node, "ins")], f"{place}, before changes")
    yield Passage([_run(node) for node in nodes], place)


def _in(node: Any, name: str) -> bool:
    return any(_local(up) == name for up in node.iterancestors())


def _own(paragraph: Any) -> Iterator[Any]:
    """The texts and breaks of a paragraph, without those of a text box that stands in it."""
    for child in paragraph:
        if not isinstance(child.tag, str):
            continue
        name = _local(child)
        if name in _TEXTS or name in _BREAKS:
            yield child
        elif name != "p":
            yield from _own(child)


def _local(node: Any) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _run(node: Any) -> Run:
    name = _local(node)
    if name in _BREAKS:
        return Run(_BREAKS[name])

    def write(text: str) -> None:
        node.text = text
        if name in ("t", "delText"):
            node.set(_SPACE, "preserve")

    return Run(lambda: node.text, write)


def _cells(root: Any, where: str) -> Iterator[Passage]:
    """Each cell after what names it: the cell before it in its row, and the first cell of its column."""
    for table in root.iter("{*}tbl"):
        rows = [[cell for cell in row if _local(cell) == "tc"] for row in table if _local(row) == "tr"]
        heads = [_words(cell) for cell in rows[0]] if rows else []
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                labels = [_words(row[column - 1])] if column else []
                labels += [heads[column]] if number > 1 and column < len(heads) else []
                for label in dict.fromkeys(filter(_names_something, labels)):
                    yield Passage(_cell_runs(cell), f"{where}table row {number}", label.rstrip(": "))


def _names_something(label: str) -> bool:
    return 1 < len(label.strip()) <= 60 and any(map(str.isalpha, label)) and "." not in label.strip()[:-1]


def _words(cell: Any) -> str:
    return " ".join("".join(run.text for run in _cell_runs(cell)).split())


def _cell_runs(cell: Any) -> list[Run]:
    runs: list[Run] = []
    for paragraph in cell.iter("{*}p"):
        runs += [_run(node) for node in _own(paragraph)] + [Run("\n")]
    return runs


def _attributes(root: Any, where: str) -> Iterator[Passage]:
    """Words that stand in attributes: alternative text, tool tips, names of authors, targets of links."""
    for node in root.iter("*"):
        for key in node.attrib:
            local = key.rpartition("}")[2]
            is_link = local == "Target" and node.get("TargetMode") == "External"
            if is_link or local in _SPOKEN or (local == "val" and _local(node) in ("alias", "tag", "default")):
                yield Passage([Run.of_attribute(node, key)], f"{where}attribute")


def _fields(root: Any, where: str, name: str) -> Iterator[Passage]:
    """The words of a part without paragraphs: properties of the file, values of charts."""
    if name.endswith(".rels") or name == "[Content_Types].xml":
        return
    for node in root.iter("*"):
        if node.text and node.text.strip():
            label = node.get("name") or _local(node)
            yield Passage([Run.of(node, "text")], f"{where}`{_local(node)}`", label)
