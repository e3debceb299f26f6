"""How fast the guard reads text, its engines side by side, with a plain memory scan, a list of words and Presidio.

The text is invented reports, with public prose (benchmarks/guardtext.py). Times are processor time; the ratios are of
one run. First it is checked that all engines find the same.
`python -m benchmarks.guard_speed` runs this part alone.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from statistics import median
from typing import Any

from benchmarks.guardtext import HOSTILE, dense, hostile, realistic
from benchmarks.report import Report
from brightline.guard.scanner import Scanner

SIZE = 4_000_000
WORDS = "undocumented|illegal alien|immigration|green card|visa|asylum|refugee|deported|ice|citizen|passport|papers"
COLD = "from brightline.guard.scanner import Scanner; Scanner.shipped('hyperscan').scan('He was arrested by ICE.')"


def measure(report: Report) -> bool:
    """Print everything; whether the engines agree."""
    report.head("The guard: text scanned by one process")
    text = realistic(SIZE)
    scanners = {name: Scanner.shipped(name) for name in ("hyperscan", "re2", "plain")}
    sample = dense(6_000)
    found = {name: scanner.scan(sample, "possible") for name, scanner in scanners.items()}
    if len(set(found.values())) > 1:
        print("  the engines do not find the same")
        return False
    rates = _rates(text, scanners)
    report.bars(
        [
            (name, rate, "MB/s", f"{rates['plain memory scan'] / rate:,.0f} times a memory scan")
            for name, rate in rates.items()
        ]
    )
    report.target("one process, realistic text", rates["hyperscan"], "MB/s", 20.0, at_least=True)
    if "Presidio" in rates:
        report.target("times Presidio", rates["hyperscan"] / rates["Presidio"], "x", 1000.0, at_least=True)
    else:
        print("  Presidio is not installed here: not compared")
    _hostile(report, scanners["hyperscan"])
    _processes(report, text)
    _cold(report)
    return True


def _rates(text: str, scanners: dict[str, Scanner]) -> dict[str, float]:
    """Millions of characters a second, each on as much text as it reads in a moment."""
    raw, words = text.encode("ascii", "replace"), re.compile(WORDS.encode(), re.IGNORECASE)
    rates = {
        "plain memory scan": _rate(lambda: raw.translate(None, b"\x00"), len(raw)),
        "a list of words": _rate(lambda: sum(1 for _ in words.finditer(raw)), len(raw)),
    }
    for name, size in (("hyperscan", len(text)), ("re2", 1_000_000), ("plain", 10_000)):
        part = text[:size]
        scanners[name].scan(part)
        rates[name] = _rate(lambda scanner=scanners[name], part=part: scanner.scan(part), size)
    if presidio := _presidio():
        rates["Presidio"] = _rate(lambda: presidio(text[:40_000]), 40_000)
    return rates


def _rate(work: Callable[[], Any], size: int) -> float:
    taken = []
    for _ in range(3):
        began = time.process_time()
        work()
        taken.append(max(time.process_time() - began, 1e-6))
    return size / median(taken) / 1e6


def _presidio() -> Callable[[str], Any] | None:
    """Presidio's analyzer, if it and a model are installed; nothing is fetched."""
    try:
        import spacy.util
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NlpEngineProvider
    except ImportError:
        return None
    if not spacy.util.is_package("en_core_web_sm"):
        return None
    models = [{"lang_code": "en", "model_name": "en_core_web_sm"}]
    engine = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models}).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
    return lambda text: analyzer.analyze(text=text, language="en")


def _hostile(report: Report, scanner: Scanner) -> None:
    """A hostile text beside reports in which every sentence has a telling word, of the same size."""
    report.head("Hostile text of 1 MB, times the same amount of dense reports")
    scanner.scan(dense(100_000))
    normal = _seconds(lambda: scanner.scan(dense(1_000_000)))
    ratios = {name: _seconds(lambda name=name: scanner.scan(hostile(name, 1_000_000))) / normal for name in HOSTILE}
    for name, ratio in ratios.items():
        report.line(name, ratio, "x")
    report.target("the slowest hostile text, times a dense one", max(ratios.values()), "x", 2.0)


def _seconds(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _scan(text: str) -> int:
    return len(Scanner.shipped("hyperscan").scan(text))


def _processes(report: Report, text: str) -> None:
    """Two processes beside one, each warm, on the same amount of text for each."""
    taken = {}
    for count in (1, 2):
        with ProcessPoolExecutor(count) as pool:
            list(pool.map(_scan, [text] * count))
            began = time.perf_counter()
            list(pool.map(_scan, [text] * count))
            taken[count] = time.perf_counter() - began
    report.line("two processes, times one", 2 * taken[1] / taken[2], "x", "on the cores that are free")


def _cold(report: Report) -> None:
    taken = []
    for _ in range(4):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", COLD], check=True)
        taken.append(time.perf_counter() - began)
    report.target("cold start with the cache, one text", min(taken[1:]), "s", 0.5)


def main() -> int:
    """Run this part alone; exit 1 when two engines disagree."""
    report = Report()
    agrees = measure(report)
    report.summary()
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main())
