"""Many requests: the detainers of a file, answered again under the law of one profile."""

from brightline.replay.requests import EXTRACT, PastRequest, read_requests
from brightline.replay.summary import Tally, replay

__all__ = ["EXTRACT", "PastRequest", "Tally", "read_requests", "replay"]
