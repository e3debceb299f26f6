"""Files and tables: read as streams of batches, and written whole or not at all."""
