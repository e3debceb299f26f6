"""Bodies of responses cleaned by what they say they are; what cannot be read is refused, never let through."""

from __future__ import annotations

import fnmatch
import io
import logging
import secrets
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from brightline.guard.egress.cells import Cells
from brightline.guard.egress.csvtable import clean_csv
from brightline.guard.egress.htmltext import clean_html
from brightline.guard.egress.jsontext import clean_json, clean_json_lines
from brightline.guard.egress.policy import Policy
from brightline.guard.egress.report import Report
from brightline.guard.egress.rows import Cleaner
from brightline.law.errors import BrightlineError, shown

__all__ = ["Answered", "Egress", "Headers"]

Headers = list[tuple[str, str]]
_LINES = ("application/x-ndjson", "application/jsonl", "application/jsonlines")
_CSV = {"text/csv": "", "application/csv": "", "text/tab-separated-values": "\t"}
_HTML = ("text/html", "application/xhtml+xml")
_TEXT = ("application/javascript", "application/x-javascript", "application/x-www-form-urlencoded")
# What speaks of the body as it was. A digest of the words that were hidden would confirm a guess at them.
_OF_BODY = ("etag", "content-md5", "digest", "content-digest", "repr-digest", "accept-ranges", "last-modified")
_SEE = "docs/reference/guard-egress.md"
_LOG = logging.getLogger("brightline.guard.egress")


@dataclass(frozen=True, slots=True)
class Answered:
    """A response as it leaves."""

    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Egress:
    """How responses are cleaned.

    `passes` are content types that leave unread, as globs such as `image/*`; `websocket` among them lets websockets
    through. `limit` is the most bytes of one body, packed or not. `told` is given the report of each response.
    """

    policy: Policy = field(default_factory=Policy)
    name: str = "response"
    limit: int = 8 << 20
    passes: tuple[str, ...] = ()
    least: str = "probable"
    scanner: Any = None
    told: Callable[[Report], object] | None = None

    def answered(self, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> Answered:
        """The response cleaned, or an empty refusal: 503 for a body over the limit, else 500."""
        given = list(headers)
        try:
            return self._answered(status, given, body)
        except BrightlineError as error:
            return self.refused(error.code)
        except Exception:  # INVARIANT: whatever fails here, nothing of the body leaves
            return self.refused("guard-failed")

    def refused(self, code: str, status: int = 500) -> Answered:
        """An empty response that says where to look. The log has the code and the same reference, and no text."""
        reference = secrets.token_hex(4)
        _LOG.error("response refused: %s, reference %s, see %s", code, reference, _SEE)
        told = f"refused; code={code}; reference={reference}; see={_SEE}"
        return Answered(
            status,
            [
                ("content-type", "text/plain"),
                ("content-length", "0"),
                ("brightline-guard", told),
                ("cache-control", "no-store"),
            ],
            b"",
        )

    def too_large(self) -> Answered:
        """The refusal of a body over the limit."""
        error = BrightlineError(
            "guard-response-size", "it is larger than the limit", "raise `limit`, or send less at once"
        )
        return self.refused(error.code, 503)

    def lets_pass(self, kind: str) -> bool:
        """Whether a content type leaves unread."""
        return any(fnmatch.fnmatchcase(kind, glob.lower()) for glob in self.passes)

    def is_unread(self, headers: Sequence[tuple[str, str]]) -> bool:
        """Whether a body leaves unread, by its headers."""
        return self.lets_pass(_kind(_header(headers, "content-type")))

    def _answered(self, status: int, headers: Headers, body: bytes) -> Answered:
        if len(body) > self.limit:
            return self.too_large()
        report = Report(self.name)
        self._check_headers(headers, status)
        if not body:
            return Answered(
                status, [pair for pair in headers if pair[0].lower() != "content-length" or pair[1].strip() == "0"], b""
            )
        if self.is_unread(headers):
            return Answered(status, _sized(headers, body), body)
        packing = _header(headers, "content-encoding").strip().lower()
        plain = _unpacked(body, packing, self.limit)
        if len(plain) > self.limit:
            return self.too_large()
        kept, charset = self._cleaned(plain, _header(headers, "content-type"), report)
        if self.told:
            self.told(report)
        if kept == plain:
            return Answered(status, _sized(headers, body), body)
        packed = _packed(kept, packing)
        return Answered(status, _sized(_mended(headers, charset), packed), packed)

    def _check_headers(self, headers: Sequence[tuple[str, str]], status: int) -> None:
        """Raises: BrightlineError `guard-response` for a part of a body, and for a header that says status itself."""
        if status == 206 or _header(headers, "content-range"):
            raise BrightlineError("guard-response", "it is a part of a body", "send whole bodies")
        told = [f"{name}: {unquote_plus(value)}" for name, value in headers]
        judge = Cells(self.policy, Report(), self.name, self.scanner, self.least).judge
        if any(verdict.is_open for verdict in judge.judge(told)):
            raise BrightlineError(
                "guard-response", "a header says status", "leave it out of addresses and names of files"
            )

    def _cleaned(self, body: bytes, said: str, report: Report) -> tuple[bytes, str]:
        """The body cleaned, and the charset in which it is written."""
        kind, charset = _kind(said), _charset(said)
        text = _decoded(body, charset)
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        kept = mark + self._text(text.removeprefix("\ufeff"), kind, report)
        if kept == text:
            return body, charset
        try:
            return kept.encode(charset), charset
        except UnicodeEncodeError:
            return kept.encode("utf-8"), "utf-8"

    def _text(self, text: str, kind: str, report: Report) -> str:
        cleaner = Cleaner(self.policy, self.name, self.scanner, self.least)
        cleaner.report = cleaner.cells.report = report
        if kind == "application/json" or kind.endswith("+json"):
            return clean_json(text, cleaner)
        if kind in _LINES:
            return clean_json_lines(text, cleaner)
        if kind in _HTML:
            return clean_html(text, cleaner)
        if kind in _CSV:
            out: list[str] = []
            # A policy for many responses names columns that one of them does not have.
            clean_csv(
                io.StringIO(text, newline=""),
                out.append,
                self.policy,
                report,
                self.name,
                cleaner.cells,
                _CSV[kind],
                is_strict=False,
            )
            return "".join(out)
        if (kind.startswith("text/") and kind != "text/xml") or kind in _TEXT:
            return cleaner.cells.cleaned({text: 1}, "", "(whole)").get(text, text)
        raise BrightlineError(
            "guard-response", f"a body of kind {shown(kind)} cannot be read", "declare it in `passes`"
        )


def _header(headers: Sequence[tuple[str, str]], name: str) -> str:
    """The value of a header. Raises: BrightlineError `guard-response` where it stands twice and differs."""
    values = {value for key, value in headers if key.lower() == name}
    if len(values) > 1:
        raise BrightlineError("guard-response", f"the header {shown(name)} stands twice", "send it once")
    return next(iter(values), "")


def _kind(said: str) -> str:
    return said.partition(";")[0].strip().lower()


def _charset(said: str) -> str:
    for part in said.split(";")[1:]:
        key, _, value = part.partition("=")
        if key.strip().lower() == "charset":
            return value.strip().strip("\"'").lower()
    return "utf-8"


def _decoded(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset, "strict")
    except (UnicodeError, LookupError):
        raise BrightlineError(
            "guard-response", "it is not in the charset that it says", "mend its content type"
        ) from None


def _unpacked(body: bytes, packing: str, limit: int) -> bytes:
    """The body unpacked, at most a byte more than the limit. Raises: BrightlineError `guard-response`."""
    if packing in ("", "identity"):
        return body
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise BrightlineError("guard-response", f"it is packed as {shown(packing)}", "pack it outside of the guard")
    reader = zlib.decompressobj(31 if "gzip" in packing else 15)
    try:
        plain = reader.decompress(body, limit + 1)
    except zlib.error:
        raise BrightlineError("guard-response", "it cannot be unpacked", "pack it outside of the guard") from None
    if len(plain) <= limit and (not reader.eof or reader.unused_data):
        raise BrightlineError("guard-response", "it is packed in parts, or cut", "pack it outside of the guard")
    return plain


def _packed(body: bytes, packing: str) -> bytes:
    if packing in ("", "identity"):
        return body
    writer = zlib.compressobj(6, zlib.DEFLATED, 31 if "gzip" in packing else 15)
    return writer.compress(body) + writer.flush()


def _sized(headers: Headers, body: bytes) -> Headers:
    return [
        *(pair for pair in headers if pair[0].lower() not in ("content-length", "transfer-encoding", "trailer")),
        ("content-length", str(len(body))),
    ]


def _mended(headers: Headers, charset: str) -> Headers:
    """The headers of a body that was changed."""
    kept = [pair for pair in headers if pair[0].lower() not in _OF_BODY]
    return [(name, _said(value, charset)) if name.lower() == "content-type" else (name, value) for name, value in kept]


def _said(value: str, charset: str) -> str:
    if _charset(value) == charset:
        return value
    kept = [part for part in value.split(";") if not part.strip().lower().startswith("charset=")]
    return f"{';'.join(kept)}; charset={charset}"
