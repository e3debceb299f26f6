"""A quiet Spark session that works without a network, or a clear word about what is missing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from brightline.law.errors import BrightlineError, shown
from brightline.law.extras import needs

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["spark_session"]

_LOOPBACK = "127.0.0.1"
_QUIET = """rootLogger.level = off
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %m%n
"""
# Days and times are those of the data, whatever the clock of the machine says; a bad word is NULL and never an error.
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # Longer methods than this are never compiled by the Java machine: a CASE of many lines would run three times slower.
    "spark.sql.codegen.hugeMethodLimit": "8000",
    "spark.sql.caseSensitive": "true",
}


@contextmanager
def spark_session(master: str, settings: Mapping[str, str] | None = None) -> Iterator[SparkSession]:
    """A session on a master such as `local[2]` or `spark://host:7077`, stopped at the end.

    Raises: BrightlineError `missing-extra`, `missing-java`, `spark-master`.
    """
    needs("pyspark", "spark", "--engine")
    if not (_java_of(os.environ.get("JAVA_HOME", "")) or shutil.which("java")):
        raise BrightlineError(
            "missing-java", "Spark needs Java", "install Java 17 or later, or set JAVA_HOME to it", "--engine"
        )
    with tempfile.TemporaryDirectory(prefix="brightline-spark-") as folder:
        session = _started(master, {**_SETTINGS, **_local(master, Path(folder)), **(settings or {})})
        try:
            yield session
        finally:
            with _quietly():
                session.stop()


def _java_of(home: str) -> bool:
    return bool(home) and (Path(home) / "bin" / "java").is_file()


def _local(master: str, folder: Path) -> dict[str, str]:
    """Where logs and working files go, and that a machine by itself needs no network."""
    (folder / "log4j2.properties").write_text(_QUIET, encoding="utf-8")
    settings = {
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile=file:{folder / 'log4j2.properties'} -Dderby.system.home={folder}",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    if master.startswith("local") or f"//{_LOOPBACK}:" in master or "//localhost:" in master:
        settings |= {
            "spark.driver.bindAddress": _LOOPBACK,
            "spark.driver.host": _LOOPBACK,
            "spark.local.dir": str(folder),
        }
    return settings


def _started(master: str, settings: Mapping[str, str]) -> SparkSession:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("brightline replay").master(master)
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        with _quietly():
            session = builder.getOrCreate()
            session.sparkContext.setLogLevel("OFF")
    except Exception:  # Spark fails in many ways, and none of them tells a person what to do
        raise BrightlineError(
            "spark-master",
            f"no Spark session on {shown(master)}",
            "check the address of the master, and that its version of Spark is that of PySpark",
            "--master",
        ) from None
    return session


@contextmanager
def _quietly() -> Iterator[None]:
    """What the Java machine says on its way up and down goes nowhere."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)
