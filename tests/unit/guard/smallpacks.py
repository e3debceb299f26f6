"""Small invented packs for tests of the text engine: words of no language, rules whose every finding is known."""

from __future__ import annotations

import textwrap
from pathlib import Path

from brightline.guard.rulepack import read_packs
from brightline.guard.scanner import Scanner

# One rule for each way to decide, over invented words.
PACK = r"""
words:
  agency: ["(?-i:ZED)", "zed agents?", border quux]
  land: [Freedonia, Sylvania, "Ruritania"]
contexts:
  frozen: {why: zed as water, scope: around 30, find: [slipped, rink], but: [agents]}
  person: {why: a person, scope: before 40, find: ["he|she"]}
  field: {why: a field, scope: line, find: ["origin:"]}
  doubt: {why: doubt, scope: sentence, find: [perhaps, "not sure"]}
  frame: {why: an office, scope: passage, find: [office, "bureau of \\w+"]}
rules:
- rule: held
  label: immigration_contact
  tier: certain
  why: says that officers hold a person
  find: ["(?:was|is) (?P<span>held by {agency})"]
  needs: [person]
  unless: [frozen]
  lower: [doubt]
  hits: ["He was [[held by ZED]]."]
- rule: from-land
  label: birthplace
  tier: probable
  why: says where a person comes from
  find: ["born in {land}", "origin: ?{land}", "{land}n? (?:man|woman)"]
  raise: [field]
  lower: [doubt]
  hide: value
  hits: ["[[origin: Freedonia]]"]
- rule: slips
  label: status_document
  tier: possible
  why: slips, in an office
  find: ["slips?", "lost (?:the )?slip"]
  raise: [frame, person]
  hits: ["a [[slip]]"]
- rule: number
  label: status_number
  tier: certain
  why: a number
  find: ["Z[- ]?\\d{3}(?:[- ]\\d{3}){0,2}", "#\\d{4,9}"]
  over: [slips]
  hide: clause
  hits: ["[[Z-123]]"]
"""
# What texts are made of: words of the pack, words that lie beside them, and noise.
WORDS = (
    "he", "she", "was", "is", "held", "by", "ZED", "zed", "agents", "agent", "border", "quux", "slipped", "rink", "perhaps",
    "not sure", "office", "bureau of Land", "born in", "Freedonia", "Freedonian man", "Sylvania", "origin:", "Origin:Ruritania",
    "slip", "slips", "lost the slip", "Z-123", "Z 123-456", "#12345", "was held by ZED", "He was held by zed agents",
    "Frëedonia", "ZЕD", "z\u200bed", "&quot;", "&eacute;", "\\u00e9", "\x00", "Dr", "U.S", "\U0001f600", "x" * 40, "0 0 0",
)  # fmt: skip
BETWEEN = (
    " ",
    " ",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\n\n\n",
    ", ",
    ". ",
    ".",
    "-",
    "",
    " (",
    ") ",
    '"',
    "\t",
    "\u00a0",
    "\u200b",
)


def write_pack(folder: Path, text: str, name: str = "qq/rules.yaml") -> Path:
    """A pack in a folder of packs; gives that folder."""
    path = folder / "packs" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return folder / "packs"


def scanner_of(folder: Path, text: str, engine: str = "plain") -> Scanner:
    """A scanner by one pack."""
    return Scanner(read_packs([write_pack(folder, text)]), engine)
