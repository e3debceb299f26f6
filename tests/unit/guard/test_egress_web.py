from __future__ import annotations

import asyncio
import gzip
import json
import logging
import re
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
from egresstools import SECRETS
from guardfake import FakeScanner
from hypothesis import given
from hypothesis import strategies as st

from brightline.guard.egress.asgi import GuardASGI
from brightline.guard.egress.policy import Policy
from brightline.guard.egress.responses import Egress
from brightline.guard.egress.wsgi import GuardWSGI

JSON = "application/json"


def egress(**more):
    return Egress(scanner=FakeScanner(), **more)


def by_asgi(body, headers=(), guard=None, status=200, parts=1, method="GET"):
    """A response of a plain ASGI program through the guard."""
    sent = []

    async def app(scope, receive, send):
        assert not scope["extensions"]
        pairs = [(k.encode(), v.encode("latin-1")) for k, v in headers]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        size = max(1, -(-len(body) // parts))
        for at in range(0, max(1, len(body)), size):
            last = at + size >= len(body)
            await send({"type": "http.response.body", "body": body[at : at + size], "more_body": not last})

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "extensions": {"http.response.pathsend": {}}}
    asyncio.run(GuardASGI(app, guard or egress())(scope, None, send))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    return sent[0]["status"], {k.decode(): v.decode("latin-1") for k, v in sent[0]["headers"]}, sent[1]["body"]


def by_wsgi(body, headers=(), guard=None, status=200, parts=1, method="GET"):
    """The same of a WSGI program, checked by the validator of the standard library on both sides."""
    told = []

    def app(environ, start_response):
        assert "wsgi.file_wrapper" not in environ
        start_response(f"{status} Said", [(k, v) for k, v in headers])
        size = max(1, -(-len(body) // parts))
        return iter([body[at : at + size] for at in range(0, len(body), size)])

    environ = {"REQUEST_METHOD": method, "QUERY_STRING": "", "wsgi.file_wrapper": None}
    setup_testing_defaults(environ)
    guarded = GuardWSGI(app, guard or egress())
    with_file = dict(environ)
    del environ["wsgi.file_wrapper"]
    found = validator(guarded)(environ, lambda line, pairs, exc=None: told.append((line, pairs)))
    kept = b"".join(found)
    found.close()
    GuardWSGI(app, guard or egress())(with_file, lambda *told: None)
    return int(told[0][0][:3]), {k.lower(): v for k, v in told[0][1]}, kept


BOTH = pytest.mark.parametrize("answer", [by_asgi, by_wsgi])


def typed(kind, **more):
    return [("content-type", kind), *more.items()]


def refused(answered, code, status=500):
    assert answered[0] == status and answered[2] == b"" and answered[1]["content-length"] == "0"
    assert f"code={code};" in answered[1]["brightline-guard"] and "see=docs/" in answered[1]["brightline-guard"]


@BOTH
@pytest.mark.parametrize("parts", [1, 7])
def test_json_is_cleaned_and_its_length_mended(answer, parts):
    body = (
        b'{"id": 1.10, "nationality": "Ruritania", "notes": [{"n": 12345678901234567890.50, "t": "She is quux. Ok"}]}'
    )
    status, headers, kept = answer(
        body, [*typed(JSON), ("content-length", str(len(body))), ("etag", '"x"')], parts=parts
    )
    assert (
        status == 200 and kept.decode() == '{"id":1.10,"notes":[{"n":12345678901234567890.50,"t":"She ███████. Ok"}]}'
    )
    assert headers["content-length"] == str(len(kept)) and "etag" not in headers


CLEAN = [
    ("application/json", b' {"a" : [1.0, 1e400, "fine", "\\u00e9"] }\n'),
    ("application/problem+json; charset=utf-8", b'{"a": null}'),
    ("application/x-ndjson", b'{"a": 1}\n\n{"a": "fine"}\n'),
    ("text/html; charset=utf-8", b"<!doctype html><p>fine<br>so <b>far</B>"),
    ("text/csv", b'id,note\r\n1,"fine"\r\n'),
    ("text/plain", "señor".encode()),
    ("text/plain; charset=latin-1", "señor".encode("latin-1")),
    ("text/css", b"p{color:red}"),
]


@BOTH
@pytest.mark.parametrize(("kind", "body"), CLEAN)
def test_clean_responses_leave_byte_for_byte(answer, kind, body):
    headers = [*typed(kind), ("etag", '"x"'), ("x-a", "1")]
    status, kept_headers, kept = answer(body, headers)
    assert status == 200 and kept == body and kept_headers["etag"] == '"x"' and kept_headers["x-a"] == "1"
    packed = gzip.compress(body)
    assert answer(packed, [*headers, ("content-encoding", "gzip")])[2] == packed


SAID = [
    ("application/json", '{"t": "She is quux. Ok"}', '{"t":"She ███████. Ok"}'),
    ("application/jsonl", '{"t": "zig"}\n{"t": "b"}\n', '{"t":"███"}\n{"t": "b"}\n'),
    ("text/html", "<p>She is <b>quux</b>.</p>", "<p>She ██ <b>████</b>.</p>"),
    ("text/csv", "id,note,citizenship\n1,zig,Ruritania\n", "id,note\n1,███\n"),
    ("text/tab-separated-values", "id\tnote\n1\tzig\n", "id\tnote\n1\t███\n"),
    ("text/plain", "a N123456 b", "a ███████ b"),
    ("text/event-stream", "data: zig\n\n", "data: ███\n\n"),
]


@BOTH
@pytest.mark.parametrize(("kind", "given", "expected"), SAID)
def test_each_kind_of_text_is_cleaned_packed_or_not(answer, kind, given, expected):
    status, _, kept = answer(given.encode(), typed(kind))
    if kind == "text/html":
        assert status == 200 and b"quux" not in kept
    else:
        assert (status, kept.decode()) == (200, expected)
    packed = answer(gzip.compress(given.encode()), [*typed(kind), ("content-encoding", "gzip")])[2]
    assert gzip.decompress(packed) == kept
    assert answer(kept, typed(kind))[2] == kept


def test_a_charset_that_has_no_mask_becomes_utf_8():
    _, headers, kept = by_asgi("señor zig".encode("latin-1"), typed("text/plain; charset=latin-1"))
    assert kept.decode() == "señor ███" and headers["content-type"] == "text/plain; charset=utf-8"


@BOTH
@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (typed(JSON), b'{"t": "She is quux"'),
        (typed(JSON), b'{"t": NaN}'),
        (typed(JSON), b'{"t": 1, "t": "quux"}'),
        (typed(JSON), b"[" * 100_000),
        (typed("text/plain"), b"quux \xff"),
        (typed("text/plain; charset=klingon"), b"quux"),
        (typed("application/pdf"), b"%PDF quux"),
        (typed("image/png"), b"quux"),
        (typed("application/xml"), b"<a>quux</a>"),
        ([], b"quux"),
        ([*typed("text/plain"), ("content-encoding", "br")], b"quux"),
        ([*typed("text/plain"), ("content-encoding", "gzip")], b"quux"),
        ([*typed("text/plain"), ("content-encoding", "gzip")], gzip.compress(b"quux")[:-9]),
        ([*typed("text/plain"), ("content-encoding", "gzip")], gzip.compress(b"a") + gzip.compress(b"quux")),
        ([*typed("text/plain"), ("content-range", "bytes 0-1/9")], b"qu"),
        ([*typed("text/plain"), ("location", "/?note=N123456")], b"fine"),
        ([*typed("text/plain"), ("content-disposition", "attachment; filename=is%20quux.txt")], b"fine"),
    ],
)
def test_what_cannot_be_read_is_refused_with_an_empty_answer(answer, headers, body, caplog):
    with caplog.at_level(logging.DEBUG):
        found = answer(body, headers)
    assert found[0] == 500 and found[2] == b"" and "brightline-guard" in found[1]
    assert caplog.records and not [word for word in SECRETS if word in caplog.text or word in str(found)]


@BOTH
def test_a_part_of_a_body_is_refused(answer):
    refused(answer(b"qu", typed("text/plain"), status=206), "guard-response")


@BOTH
def test_a_body_over_the_limit_is_refused(answer):
    guard = egress(limit=1000)
    refused(answer(b"quux" * 1000, typed("text/plain"), guard, parts=9), "guard-response-size", 503)
    bomb = gzip.compress(b"quux" * 10_000)
    refused(answer(bomb, [*typed("text/plain"), ("content-encoding", "gzip")], guard), "guard-response-size", 503)


@BOTH
def test_what_is_declared_passes_unread(answer):
    guard = egress(passes=("image/*",))
    assert answer(b"\x89quux", typed("image/png"), guard)[2] == b"\x89quux"
    assert answer(b"%PDF", typed("application/pdf"), guard)[0] == 500


@BOTH
def test_a_scanner_that_fails_is_an_empty_answer(answer, caplog):
    class Broken(FakeScanner):
        def scan_many(self, texts, least="probable"):
            raise RuntimeError(f"cannot read {texts}")

    found = answer(b'{"t": "quux"}', typed(JSON), Egress(scanner=Broken()))
    refused(found, "guard-failed")
    assert "quux" not in caplog.text


@BOTH
def test_an_answer_without_a_body_passes(answer):
    assert answer(b"", [], status=204)[0] == 204
    status, headers, body = answer(b"", [*typed(JSON), ("content-length", "99")], method="HEAD")
    assert status == 200 and "content-length" not in headers and body == b""


def test_a_failure_of_the_program_sends_nothing():
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"quux", "more_body": True})
        raise KeyError

    async def send(message):
        sent.append(message)

    with pytest.raises(KeyError):
        asyncio.run(GuardASGI(app, egress())({"type": "http", "method": "GET"}, None, send))
    assert sent == []


@pytest.mark.parametrize("last", [None, {"type": "http.response.pathsend", "path": "/x"}])
def test_an_answer_cut_short_or_sent_in_another_way_is_refused(last):
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"quux", "more_body": True})
        if last:
            await send(last)

    async def send(message):
        sent.append(message)

    asyncio.run(GuardASGI(app, egress())({"type": "http", "method": "GET"}, None, send))
    assert sent[0]["status"] == 500 and sent[1]["body"] == b"" and len(sent) == 2


def test_an_endless_stream_is_ended():
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        while True:
            await send({"type": "http.response.body", "body": b"quux" * 100, "more_body": True})

    async def send(message):
        sent.append(message)

    asyncio.run(GuardASGI(app, egress(limit=1000))({"type": "http", "method": "GET"}, None, send))
    assert sent[0]["status"] == 503 and len(sent) == 2


def test_a_websocket_is_refused_unless_it_is_declared():
    sent, calls = [], []

    async def app(scope, receive, send):
        calls.append(scope["type"])

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    asyncio.run(GuardASGI(app, egress())({"type": "websocket"}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1011}] and not calls
    asyncio.run(GuardASGI(app, egress(passes=("websocket",)))({"type": "websocket"}, receive, send))
    asyncio.run(GuardASGI(app, egress())({"type": "lifespan"}, receive, send))
    assert calls == ["websocket", "lifespan"]


def test_status_that_stands_across_two_values_is_hidden():
    class Across(FakeScanner):
        def scan(self, text, least="probable"):
            return tuple(self._each(r'(one", "b": "two)', text, "birthplace", "certain"))

    kept = by_asgi(b'{"a": "one", "b": "two", "c": 3}', typed(JSON), Egress(scanner=Across()))[2]
    assert json.loads(kept) == {"a": "███", "b": "███", "c": 3}


def test_the_report_of_a_response_holds_no_words():
    reports = []
    guard = egress(told=reports.append, policy=Policy({"id": "mask"}))
    kept = by_asgi(b'{"id": 4, "t": "She is quux. Ok", "nationality": "Ruritania"}', typed(JSON), guard)[2]
    assert json.loads(kept) == {"id": "███", "t": "She ███████. Ok"}
    text = str(reports[0].as_json())
    assert "birthplace" not in text and "status_assertion" in text and not [word for word in SECRETS if word in text]


TEXTS = st.lists(
    st.sampled_from(["is quux now", "zig", "zag", "N123456", "origin: Ruritania", " ", ". ", '"', "\\", "ñ", "7"]),
    max_size=6,
)
VALUES = st.recursive(
    st.none() | st.integers() | TEXTS.map("".join),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["note", "origin", "b"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(VALUES, st.booleans())
def test_what_comes_out_as_json_holds_no_finding_and_a_second_time_changes_nothing(value, ascii_only):
    status, _, kept = by_asgi(json.dumps(value, ensure_ascii=ascii_only).encode(), typed(JSON))
    if status != 200:
        assert kept == b""
        return
    text = kept.decode()
    assert not [f for f in FakeScanner().scan(text) if any(map(str.isalnum, text[f.start : f.end]))]
    assert by_asgi(kept, typed(JSON))[2] == kept


@given(TEXTS.map("".join), st.sampled_from(["text/plain", "text/html"]))
def test_what_comes_out_as_text_holds_no_finding(text, kind):
    status, _, kept = by_asgi(text.encode(), typed(kind))
    assert status == 200
    out = re.sub(r"<[^>]*>", " ", kept.decode())
    assert not [f for f in FakeScanner().scan(out) if any(map(str.isalnum, out[f.start : f.end]))]
    assert by_asgi(kept, typed(kind))[2] == kept
