"""Finding and reading the files of bills."""

from __future__ import annotations

from pathlib import Path

from brightline.law.bill import Bill
from brightline.law.billparser import parse_bill
from brightline.law.corpusfiles import BILLS, bill_files
from brightline.law.errors import BrightlineError, near_misses, shown
from brightline.law.library import Law
from brightline.law.yamlfile import load_yaml

__all__ = ["find_bill", "read_bill", "read_bills"]


def find_bill(root: Path, word: str, law: Law) -> Bill:
    """The bill that a word names: its id such as us/119/hr-32, another number it goes by, or a file.

    Raises: BrightlineError `unknown-bill`, or for what cannot be understood in its file.
    """
    path = root / BILLS / f"{word}.yaml"
    if path.is_file():
        return read_bill(path, law, path.relative_to(root).as_posix())
    if word.endswith((".yaml", ".yml")) and Path(word).is_file():
        return read_bill(Path(word), law, word)
    names = {}
    for bill in read_bills(root, law):
        if word in bill.also:
            return bill
        names.update(dict.fromkeys((bill.id, *bill.also)))
    tails = {name.rsplit("/", 1)[-1]: name for name in names}
    raise BrightlineError(
        "unknown-bill",
        f"unknown bill {shown(word)}",
        near_misses(word, names) or near_misses(word, tails) or "run `brightline bill list`, or name a YAML file",
        "BILL",
    )


def read_bills(root: Path, law: Law) -> list[Bill]:
    """Every bill of a corpus folder. Raises: BrightlineError."""
    return [read_bill(path, law, path.relative_to(root).as_posix()) for path in bill_files(root)]


def read_bill(path: Path, law: Law, name: str = "") -> Bill:
    """The bill in a file; `name` is what errors call it. Raises: BrightlineError."""
    label = name or str(path)
    bill = parse_bill(load_yaml(path, label), law, label)
    if label.startswith(f"{BILLS}/") and label != f"{BILLS}/{bill.id}.yaml":
        raise BrightlineError(
            "bill-file",
            f"{shown(bill.id)} does not match the file",
            f"write `bill: {label[len(BILLS) + 1 : -5]}`",
            f"{label}:1",
        )
    return bill
