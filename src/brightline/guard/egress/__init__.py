"""The way out: tables, rows and responses cleaned before they leave."""
