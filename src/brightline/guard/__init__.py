"""The guard: finds immigration status in text, so that it stays out of the records."""
