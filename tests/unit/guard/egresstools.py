"""What tests of the way out share: a scanner of invented words, an export in a folder, a search of every byte."""

from __future__ import annotations

from guardfake import FakeScanner

from brightline.guard.egress.export import Export, export
from brightline.guard.egress.policy import Policy

# Words that must be in no report, no message and no file that is left.
SECRETS = ("quux", "N123456", "Ruritania")


def run(source, out, policy=None, **more):
    return export(Export(str(source), out, policy or Policy(), scanner=FakeScanner(), **more))


def write(path, text):
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def left(folder, *inputs):
    """The names of files in a folder besides the inputs."""
    return sorted(path.name for path in folder.iterdir() if path not in inputs)


def told(report):
    return str(report.as_json()) + "\n".join(report.lines())
