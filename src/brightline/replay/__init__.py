"""Many requests: every row of a file answered again, each under the law of its profile and day."""
