"""E-mail: headers, text and HTML parts, and attachments of every kind that is read, messages within messages too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from pathlib import Path
from typing import Any

from brightline.guard.files.decoding import decode
from brightline.guard.files.done import PICTURES, Block, Done
from brightline.guard.files.judging import Judge
from brightline.law.errors import BrightlineError

__all__ = ["blocks", "rewrite", "rewrite_box"]

KIND = "message"
LARGEST = 128 << 20
# Headers that machines write for machines, and those that say how the body is written.
_QUIET = re.compile(
    r"(?i)(content-(type|transfer-encoding|disposition|id)|mime-version|message-id|in-reply-to|references|received|date|"
    r"dkim-.*|arc-.*|authentication-results|return-path|x-received)$"
)
# A line that begins a message of a mailbox: it ends in a time and a year.
_BEGINS = re.compile(rb"From \S*\s.*\d:\d\d.*\d{4}")
_LEFT_OUT = "left out: of a kind that is not read"
_POLICY = policy.default.clone(refold_source="none")


def rewrite(data: bytes, file: str, judge: Judge, done: Done, place: str = "") -> bytes:
    """A message redacted. Raises: BrightlineError `guard-unreadable`."""
    part = Done(file, within=place)
    try:
        message = message_from_bytes(data, policy=_POLICY)
        _message(message, judge, part, place)
        again = message.as_bytes()
    except (MessageError, LookupError, ValueError, AttributeError, TypeError, KeyError, IndexError):
        raise BrightlineError(
            "guard-unreadable", "the message is broken", "open it in a mail program and save it again", file
        ) from None
    done.take(part)
    return again


def _message(message: Any, judge: Judge, done: Done, place: str) -> None:
    _headers(message, judge, done)
    message.preamble = message.epilogue = None
    for number, part in enumerate(_leaves(message), 1):
        _part(part, number, judge, done, place)


def _leaves(message: Any) -> Iterator[Any]:
    """The parts that hold something; a message that is attached is one, since it has headers of its own."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        yield from _leaves(part)


def _headers(message: Any, judge: Judge, done: Done) -> None:
    names = [name for name in dict.fromkeys(message.keys()) if not _QUIET.match(name)]
    for name in names:
        values = [str(value) for value in message.get_all(name)]
        verdicts = judge.judge(values, (done.file,), "" if name.lower() == "subject" else name.replace("-", " "))
        for verdict in verdicts:
            done.tell(f"header {name[:40]}" if name.isascii() else "header", verdict)
        if any(verdict.redacted.spans for verdict in verdicts):
            del message[name]
            for verdict in verdicts:
                message[_header_for(name)] = " ".join(verdict.redacted.text.split())


def _header_for(name: str) -> str:
    """Addresses with a mask in them are no addresses: they are kept as words."""
    is_address = name.lower() in ("from", "to", "cc", "bcc", "reply-to", "sender")
    return f"X-Redacted-{name}" if is_address else name


def _part(part: Any, number: int, judge: Judge, done: Done, place: str) -> None:
    """Judge one part and put what is left of it in its place."""
    name = part.get_filename() or ""
    kind = part.get_content_type()
    if kind.startswith("multipart/"):
        part.set_type("text/plain")
        kind = "text/plain"
    where = f"part {number}, "
    if kind == "message/rfc822":
        inner = part.get_payload(0)
        part.set_payload([message_from_bytes(_inner(inner, judge, done, place + where), policy=_POLICY)])
        return
    if kind.startswith("image/"):
        done.notes[PICTURES] += 1
        return
    data = part.get_payload(decode=True) or b""
    if kind.startswith("text/"):
        data = _as_utf8(part, data, done)
    again = _read(name, kind, data, judge, done, place + where)
    if again is None:
        done.skip(f"part {number}", f"an attachment of type {kind[:60]}, which is not read")
    clean = _clean_name(name, number, judge, done)
    if again != data or clean != name:
        _put(part, again, clean)


def _inner(message: Any, judge: Judge, done: Done, place: str) -> bytes:
    part = Done(done.file)
    data = rewrite(message.as_bytes(policy=_POLICY), done.file, judge, part, place)
    done.take(part)
    return data


def _as_utf8(part: Any, data: bytes, done: Done) -> bytes:
    """The words of a text part, whatever encoding it says it is in."""
    said = (part.get_content_charset() or "").lower()
    try:
        b"".decode(said or "utf-8")
    except LookupError:
        said = ""
    named = "" if said in ("", "us-ascii", "ascii", "iso-8859-1", "utf-8") else said
    return done.counting(lambda raw: decode(raw, named), data).encode("utf-8", "replace")


def _read(name: str, kind: str, data: bytes, judge: Judge, done: Done, place: str) -> bytes | None:
    from brightline.guard.files.documents import rewritten

    types = {"text/html": ".html", "text/csv": ".csv", "application/pdf": ".pdf", "text/calendar": ".txt"}
    ending = Path(name).suffix.lower()
    if kind.startswith("text/"):
        return rewritten(
            types.get(kind, ".txt") if ending not in (".csv", ".html", ".htm") else ending, data, judge, done, place
        )
    return rewritten(name if ending else types.get(kind, ""), data, judge, done, place)


def _put(part: Any, again: bytes | None, name: str) -> None:
    """Put what is left of a part in its place; its headers say what it is."""
    kind = part.get_content_type()
    is_text, disposition = kind.startswith("text/"), part.get_content_disposition()
    is_pdf = kind == "application/pdf" or name.lower().endswith(".pdf")
    if again is None:
        again, kind, is_text = _LEFT_OUT.encode(), "text/plain", True
    elif is_pdf:
        kind, name, is_text = "text/plain", f"{name}.txt" if name else "", True
    options: dict[str, Any] = {"disposition": disposition} if disposition else {}
    if name:
        options["filename"] = name
    if part["Content-ID"]:
        options["cid"] = str(part["Content-ID"])
    if is_text:
        text = again.decode("utf-8", "replace").replace("\r\n", "\n")
        part.set_content(text, subtype=kind.partition("/")[2], charset="utf-8", **options)
    else:
        main, _, sub = kind.partition("/")
        part.set_content(again, maintype=main, subtype=sub, **options)


def _clean_name(name: str, number: int, judge: Judge, done: Done) -> str:
    """The name of an attachment, or a plain one if it gives something away."""
    if not name:
        return ""
    (verdict,) = judge.judge([name.replace("_", " ")], (done.file,))
    done.tell(f"part {number}, name of the attachment", verdict)
    return f"attachment-{number}{Path(name).suffix[:8]}" if verdict.is_open else name


def blocks(path: Path, file: str) -> Iterator[Block]:
    """The messages of a mailbox (mbox), one block each."""
    with path.open("rb") as stream:
        yield from _split(stream, file)


def _split(lines: Any, file: str) -> Iterator[Block]:
    held: list[bytes] = []
    size, number, is_start = 0, 0, True
    for line in lines:
        if is_start and held and _BEGINS.match(line):
            number += 1
            yield Block(KIND, file, b"".join(held), number, size)
            held, size = [], 0
        is_start = not line.strip()
        held.append(line)
        size += len(line)
        if size > LARGEST:
            raise BrightlineError(
                "guard-too-large", f"message {number + 1} is larger than {LARGEST >> 20} MiB", "take it out", file
            )
    if held or not number:
        yield Block(KIND, file, b"".join(held), number + 1, size)


def work(block: Block, judge: Judge) -> Done:
    """Judge one message of a mailbox."""
    done = Done(block.file, block.size)
    done.body = _boxed(block.payload, block.file, judge.writing(), done, f"message {block.first}, ")
    if judge.setting.mode == "quarantine" and done.is_open:
        done.keep_aside(f"message {block.first}", decode(block.payload))
        done.body = b""
    return done


def _boxed(data: bytes, file: str, judge: Judge, done: Done, place: str) -> bytes:
    head, _, rest = (
        data.partition(b"\n") if data.startswith(b"From ") else (b"From nobody Thu Jan  1 00:00:00 1970", b"", data)
    )
    body = re.sub(rb"(?m)^>(>*From )", rb"\1", rest)
    again = rewrite(body, file, judge, done, place)
    return head.rstrip(b"\r") + b"\n" + re.sub(rb"(?m)^(>*From )", rb">\1", again).rstrip(b"\n") + b"\n\n"


def rewrite_box(data: bytes, file: str, judge: Judge, done: Done, place: str = "") -> bytes:
    """A mailbox that stands within another file, redacted."""
    parts = [
        _boxed(block.payload, file, judge, done, f"{place}message {block.first}, ")
        for block in _split(data.splitlines(keepends=True), file)
    ]
    return b"".join(parts)
