"""A population packed once, and asked again without its columns."""
