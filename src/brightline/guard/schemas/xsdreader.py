"""The elements and attributes of an XML Schema, as NIEM exchanges use it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from brightline.guard.extras import needs
from brightline.guard.schemas.content import refused
from brightline.guard.schemas.field import Field, Schema

__all__ = ["read_xsd"]

_XS = "{http://www.w3.org/2001/XMLSchema}"


def read_xsd(content: bytes, place: str, name: str = "") -> Schema:
    """The elements and attributes, named or referred to, with their documentation and enumerations.

    No entity is expanded and nothing is fetched. Raises: BrightlineError `guard-unreadable`.
    """
    etree = needs("lxml.etree")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise refused("the XML is broken", f"{place}:{line}") from None
    document = root.getroottree().docinfo
    if document.internalDTD is not None and list(document.internalDTD.iterentities()):
        raise refused("the XML defines entities, which are not expanded", place, "remove the DOCTYPE")
    found = _Xsd(root, place)
    return Schema(
        "niem_xsd",
        name or place,
        tuple(found.fields()),
        notes=tuple(found.documentation(root)),
        table_notes=found.notes,
    )


class _Xsd:
    def __init__(self, root: Any, place: str) -> None:
        self.root, self.place = root, place
        self.notes: dict[str, tuple[str, ...]] = {}
        self.types = {one.get("name"): one for one in root.iterchildren(_XS + "simpleType") if one.get("name")}

    def fields(self) -> Iterator[Field]:
        for node in self.root.iter(_XS + "element", _XS + "attribute"):
            name = node.get("ref") or node.get("name")
            if name:
                yield self.field(name, node)

    def field(self, name: str, node: Any) -> Field:
        table = self.table(node)
        prefix, _, _ = name.rpartition(":")
        uri = node.nsmap.get(prefix or None) or ""
        domain = "immigration" if "immigration" in uri.lower() else ""
        return Field(
            name,
            "element" if node.tag == _XS + "element" else "attribute",
            f"{self.place}:{node.sourceline or 1}",
            table,
            (domain,) if domain else (),
            help="\n".join(self.documentation(node)),
            comments="\n".join(self.comments(node)),
            choices=tuple(self.choices(node)),
            samples=tuple(filter(None, (node.get("default"), node.get("fixed")))),
        )

    def table(self, node: Any) -> str:
        for above in node.iterancestors(_XS + "complexType", _XS + "element", _XS + "group", _XS + "attributeGroup"):
            if above.get("name"):
                table = str(above.get("name"))
                if table not in self.notes:
                    self.notes[table] = tuple(self.documentation(above))
                return table
        return ""

    def documentation(self, node: Any) -> Iterator[str]:
        for said in node.iterfind(f"{_XS}annotation/{_XS}documentation"):
            yield " ".join("".join(said.itertext()).split())

    def comments(self, node: Any) -> Iterator[str]:
        """A comment right before the element or on its line."""
        before, after = node.getprevious(), node.getnext()
        if before is not None and not isinstance(before.tag, str) and before.sourceline == (node.sourceline or 0) - 1:
            yield str(before.text or "").strip()
        if after is not None and not isinstance(after.tag, str) and after.sourceline == node.sourceline:
            yield str(after.text or "").strip()

    def choices(self, node: Any) -> Iterator[str]:
        local = (node.get("type") or "").rpartition(":")[2]
        for holder in (node.find(_XS + "simpleType"), self.types.get(local)):
            if holder is not None:
                for one in holder.iter(_XS + "enumeration"):
                    yield one.get("value") or ""
                    yield from self.documentation(one)
