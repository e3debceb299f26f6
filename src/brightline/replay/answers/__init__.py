"""What is asked of every row, and what is told of it."""
