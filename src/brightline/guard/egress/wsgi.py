"""WSGI programs cleaned on the way out: wrap the program, and nothing leaves that was not read.

>>> def program(environ, start_response):
...     start_response("200 OK", [("content-type", "text/plain")])
...     return [b"paid in full"]
>>> guarded = GuardWSGI(program)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from brightline.guard.egress.responses import Answered, Egress

__all__ = ["GuardWSGI"]

_Start = Callable[..., Any]


class GuardWSGI:
    """A WSGI program around another one. Bodies are held whole, up to the limit of `egress`."""

    def __init__(self, app: Any, egress: Egress | None = None) -> None:
        self.app, self.egress = app, egress or Egress()

    def __call__(self, environ: dict[str, Any], start_response: _Start) -> list[bytes]:
        """Answer a request. What the program raises goes on to the server, and no body does."""
        held = _Held(self.egress.limit)
        # A server that sends a file itself would go round the guard.
        inner = {key: value for key, value in environ.items() if key != "wsgi.file_wrapper"}
        held.take(self.app(inner, held.start))
        answered = self.egress.too_large() if held.is_over else self._answered(held, environ)
        start_response(_line(answered, held.status), answered.headers)
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [answered.body]

    def _answered(self, held: _Held, environ: dict[str, Any]) -> Answered:
        if not held.status:
            return self.egress.refused("guard-response")
        body = b"" if environ.get("REQUEST_METHOD") == "HEAD" else b"".join(held.parts)
        return self.egress.answered(int(held.status[:3]), held.headers, body)


def _line(answered: Answered, given: str) -> str:
    if given.startswith(str(answered.status)):
        return given
    return f"{answered.status} {HTTPStatus(answered.status).phrase}"


class _Held:
    """What a program has said so far."""

    def __init__(self, limit: int) -> None:
        self.limit, self.size, self.is_over = limit, 0, False
        self.status, self.headers = "", list[tuple[str, str]]()
        self.parts: list[bytes] = []

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        """What the program calls. It may call it again after a failure, since nothing was sent."""
        self.status, self.headers = status, list(headers)
        if exc_info:
            self.parts, self.size = [], 0
        return self.write

    def write(self, part: bytes) -> None:
        """Hold a part of the body, unless there is too much."""
        self.size += len(part)
        self.is_over = self.is_over or self.size > self.limit
        if not self.is_over:
            self.parts.append(part)

    def take(self, body: Iterable[bytes]) -> None:
        """Hold a body, and let the program close it."""
        try:
            for part in body:
                self.write(part)
                if self.is_over:
                    self.parts = []
                    break
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()
