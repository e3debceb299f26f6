"""Many requests: the detainers of a file, answered again under the law of one profile."""

from brightline.replay.difference import Difference, difference
from brightline.replay.requests import EXTRACT, PastRequest, read_requests
from brightline.replay.summary import Tally, replay

__all__ = ["EXTRACT", "Difference", "PastRequest", "Tally", "difference", "read_requests", "replay"]
