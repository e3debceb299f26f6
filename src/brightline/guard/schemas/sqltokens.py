"""The columns of tables that no dialect's parser understands, by the tokens of the script."""

from __future__ import annotations

from typing import Any

from brightline.guard.schemas.sqlcomments import Comments

__all__ = ["token_columns"]

_NOT_COLUMNS = {
    "PRIMARY", "PRIMARY KEY", "FOREIGN", "FOREIGN KEY", "UNIQUE", "CONSTRAINT", "CHECK", "KEY", "INDEX", "EXCLUDE",
    "LIKE", "PERIOD", "FULLTEXT", "PARTITION",
}  # fmt: skip


def token_columns(sqlglot: Any, text: str, place: str, comments: Comments) -> dict[tuple[str, str], dict[str, Any]]:
    """The first word after each bracket or comma of a `create table`, with the comment beside it."""
    tokens = sqlglot.tokenize(text)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for index, token in enumerate(tokens):
        if token.text.upper() == "CREATE":
            table, at = _table(tokens, index + 1)
            if table:
                _columns(tokens, at, table, found, comments)
    return found


def _table(tokens: list[Any], at: int) -> tuple[str, int]:
    words = tokens[at : at + 4]
    offset = next((i for i, token in enumerate(words) if token.text.upper() == "TABLE"), None)
    if offset is None:
        return "", at
    at += offset + 1
    name: list[str] = []
    while at < len(tokens) and tokens[at].text not in ("(", ";"):
        if tokens[at].text.upper() not in ("IF", "NOT", "EXISTS"):
            name.append(tokens[at].text)
        at += 1
    return "".join(name), at


def _columns(
    tokens: list[Any], at: int, table: str, found: dict[tuple[str, str], dict[str, Any]], comments: Comments
) -> None:
    depth, is_first = 0, False
    for token in tokens[at:]:
        if is_first and token.text.upper() not in _NOT_COLUMNS and depth == 1:
            found[table, token.text] = {
                "line": token.line,
                "comments": comments.beside(token.start),
                "choices": [],
                "samples": [],
                "type": "",
            }
        depth += (token.text == "(") - (token.text == ")")
        is_first = depth == 1 and token.text in ("(", ",")
        if depth == 0 or token.text == ";":
            return
