"""The same answers on Spark, with that query."""
