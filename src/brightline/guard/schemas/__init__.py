"""The linter of schemas and forms: which fields would collect immigration status, and why."""
