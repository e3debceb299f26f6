"""Files, messages and tables: their text in, and the same again with what was found hidden."""
