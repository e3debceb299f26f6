"""Maps: how the columns of a file become facts, checked, applied and counted."""
