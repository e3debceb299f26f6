"""Reading YAML: hostile and malformed files are refused soon, with their place and the next step, and never crash."""

from __future__ import annotations

import os
import sys
import tracemalloc
from datetime import UTC, date, datetime

import pytest
import yaml

from brightline.law import yamlfile
from brightline.law.errors import BrightlineError
from brightline.law.yamlfile import MAX_BYTES, load_text, load_yaml, read_bytes

needs_a_plain_user = pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file, whatever its permissions")


@pytest.fixture(params=["libyaml", "python"], autouse=True)
def loader(request, monkeypatch):
    """Every refusal holds with either parser."""
    if request.param == "python":
        monkeypatch.setattr(yamlfile, "_LOADER", yaml.SafeLoader)
    return request.param


def refused(text: str, code: str = "yaml") -> BrightlineError:
    with pytest.raises(BrightlineError) as caught:
        load_text(text, "f")
    error = caught.value
    assert error.code == code
    assert error.where.startswith("f")
    assert error.help
    assert "Traceback" not in str(error)
    return error


def test_values_know_their_lines():
    table = load_text("a: 1\nb:\n  - x\n  - y: z\n", "f")
    assert table == {"a": 1, "b": ["x", {"y": "z"}]}
    assert (table.where("b"), table["b"].where(1), table["b"][1].where("y")) == ("f:2", "f:4", "f:4")


@pytest.mark.parametrize("text, value", [
    ("12", 12), ("-3", -3), ("1_000", 1000), ("yes", True), ("off", False), ("~", None), ("", None), ("# c\n", None), ("1.5", "1.5"),
    ("0x1f", "0x1f"), ("'12'", "12"), ("2025-02-06", date(2025, 2, 6)), ("2025-02-06T10:00:00Z", datetime(2025, 2, 6, 10, tzinfo=UTC)),
    ("12:30", "12:30"), ("!!str 12", "12"), ("! 12", 12),
])  # fmt: skip
def test_a_word_has_the_type_it_looks_like(text, value):
    found = load_text(text, "f")
    assert (type(found), found) == (type(value), value)


def test_anchors_that_would_swell_to_a_billion_values_are_refused_at_the_first():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    assert refused("\n".join(lines)).where == "f:1"


@pytest.mark.parametrize(
    "text", ["&a [*a]", "a: &x {b: *x}", "a: *nowhere", "- &a 1\n- *a", "- &a 1\n- {*a : 2}", "? &a k\n: 1"]
)
def test_anchors_and_aliases_are_refused_even_where_they_do_no_harm(text):
    refused(text)


@pytest.mark.parametrize("text", [
    "[" * 100_000, "{" * 100_000, "[ # ]\n" * 100_000, '["]",' * 100_000, "{'}':" * 100_000, "- a]]]\n- [" * 3000, "- " * 100_000,
    "- - - -\n" * 5_000 + "x", "-\t" * 50_000, "? " * 100_000, "? - " * 50_000, "-\n" * 3 + "".join(" " * n + "-\n" for n in range(1, 2000)),
    "".join(" " * n + "a:\n" for n in range(1500)), "[[" * 30 + "]]" * 30, "a: " * 1000,
])  # fmt: skip
def test_a_file_nested_very_deeply_is_refused_and_never_overflows_the_stack(text):
    refused(text)


def test_a_file_as_deep_as_the_limit_is_read():
    found = load_text("[" * 40 + "]" * 40, "f")
    for _ in range(39):
        found = found[0]
    assert found == []


def test_brackets_in_texts_and_comments_are_not_nesting():
    assert load_text("# " + "[" * 100 + "\na: '" + "[" * 100 + "'\n", "f") == {"a": "[" * 100}


def test_a_file_of_very_many_values_is_refused(loader, monkeypatch):
    if loader == "python":
        monkeypatch.setattr(yamlfile, "MAX_VALUES", 1000)
    assert "values" in refused("-\n" * (yamlfile.MAX_VALUES + 2)).message


@pytest.mark.parametrize("text, line", [
    ("a: 1\na: 2", 2), ("a: {b: 1, 'b': 2}", 1), ("<<: {a: 1}\n<<: {b: 2}", 2), ("1: a\n'1': b", 2), ("a: 1\n? [b]\n: 2", 2), ("a: 1\n? {b: c}\n: 2", 2),
    ("a:\n\tb: 1", 2), ("a: b: c", 1), ("a: [1", 1), ("a: 'x", 1), ("a: 1\n--- \nb: 2", 2), ("a: @x", 1), ("a: `x`", 1), ("%YAML 3.0\n--- a", 1),
    ("a: 2025-02-30", 1), ("a: 2025-02-06 25:00:00", 1), ("a: 2001-1-1 1:00:00", 1), ("a: =", 1), ("a: !!float x\nb: !foo y", 2),
])  # fmt: skip
def test_malformed_text_is_refused_at_its_line(text, line):
    number = int(refused(text).where.removeprefix("f:"))
    assert line <= number <= line + 1


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object:os.system",
        "!!python/object/apply:os.system [ls]",
        "!!python/name:os.system",
        "!!binary",
        "!!set",
        "!!omap",
        "!mine",
        "!!merge",
    ],
)
@pytest.mark.parametrize("value", ["x", "{a: 1}", "[a]"])
def test_a_tag_is_refused_and_never_acted_on(tag, value):
    refused(f"a: {tag.split()[0]} {value}")


def test_a_merge_key_is_a_key_like_any_other_so_that_the_file_format_refuses_it():
    table = load_text("<<: {a: 1}\nb: 2", "f")
    assert table == {"<<": {"a": 1}, "b": 2}
    with pytest.raises(BrightlineError, match="`<<` is not a field"):
        table.reject_unknown(("b",), "a norm")


@pytest.mark.parametrize(
    "text",
    [
        "a: \x00",
        "\x00",
        "a\x00b: c",
        "a: \x07",
        "a: \ud800",
        '"\\ud800"' + "\x01",
        "\x1b[31m",
        '"\\UFFFFFFFF"',
        '"\\U00110000"',
    ],
)
def test_control_characters_and_impossible_characters_are_refused(text):
    refused(text)


@pytest.mark.parametrize("digits", [31, 32, 5000, 100_000])
def test_a_huge_number_costs_nothing_and_is_no_number_beyond_reason(digits):
    assert isinstance(load_text("9" * digits, "f"), int if digits == 31 else str)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfea\x00:\x00 \x001\x00",
        "a: ä".encode("latin-1"),
        "a: 1".encode("utf-16"),
        "a: 1".encode("utf-16-le"),
        b"\x89PNG\r\n\x1a\n\x00",
        bytes(range(256)),
        b"\x80",
    ],
)
def test_a_file_that_is_not_utf_8_text_is_refused(tmp_path, content):
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    with pytest.raises(BrightlineError) as caught:
        load_yaml(path, "f")
    assert caught.value.code == "yaml"
    assert caught.value.where.startswith("f")


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert load_yaml(path) == {"a": 1, "b": 2}


def test_an_empty_file_is_nothing(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_bytes(b"")
    assert load_yaml(path) is None


def test_a_file_of_100_megabytes_is_refused_without_reading_it_all(tmp_path):
    path = tmp_path / "f.yaml"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    tracemalloc.start()
    with pytest.raises(BrightlineError) as caught:
        load_yaml(path)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.code == "too-large"
    assert peak_bytes < 2 * MAX_BYTES


def test_a_file_of_exactly_the_limit_is_read(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_bytes(b"#" * MAX_BYTES)
    assert len(read_bytes(path)) == MAX_BYTES


@pytest.mark.parametrize("name", ["absent.yaml", ".", "a\x00b", "x" * 5000, "absent/f.yaml"])
def test_a_path_that_cannot_be_read_is_refused(tmp_path, name):
    with pytest.raises(BrightlineError) as caught:
        load_yaml(tmp_path / name)
    assert caught.value.code == "unreadable"
    assert caught.value.help


@needs_a_plain_user
def test_a_file_without_permission_is_refused(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_text("a: 1")
    path.chmod(0)
    with pytest.raises(BrightlineError, match="permission denied") as caught:
        load_yaml(path)
    assert caught.value.code == "unreadable"


def test_a_file_that_the_system_will_not_open_is_refused(tmp_path, monkeypatch):
    def deny(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", deny)
    with pytest.raises(BrightlineError, match="permission denied") as caught:
        load_yaml(tmp_path / "f.yaml")
    assert caught.value.code == "unreadable"


def test_the_recursion_limit_is_left_alone():
    before = sys.getrecursionlimit()
    refused("[" * 1000)
    assert sys.getrecursionlimit() == before
