"""The engine: a question compiled to steps over planes, and run over columns."""
