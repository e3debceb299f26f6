"""The same answers as one SQL query, for databases that have no Brightline."""
