"""Small files of the kinds that offices keep, made for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

WORD_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def pdf(pages: Sequence[str], subject: str = "", extra: bytes = b"") -> bytes:
    """A PDF of pages with a line of text each; an empty one shows a picture."""
    objects: list[bytes] = [
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\n0\nendstream",
    ]
    parent = len(objects) + 2 * len(pages) + 1
    kids = []
    for text in pages:
        drawn = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET" if text else "q 100 0 0 100 0 0 cm /I1 Do Q"
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream".encode())
        objects.append(
            f"<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R"
            " /Resources << /Font << /F1 1 0 R >> /XObject << /I1 2 0 R >> >> >>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects.append(f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>".encode())
    objects.append(f"<< /Type /Catalog /Pages {parent} 0 R >>".encode())
    objects.append(f"<< /Subject ({subject}) >>".encode())
    return _file(objects)


def _file(objects: Sequence[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects)
    return (
        out + b"xref\n0 %d\n0000000000 65535 f \n" % (count + 1) + table
        + b"trailer << /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count + 1, count - 1, count, len(out))
    )  # fmt: skip


def word(body: str, **parts: str | bytes) -> bytes:
    """A Word file with the XML of a body; further parts by their names, `__` for a slash and `_` for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {WORD_SPACE}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def run(text: str, inside: str = "t") -> str:
    """A run of a paragraph."""
    return f'<w:r><w:rPr><w:b/></w:rPr><w:{inside} xml:space="preserve">{text}</w:{inside}></w:r>'


def parts_of(data: bytes) -> dict[str, str]:
    """The parts of a Word file as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
