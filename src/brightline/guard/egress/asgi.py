"""ASGI programs cleaned on the way out: wrap the program, and nothing leaves that was not read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from brightline.guard.egress.responses import Answered, Egress

__all__ = ["GuardASGI"]

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]


class GuardASGI:
    """An ASGI program around another one. Bodies are held whole, up to the limit of `egress`.

    A websocket is refused unless `websocket` is among `egress.passes`; it would then leave unread.
    """

    def __init__(self, app: Any, egress: Egress | None = None) -> None:
        self.app, self.egress = app, egress or Egress()

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Answer a request. What the program raises goes on to the server, and no body does."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan" or (scope["type"] == "websocket" and self.egress.lets_pass("websocket")):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            self.egress.refused("guard-response")
            await receive()
            await send({"type": "websocket.close", "code": 1011})
        else:
            self.egress.refused("guard-response")

    async def _http(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        # Extensions send files by their paths and push pages: they would go round the guard.
        inner = {**scope, "extensions": {}}
        held = _Held(self.egress, send, scope.get("method") == "HEAD")
        try:
            await self.app(inner, receive, held.send)
        except _Answered:
            return
        await held.end()


class _Answered(OSError):
    """Ends a program that goes on sending after it was answered for, as a server does when the reader is gone."""


class _Held:
    """What a program has sent so far."""

    def __init__(self, egress: Egress, send: _Send, is_head: bool) -> None:
        self.egress, self.out, self.is_head = egress, send, is_head
        self.start: _Message | None = None
        self.body = bytearray()
        self.is_sent = False

    async def send(self, message: _Message) -> None:
        """Hold a message; after the last one the answer leaves. Anything that is not known is refused."""
        if self.is_sent:
            raise _Answered
        kind = message["type"]
        if kind == "http.response.start" and self.start is None:
            self.start = message
        elif kind == "http.response.body" and self.start is not None:
            await self._take(message)
        elif kind != "http.response.trailers":
            await self._answer(self.egress.refused("guard-response"))

    async def _take(self, message: _Message) -> None:
        self.body += message.get("body", b"")
        if len(self.body) > self.egress.limit:
            self.body = bytearray()
            await self._answer(self.egress.too_large())
        elif not message.get("more_body", False):
            await self._answer(self._answered())

    def _answered(self) -> Answered:
        if self.start is None:
            return self.egress.refused("guard-response")
        headers = [(bytes(k).decode("latin-1"), bytes(v).decode("latin-1")) for k, v in self.start.get("headers", ())]
        return self.egress.answered(self.start["status"], headers, b"" if self.is_head else bytes(self.body))

    async def end(self) -> None:
        """Refuse an answer that the program began and did not end: it may be cut anywhere."""
        if not self.is_sent and self.start is not None:
            await self._answer(self.egress.refused("guard-response"))

    async def _answer(self, answered: Answered) -> None:
        self.is_sent = True
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answered.headers]
        await self.out({"type": "http.response.start", "status": answered.status, "headers": headers})
        await self.out({"type": "http.response.body", "body": b"" if self.is_head else answered.body})
